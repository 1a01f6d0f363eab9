"""The models that can be drawn with, and the corpus that supplies examples of their classes.

Letters: ``B`` drawings, ``Z`` latent.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from limner.corpus.corpus import Corpus
from limner.corpus.doodles.make import KINDS
from limner.corpus.load import load_corpus
from limner.corpus.select import split_name
from limner.corpus.source import DOODLES
from limner.demo.learn_record import NAME as RECORD_NAME
from limner.errors import LimnerError
from limner.models.protocol import SketchModel
from limner.models.weights import LAST_NAME, shipped_names
from limner.sampling.config import SamplingConfig, resolve_sampling_config
from limner.sampling.labels import label_numbers
from limner.sampling.model import Model, load_model
from limner.settings import did_you_mean
from limner.strokes.drawing import Drawing

BASE, TOYS, LATENT = "sketches", "doodles", "sketches-latent"
OPENED = (BASE, TOYS, LATENT)
"""Shipped models that are opened where none is named, those of them that are there, in this order."""
HAND_RUN = "run"
"""The run of a hand, in its folder."""
EXAMPLES = 24
"""Drawings of a class whose latents represent it for a conditional model."""


class CorpusSource:
    """The corpus of the studio, read when it is first needed.

    Parameters
    ----------
    name : str, optional
        What :func:`limner.corpus.load.load_corpus` takes.
    """

    def __init__(self, name: str | None) -> None:
        self.name = name
        self._lock = threading.Lock()
        self._corpus: Corpus | None = None

    def corpus(self) -> Corpus:
        """Return the corpus.

        Raises
        ------
        LimnerError
            If none was given, or it cannot be read.
        """
        if self.name is None:
            raise LimnerError("No corpus was given; start the studio with --corpus FILE.")
        with self._lock:
            if self._corpus is None:
                self._corpus = load_corpus(self.name)
            return self._corpus

    @property
    def title(self) -> str | None:
        """The corpus's name, without its folder."""
        return None if self.name is None else Path(self.name).name

    def labels(self) -> tuple[str, ...]:
        """Return the names of the classes; empty without a corpus."""
        if self.name == DOODLES:
            return KINDS  # known before the corpus is generated
        return self.corpus().label_names if self.name else ()

    def drawings_of_class(self, label: str, n: int, seed: int = 0) -> list[Drawing]:
        """Return up to ``n`` drawings of a class, chosen at random with ``seed``."""
        corpus = self.corpus()
        split = split_name(corpus, "train" if "train" in corpus.splits else None)
        labels = corpus.splits[split].labels
        members = np.flatnonzero(labels == corpus.label_names.index(label))
        chosen = np.random.default_rng(seed).permutation(members)[:n]
        return [corpus.drawing(split, int(i)) for i in chosen]


@dataclass
class LoadedModel:
    """A model of the library."""

    id: str
    model: Model
    corpus_source: CorpusSource
    origin: str | None = None
    """The argument of :func:`limner.sampling.model.load_model`; None for a model that is in no file."""
    _latents: dict[str, Tensor] = field(default_factory=dict)

    def labels(self) -> tuple[str, ...]:
        """Return the classes that can be requested of the model.

        For a class-conditional network these are its classes. Another conditional network draws a class from
        latents of drawings of the open corpus, and only if all classes of that corpus are among those it was
        trained on.
        """
        known = self.model.card.classes
        if self.model.network.config.classes:
            return known
        available = self.corpus_source.labels() if self.model.conditional and known else ()
        return available if set(available) <= set(known) else ()

    @cached_property
    def network(self) -> SketchModel:
        """The network that draws, with what it remembers and the guidance that it draws best with."""
        return self.model.drawing_network()

    def sampling_config(self, temperature: float | None = None) -> SamplingConfig:
        """Return how the model draws best, at another temperature where one is given."""
        return resolve_sampling_config(None, temperature, self.model.sampling_config)

    def conditioning_for(
        self, label: str | None, n: int, generator: torch.Generator
    ) -> tuple[Tensor | None, Tensor | None]:
        """Return latents ``(n, Z)`` and class numbers ``(n,)`` that make the network draw a class.

        A class-conditional network gets class numbers and no latents; any other gets latents of drawings of
        the class, chosen at random, and no class numbers. Both are None if no class is requested.

        Raises
        ------
        LimnerError
            If this class cannot be requested of the model.
        """
        classes = self.model.card.classes if self.model.network.config.classes else ()
        if classes:
            own = self.model.card.own_classes
            return None, label_numbers([label] * n, classes, generator, own)
        if label is None:
            return None, None
        latents = self._class_latents(label)
        return latents[torch.randint(len(latents), (n,), generator=generator)], None

    def _class_latents(self, label: str) -> Tensor:
        known = self.labels()
        if label not in known:
            hint = did_you_mean(label, known) if known else "it can be asked for none."
            raise LimnerError(f"{self.id} cannot be asked for {label!r}; {hint}")
        if label not in self._latents:
            drawings = self.corpus_source.drawings_of_class(label, EXAMPLES)
            if not drawings:
                raise LimnerError(f"The corpus holds no drawing of {label!r}.")
            self._latents[label] = self.model.encode(drawings)
        return self._latents[label]


class ModelLibrary:
    """The models that are open, by their short names.

    Parameters
    ----------
    names : sequence of str
        Arguments of :func:`limner.sampling.model.load_model`.
    corpus_source : CorpusSource

    Raises
    ------
    LimnerError
        If a model cannot be loaded.
    """

    def __init__(self, names: Sequence[str], corpus_source: CorpusSource) -> None:
        self.corpus_source = corpus_source
        self._models: dict[str, LoadedModel] = {}
        for name in names:
            self.open(_short_name(name), name)

    def open(self, title: str, name: str) -> LoadedModel:
        """Load the model ``name``, and a run's last weights as a second model if they differ from the best.

        Returns
        -------
        LoadedModel
            The best weights.
        """
        best = self.add(title, load_model(name), name)
        last = Path(name) / LAST_NAME
        if last.is_file():
            model = load_model(last)
            if model.card.training.get("step") != best.model.card.training.get("step"):
                self.add(f"{title} (last)", model, str(last))
        return best

    def add(self, title: str, model: Model, origin: str | None = None) -> LoadedModel:
        """Add a model as ``title``, or as ``title 2`` and so on if that name is taken."""
        name, count = title, 1
        while name in self._models:
            count += 1
            name = f"{title} {count}"
        self._models[name] = LoadedModel(name, model, self.corpus_source, origin)
        return self._models[name]

    def remove(self, name: str) -> None:
        """Remove a model."""
        self._models.pop(name, None)

    def __iter__(self) -> Iterator[LoadedModel]:
        return iter(list(self._models.values()))

    def __getitem__(self, name: str) -> LoadedModel:
        if name not in self._models:
            raise LimnerError(f"There is no model {name!r} here; {did_you_mean(name, list(self._models))}")
        return self._models[name]


def opened_by_default() -> tuple[str, ...]:
    """Return the names of the shipped models that are opened where none is named."""
    return tuple(name for name in OPENED if name in shipped_names())


def corpus_source_for(corpus: str | None, models: Sequence[str]) -> CorpusSource:
    """Return the named corpus, or the doodles if none is named and the model ``doodles`` is open."""
    return CorpusSource(corpus if corpus is not None else DOODLES if DOODLES in models else None)


def _short_name(name: str) -> str:
    path = Path(name)
    if path.name == HAND_RUN and (path.parent / RECORD_NAME).is_file():
        return path.parent.name
    stem = path.stem if path.suffix == ".safetensors" else path.name
    return path.resolve().parent.name if stem == "model" else stem or path.resolve().name
