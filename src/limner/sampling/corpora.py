"""Sampled corpora: many drawings of several models, the same on any number of processes.

Drawings are sampled in batches, each from a seed of its own. So neither the number of processes nor which of
them samples a batch changes a byte.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

from limner.corpus.builder import CorpusBuilder
from limner.corpus.corpus import Split, number_labels
from limner.corpus.formats.registry import write_as
from limner.files import write_text
from limner.models.config import WhichWeights
from limner.models.weights import find_weights
from limner.progress import Progress, no_progress
from limner.recipes.engine import Engine
from limner.recipes.output import side_file
from limner.sampling.model import Model, load_model
from limner.strokes.drawing import Drawing

BATCH = 500
"""Drawings of a batch: larger batches are hardly faster."""
GROUP = 10_000
"""Drawings of a part that is written to a ``.parquet`` file."""
MODELS_KEPT = 2
"""Models that a process keeps loaded from one batch to the next."""


@dataclass(frozen=True)
class CorpusRequest:
    """What to sample of every model. It can be pickled."""

    models: tuple[str, ...]
    """As :func:`limner.sampling.model.load_model` takes them."""
    n: int
    """Drawings of each."""
    sampling: Mapping[str, Any] = field(default_factory=dict)
    """Fields of :class:`limner.sampling.config.SamplingConfig` that differ from how each model draws best."""
    label: str | None = None
    """The class to sample, for models that are conditioned on classes."""
    seed: int = 0
    max_points: int | None = None
    weights: WhichWeights = "best"
    keep_empty: bool = False
    """Whether drawings without points are kept."""

    batch: int = BATCH
    """Drawings of a batch; another number makes other drawings of the same seed."""

    @property
    def total(self) -> int:
        """Drawings of all models."""
        return self.n * len(self.models)

    def name_of(self, model: str) -> str:
        """Return a short name for a model, for sources; its full name where two share the short one."""
        short = _short(model)
        return short if [_short(one) for one in self.models].count(short) == 1 else model


@dataclass(frozen=True)
class _RequestBatch:
    request: CorpusRequest
    model: str
    number: int
    """Of the batch among those of the model."""

    @property
    def first(self) -> int:
        return self.number * self.request.batch

    @property
    def seed(self) -> int:
        """That of the request for the first batch, whose drawings are so those of ``Model.sample``."""
        if not self.number:
            return self.request.seed
        return int(np.random.SeedSequence([self.request.seed, self.number]).generate_state(1)[0])


def sample_batches(request: CorpusRequest, engine: Engine) -> Iterator[list[Drawing]]:
    """Yield batches of drawings, those of one model after the other, with label and source.

    Drawings of a model of one class have its label. Sources are ``model#seed/index``.

    Parameters
    ----------
    request : CorpusRequest
    engine : Engine
        What the batches run on; see :mod:`limner.recipes.engine`.

    Raises
    ------
    LimnerError
        If there is no such model, or it does not know the class.
    """
    _loaded.cache_clear()  # a file may have changed since
    for model in request.models:
        _loaded(model, request.weights)  # refuses before anything is sampled
    count = -(-request.n // request.batch)
    batches = [_RequestBatch(request, model, k) for model in request.models for k in range(count)]
    yield from engine.map(_draw, batches)


def provenance(request: CorpusRequest) -> dict[str, dict[str, str]]:
    """Return the file name, the sha256 and the licence of every model's weights."""
    files = {}
    for name in request.models:
        path = find_weights(name, request.weights)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        licence = _loaded(name, request.weights).card.licence
        files[request.name_of(name)] = {"file": path.name, "sha256": digest, "licence": licence}
    return files


def write_corpus(request: CorpusRequest, out: Path, engine: Engine, progress: Progress = no_progress) -> int:
    """Sample a corpus into a file of any format that can be written, whole or not at all.

    Drawings are written to ``.parquet`` in parts, without a split; other formats hold them all in memory and
    get train, valid and test. Their provenance is written beside the corpus, to ``NAME.provenance.json``.

    Parameters
    ----------
    request : CorpusRequest
    out : Path
    engine : Engine
    progress : callable
        Called with the number of drawings done and their total.

    Returns
    -------
    int
        Drawings written; those without points are left out.
    """
    total, batches = 0, _counted(sample_batches(request, engine), request, progress)
    if out.suffix.lower() == ".parquet":
        from limner.corpus.parquet_writer import write_parts

        def parts() -> Iterator[tuple[None, Split, tuple[str, ...]]]:
            nonlocal total
            for drawings in regroup(batches, GROUP):
                total += len(drawings)
                yield (None, *as_split(drawings))

        write_parts(out, parts())
    else:
        drawings = [drawing for batch in batches for drawing in batch]
        total = len(drawings)
        split, names = as_split(drawings)
        builder = CorpusBuilder()
        builder.add({None: split}, names)
        write_as(builder.corpus(), out)
    write_text(side_file(out, "provenance.json"), json.dumps(provenance(request), indent=1) + "\n")
    return total


def regroup(batches: Iterable[list[Drawing]], least: int) -> Iterator[list[Drawing]]:
    """Yield batches joined to larger ones, of ``least`` drawings or more but for the last."""
    waiting: list[Drawing] = []
    for batch in batches:
        waiting += batch
        if len(waiting) >= least:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def as_split(drawings: Sequence[Drawing]) -> tuple[Split, tuple[str, ...]]:
    """Return drawings as a split, and the names of its labels."""
    labels, names = number_labels([drawing.label for drawing in drawings])
    sources = [drawing.source or f"#{k}" for k, drawing in enumerate(drawings)]
    return Split.from_arrays([drawing.to_stroke3() for drawing in drawings], labels, sources), names


def _counted(
    batches: Iterable[list[Drawing]], request: CorpusRequest, progress: Progress
) -> Iterator[list[Drawing]]:
    done = 0
    for batch in batches:
        yield batch
        done = min(request.total, done + request.batch)
        progress(done, request.total)


def _draw(batch: _RequestBatch) -> list[Drawing]:
    request, model = batch.request, _loaded(batch.model, batch.request.weights)
    count = min(request.batch, request.n - batch.first)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # the sums of products depend on how they are shared out
    try:
        drawings = model.sample(
            count,
            sampling_config=replace(model.sampling_config, **request.sampling),
            label=request.label,
            seed=batch.seed,
            max_points=request.max_points,
        )
    finally:
        torch.set_num_threads(threads)
    source = f"{request.name_of(batch.model)}#{request.seed}"
    return [
        drawing.replace(label=drawing.label or _only_class(model), source=f"{source}/{batch.first + k}")
        for k, drawing in enumerate(drawings)
        if drawing.n_points or request.keep_empty
    ]


def _only_class(model: Model) -> str | None:
    return model.card.classes[0] if len(model.card.classes) == 1 else None


def _short(model: str) -> str:
    """Return the name of a file or folder without its path."""
    path = Path(model)
    return path.stem if path.suffix == ".safetensors" else path.name or model


@lru_cache(maxsize=MODELS_KEPT)
def _loaded(model: str, weights: WhichWeights) -> Model:
    return load_model(model, weights=weights)
