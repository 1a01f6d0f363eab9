"""Setting aside some of few drawings, so that a training that begins with a base can be judged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from limner.training.data import TrainingData

SHARE = 0.2
"""Share of the drawings that is set aside."""
LEAST = 20
"""Drawings from which some are set aside; of fewer each is needed (see :mod:`limner.training.leave_out`)."""


def hold_out_few(data: TrainingData, *, seed: int = 0) -> TrainingData:
    """Move a share of the train split to valid where none is set aside and there are drawings enough.

    Unlike :func:`limner.corpus.split.random_splits` it sets none aside for test.
    """
    n = len(data.train)
    if data.held_out or n < LEAST:
        return data
    order = np.random.default_rng(seed).permutation(n)
    count = round(SHARE * n)
    train, valid = np.sort(order[count:]), np.sort(order[:count])
    return replace(data, train=data.train.take(train), valid=data.train.take(valid), held_out=True)
