"""Drawings to measure with: those that a training learnt from, and those that it never saw."""

from __future__ import annotations

import numpy as np

from limner.corpus.corpus import Corpus, Split
from limner.models.weights import Card
from limner.strokes.drawing import Drawing

UNSEEN = ("test", "valid")


def taught(corpus: Corpus, n: int, *, seed: int = 0) -> list[Drawing]:
    """Pick ``n`` drawings of the train split by chance, or all of them if there are fewer."""
    size = len(corpus.splits["train"])
    picks = np.random.default_rng(seed).permutation(size)[:n]
    return [corpus.drawing("train", int(pick)) for pick in picks]


def unseen(corpus: Corpus, n: int, *, seed: int = 0) -> list[Drawing]:
    """Pick ``n`` drawings of the test and valid splits by chance, or all of them if there are fewer."""
    places = [(name, i) for name in UNSEEN if name in corpus.splits for i in range(len(corpus.splits[name]))]
    picks = np.random.default_rng(seed).permutation(len(places))[:n]
    return [corpus.drawing(*places[pick]) for pick in picks]


def unseen_splits(corpus: Corpus, card: Card) -> list[Split]:
    """Give the test and valid splits, labelled by the numbers of the model's classes."""
    splits = [corpus.splits[name] for name in UNSEEN if len(corpus.splits.get(name, ()))]
    return [split.relabelled(corpus.label_names, card.classes) for split in splits]
