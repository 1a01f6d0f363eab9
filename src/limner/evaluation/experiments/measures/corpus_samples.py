"""Random drawings of a corpus: those that a training learnt from, and those that it never saw."""

from __future__ import annotations

import numpy as np

from limner.corpus.corpus import Corpus, Split
from limner.models.weights import Card
from limner.strokes.drawing import Drawing

UNSEEN = ("test", "valid")


def sample_training_drawings(corpus: Corpus, n: int, *, seed: int = 0) -> list[Drawing]:
    """Return ``n`` random drawings of the train split, or all of them if there are fewer."""
    size = len(corpus.splits["train"])
    picks = np.random.default_rng(seed).permutation(size)[:n]
    return [corpus.drawing("train", int(pick)) for pick in picks]


def sample_unseen_drawings(corpus: Corpus, n: int, *, seed: int = 0) -> list[Drawing]:
    """Return ``n`` random drawings of the test and valid splits, or all of them if there are fewer."""
    indices = [(name, i) for name in UNSEEN if name in corpus.splits for i in range(len(corpus.splits[name]))]
    picks = np.random.default_rng(seed).permutation(len(indices))[:n]
    return [corpus.drawing(*indices[pick]) for pick in picks]


def unseen_splits(corpus: Corpus, card: Card) -> list[Split]:
    """Return the test and valid splits, with the model's class numbers as labels."""
    splits = [corpus.splits[name] for name in UNSEEN if len(corpus.splits.get(name, ()))]
    return [split.relabelled(corpus.label_names, card.classes) for split in splits]
