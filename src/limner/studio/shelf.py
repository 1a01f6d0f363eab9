"""The models that were given at start, and what a corpus lets them remember.

Letters: ``B`` drawings, ``Z`` latent.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from limner.corpus.corpus import Corpus
from limner.corpus.doodles.make import KINDS
from limner.corpus.load import load_corpus
from limner.corpus.select import split_name
from limner.corpus.source import DOODLES
from limner.errors import LimnerError
from limner.models.weights import LAST_NAME
from limner.sampling.labels import label_numbers
from limner.sampling.model import Model, load_model
from limner.settings import did_you_mean
from limner.strokes.drawing import Drawing

REMEMBERED = 24
"""Drawings of a class whose latents stand for it."""


class Books:
    """The corpus, read when it is first needed.

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
        """Give the corpus.

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
        """Name the classes of the corpus; none where there is none."""
        if self.name == DOODLES:
            return KINDS  # known before they are drawn
        return self.corpus().label_names if self.name else ()

    def some_of(self, label: str, n: int, seed: int = 0) -> list[Drawing]:
        """Give up to ``n`` drawings of a class, the same ones for the same seed."""
        corpus = self.corpus()
        split = split_name(corpus, "train" if "train" in corpus.splits else None)
        labels = corpus.splits[split].labels
        there = np.flatnonzero(labels == corpus.label_names.index(label))
        chosen = np.random.default_rng(seed).permutation(there)[:n]
        return [corpus.drawing(split, int(i)) for i in chosen]


@dataclass
class Loaded:
    """A model on the shelf."""

    id: str
    model: Model
    books: Books
    origin: str | None = None
    """What :func:`limner.sampling.model.load_model` takes, where it was loaded from a file."""
    _latents: dict[str, Tensor] = field(default_factory=dict)

    def labels(self) -> tuple[str, ...]:
        """Name what the model can be asked for: classes it is told, or those it has learnt and can remember.

        It remembers by drawings of the open corpus, and only if that is of the classes it has learnt from: a
        model that learnt from other drawings would be asked for what it has never seen.
        """
        known = self.model.card.classes
        if self.model.network.config.classes:
            return known
        there = self.books.labels() if self.model.conditional and known else ()
        return there if set(there) <= set(known) else ()

    def given_for(
        self, label: str | None, n: int, generator: torch.Generator
    ) -> tuple[Tensor | None, Tensor | None]:
        """Give the latents ``(n, Z)`` and class numbers ``(n,)`` that make the network draw a class.

        Each is None where it says nothing of the class: a network that is told classes needs no latents, and
        one that is not draws from the latents of remembered drawings.

        Raises
        ------
        LimnerError
            If the model cannot be asked for this class.
        """
        told = self.model.card.classes if self.model.network.config.classes else ()
        if told:
            return None, label_numbers([label] * n, told, generator)
        if label is None:
            return None, None
        bank = self._remembered(label)
        return bank[torch.randint(len(bank), (n,), generator=generator)], None

    def _remembered(self, label: str) -> Tensor:
        known = self.labels()
        if label not in known:
            hint = did_you_mean(label, known) if known else "it can be asked for none."
            raise LimnerError(f"{self.id} cannot be asked for {label!r}; {hint}")
        if label not in self._latents:
            drawings = self.books.some_of(label, REMEMBERED)
            if not drawings:
                raise LimnerError(f"The corpus holds no drawing of {label!r}.")
            self._latents[label] = self.model.encode(drawings)
        return self._latents[label]


class Shelf:
    """The models by their short names.

    Parameters
    ----------
    names : sequence of str
        What :func:`limner.sampling.model.load_model` takes.
    books : Books

    Raises
    ------
    LimnerError
        If a model cannot be loaded.
    """

    def __init__(self, names: Sequence[str], books: Books) -> None:
        self.books = books
        self._models: dict[str, Loaded] = {}
        for name in names:
            self.open(_short(name), name)

    def open(self, wanted: str, name: str) -> Loaded:
        """Load a model and put it on the shelf, and behind it a run's last weights, where these are others.

        Returns
        -------
        Loaded
            The best weights.
        """
        best = self.add(wanted, load_model(name), name)
        last = Path(name) / LAST_NAME
        if last.is_file():
            model = load_model(last)
            if model.card.training.get("step") != best.model.card.training.get("step"):
                self.add(f"{wanted} (last)", model, str(last))
        return best

    def add(self, wanted: str, model: Model, origin: str | None = None) -> Loaded:
        """Put a model on the shelf, under this name or one like it; ``origin`` is what it was loaded by."""
        name, count = wanted, 1
        while name in self._models:
            count += 1
            name = f"{wanted} {count}"
        self._models[name] = Loaded(name, model, self.books, origin)
        return self._models[name]

    def remove(self, name: str) -> None:
        """Take a model off the shelf."""
        self._models.pop(name, None)

    def __iter__(self) -> Iterator[Loaded]:
        return iter(list(self._models.values()))

    def __getitem__(self, name: str) -> Loaded:
        if name not in self._models:
            raise LimnerError(f"There is no model {name!r} here; {did_you_mean(name, list(self._models))}")
        return self._models[name]


def books_for(corpus: str | None, models: Sequence[str]) -> Books:
    """Choose the corpus: what was named, or the doodles that a shipped model of that name has learnt."""
    return Books(corpus if corpus is not None else DOODLES if DOODLES in models else None)


def _short(name: str) -> str:
    path = Path(name)
    stem = path.stem if path.suffix == ".safetensors" else path.name
    return path.resolve().parent.name if stem == "model" else stem or path.resolve().name
