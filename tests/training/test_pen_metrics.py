"""Lifts that are foreseen."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from limner.models.batch import Batch, pad_batch
from limner.models.head import Head
from limner.models.mixture import Mixture
from limner.training.pen_metrics import lift_counts, lift_recall

COMPONENTS = 2


def _batch(lifts: list[int]) -> Batch:
    rows = np.zeros((len(lifts), 3), np.float32)
    rows[:, 2] = lifts
    return pad_batch([rows])


def _mixture(batch: Batch, lift_logits: Tensor) -> Mixture:
    output = torch.zeros(1, batch.targets.shape[1], 3 + 6 * COMPONENTS)
    output[0, : len(lift_logits), 1] = lift_logits
    output[0, :, 2] = -50.0  # never an end
    return Head(COMPONENTS)(output)


@given(st.integers(0, 2**32 - 1), st.integers(5, 60))
def test_against_sorting(seed: int, points: int) -> None:
    chance = np.random.default_rng(seed)
    lifts = (chance.random(points) < 0.3).astype(int)
    lifts[0] = 1
    logits = chance.permutation(points) * 0.1 - 2  # all apart
    batch = _batch(lifts.tolist())
    counts = lift_counts(_mixture(batch, torch.tensor(logits, dtype=torch.float32)), batch)
    chosen = np.argsort(-logits)[: lifts.sum()]
    assert counts.sum(1).tolist() == [points - lifts.sum(), lifts.sum()]
    assert lift_recall(counts) == pytest.approx(lifts[chosen].mean())


def test_padding_is_not_counted_and_batches_add_up() -> None:
    batch = _batch([0, 0, 1])
    counts = lift_counts(_mixture(batch, torch.tensor([-3.0, -2.0, -1.0])), batch)
    assert batch.targets.shape[1] > 3
    assert counts.sum() == 3
    assert lift_recall(counts) == lift_recall(counts + counts) == 1


def test_what_cannot_be_told_apart_counts_in_part() -> None:
    batch = _batch([0, 1, 0, 0])
    assert lift_recall(lift_counts(_mixture(batch, torch.zeros(4)), batch)) == pytest.approx(0.25)


def test_sure_networks_and_no_lifts() -> None:
    batch = _batch([0, 0])
    counts = lift_counts(_mixture(batch, torch.tensor([200.0, -200.0])), batch)
    assert counts.sum() == 2
    assert lift_recall(counts) == 0
