"""Setting aside some of few drawings, so that a training that begins with a base can be judged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from limner.training.data import TrainingData

SHARE = 0.2
"""Share of the drawings that is set aside."""
LEAST = 2
"""Drawings that must be left to learn from."""


def hold_out_few(data: TrainingData, *, seed: int = 0) -> TrainingData:
    """Move a share of the train split to valid where none is set aside; nothing of one or two drawings.

    Unlike :func:`limner.corpus.split.random_splits` it sets none aside for test.
    """
    n = len(data.train)
    if data.held_out or n <= LEAST:
        return data
    order = np.random.default_rng(seed).permutation(n)
    count = max(1, round(SHARE * n))
    train, valid = np.sort(order[count:]), np.sort(order[:count])
    return replace(data, train=data.train.take(train), valid=data.train.take(valid), held_out=True)
