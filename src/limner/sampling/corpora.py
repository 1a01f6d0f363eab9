"""Corpora that models draw: many drawings of several models, the same whatever draws them.

Drawings are drawn in batches, each from a seed of its own. So neither the number of processes nor which of
them draws a batch changes a byte.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch

from limner.corpus.corpus import Split
from limner.corpus.formats.table import write_as
from limner.corpus.reading import Reading, number_labels, to_corpus
from limner.files import write_text
from limner.models.config import WhichWeights
from limner.models.weights import find_weights
from limner.progress import Progress, no_progress
from limner.recipes.engine import Engine
from limner.recipes.output import side_file
from limner.sampling.config import SamplingConfig
from limner.sampling.model import Model, load_model
from limner.strokes.drawing import Drawing

BATCH = 500
"""Drawings that are drawn together: products with larger batches are hardly faster."""
GROUP = 10_000
"""Drawings that are written to a ``.parquet`` file together."""
MODELS_KEPT = 2
"""Models that a process remembers from one batch to the next."""


@dataclass(frozen=True)
class Wish:
    """What is drawn of every model. It can be pickled."""

    models: tuple[str, ...]
    """As :func:`limner.sampling.model.load_model` takes them."""
    n: int
    """Drawings of each."""
    sampling_config: SamplingConfig
    label: str | None = None
    """The class to draw, for models that are told classes."""
    seed: int = 0
    max_points: int | None = None
    weights: WhichWeights = "best"
    keep_empty: bool = False
    """Whether drawings without points are kept."""

    batch: int = BATCH
    """Drawings that are drawn together; another number makes other drawings of the same seed."""

    @property
    def total(self) -> int:
        """Drawings of all models."""
        return self.n * len(self.models)

    def name_of(self, model: str) -> str:
        """Return a short name for one of the models, for sources; as it was given where two have the same."""
        short = _short(model)
        return short if [_short(one) for one in self.models].count(short) == 1 else model


@dataclass(frozen=True)
class _Batch:
    wish: Wish
    model: str
    number: int
    """Of the batch among those of the model."""

    @property
    def first(self) -> int:
        return self.number * self.wish.batch

    @property
    def seed(self) -> int:
        """That of the wish for the first batch, so that few drawings are those of ``Model.sample``."""
        if not self.number:
            return self.wish.seed
        return int(np.random.SeedSequence([self.wish.seed, self.number]).generate_state(1)[0])


def drawn(wish: Wish, engine: Engine) -> Iterator[list[Drawing]]:
    """Yield batches of drawings, those of one model after the other, with label and source.

    A model that is told no classes and knows one draws that. Sources are ``model#seed/index``.

    Parameters
    ----------
    wish : Wish
    engine : Engine
        Who draws; see :mod:`limner.recipes.engine`.

    Raises
    ------
    LimnerError
        If there is no such model, or it cannot draw the class.
    """
    _loaded.cache_clear()  # a file may have changed since
    for model in wish.models:
        _loaded(model, wish.weights)  # refuses before anything is drawn
    batches = [
        _Batch(wish, model, k) for model in wish.models for k in range(-(-wish.n // wish.batch))
    ]  # fmt: skip
    yield from engine.map(_draw, batches)


def provenance(wish: Wish) -> dict[str, dict[str, str]]:
    """Return the file name, the sha256 and the licence of every model's weights."""
    found = {}
    for name in wish.models:
        path = find_weights(name, wish.weights)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        licence = _loaded(name, wish.weights).card.licence
        found[wish.name_of(name)] = {"file": path.name, "sha256": digest, "licence": licence}
    return found


def write_corpus(wish: Wish, out: Path, engine: Engine, progress: Progress = no_progress) -> int:
    """Draw a corpus into a file of any format that can be written, whole or not at all.

    Drawings go to ``.parquet`` as they come, without a split; other formats hold them all in memory and get
    train, valid and test. Where they come from stands beside the corpus, in ``NAME.provenance.json``.

    Parameters
    ----------
    wish : Wish
    out : Path
    engine : Engine
    progress : callable
        Is told how many drawings of how many there are.

    Returns
    -------
    int
        Drawings written; those without points are left out.
    """
    total, batches = 0, _counted(drawn(wish, engine), wish, progress)
    if out.suffix.lower() == ".parquet":
        from limner.corpus.parquet_writer import write_parts

        def parts() -> Iterator[tuple[None, Split, tuple[str, ...]]]:
            nonlocal total
            for some in gathered(batches, GROUP):
                total += len(some)
                yield (None, *as_split(some))

        write_parts(out, parts())
    else:
        drawings = [drawing for batch in batches for drawing in batch]
        total = len(drawings)
        split, names = as_split(drawings)
        write_as(to_corpus(Reading({None: split}, names, ("float32",))), out)
    write_text(side_file(out, "provenance.json"), json.dumps(provenance(wish), indent=1) + "\n")
    return total


def gathered(batches: Iterable[list[Drawing]], least: int) -> Iterator[list[Drawing]]:
    """Join batches to larger ones, of ``least`` drawings or more but for the last."""
    waiting: list[Drawing] = []
    for batch in batches:
        waiting += batch
        if len(waiting) >= least:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def as_split(drawings: Sequence[Drawing]) -> tuple[Split, tuple[str, ...]]:
    """Return drawings as a split, and the names that its labels count into."""
    labels, names = number_labels([drawing.label for drawing in drawings])
    sources = [drawing.source or f"#{k}" for k, drawing in enumerate(drawings)]
    return Split.from_arrays([drawing.to_stroke3() for drawing in drawings], labels, sources), names


def _counted(batches: Iterable[list[Drawing]], wish: Wish, progress: Progress) -> Iterator[list[Drawing]]:
    done = 0
    for batch in batches:
        yield batch
        done = min(wish.total, done + wish.batch)
        progress(done, wish.total)


def _draw(batch: _Batch) -> list[Drawing]:
    wish, model = batch.wish, _loaded(batch.model, batch.wish.weights)
    count = min(wish.batch, wish.n - batch.first)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # the sums of products depend on how they are shared out
    try:
        found = model.sample(
            count,
            sampling_config=wish.sampling_config,
            label=wish.label,
            seed=batch.seed,
            max_points=wish.max_points,
        )
    finally:
        torch.set_num_threads(threads)
    place = f"{wish.name_of(batch.model)}#{wish.seed}"
    return [
        drawing.replace(label=drawing.label or _only_class(model), source=f"{place}/{batch.first + k}")
        for k, drawing in enumerate(found)
        if drawing.n_points or wish.keep_empty
    ]


def _only_class(model: Model) -> str | None:
    return model.card.classes[0] if len(model.card.classes) == 1 else None


def _short(model: str) -> str:
    """Return a name for sentences and sources: that of a file or folder without the way there."""
    path = Path(model)
    return path.stem if path.suffix == ".safetensors" else path.name or model


@lru_cache(maxsize=MODELS_KEPT)
def _loaded(model: str, weights: WhichWeights) -> Model:
    return load_model(model, weights=weights)
