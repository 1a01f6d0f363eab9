"""Likelihood of points in short and in long drawings, and early and late in a drawing.

Letters: ``B`` batch, ``T`` rows, ``n`` drawings, ``P`` points of all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from limner.corpus.corpus import Split
from limner.evaluation.experiments.measurement import FinishedTraining, Measurement, MeasureResult
from limner.evaluation.experiments.measures.corpus_samples import unseen_splits
from limner.sampling.model import Model
from limner.training.batches import SplitBatches
from limner.training.data import ready_split
from limner.training.losses import CROSS_ENTROPY

FIGURE, COUNT = "NLL/point", "points"
FEWEST = 200
"""Points of a group below which its mean is too noisy to show."""
BATCH = 100


@dataclass(frozen=True)
class PointNll:
    """NLL of every point of several drawings, offset and pen, in nats and model units; without end rows."""

    values: NDArray[np.float64]  # (P,)
    positions: NDArray[np.int64]  # (P,), the point's number in its drawing, from 0
    lengths: NDArray[np.int64]  # (P,), points of its drawing


@torch.no_grad()
def point_nll(model: Model, splits: Sequence[Split]) -> PointNll:
    """Return the NLL of every point with z = mu.

    Parameters
    ----------
    model : Model
    splits : sequence of Split
        In the corpus's units, with the model's class numbers as labels.
    """
    values, positions, lengths = [], [], []
    for split in splits:
        for batch in SplitBatches(ready_split(split), model.card.scale_factor, BATCH):
            mixture, targets = model.network(batch).mixture, batch.targets  # (B, T, 5)
            state = targets[..., 2:].argmax(-1)  # (B, T)
            costs = CROSS_ENTROPY(mixture.log_pen, state) - mixture.log_density(targets[..., :2], state)
            number = torch.arange(targets.shape[1]).expand_as(state)  # (B, T)
            length = batch.lengths.unsqueeze(1).expand_as(state)
            real = number < length
            values.append(costs[real].double().numpy())
            positions.append(number[real].numpy())
            lengths.append(length[real].numpy())
    return PointNll(np.concatenate(values), np.concatenate(positions), np.concatenate(lengths))


@dataclass(frozen=True)
class NllByLength:
    """NLL per point of drawings, by their number of points."""

    edges: tuple[int, ...] = (0, 50, 75, 100, 125, 150, 175, 200, 251)
    """Points of the shortest drawing of each group, and one more than the longest drawing has."""
    name: str = "length"
    title: str = "NLL per point of unseen drawings, by the points of the drawing"

    def basis(self) -> dict[str, Any]:
        """Return the groups."""
        return {"edges": list(self.edges)}

    def take(self, finished: FinishedTraining) -> MeasureResult:
        """Measure a training."""
        costs = point_nll(finished.model, unseen_splits(finished.corpus, finished.model.card))
        return MeasureResult(_grouped(costs.values, costs.lengths, self.edges))


@dataclass(frozen=True)
class NllByPosition:
    """NLL of points, by their number in the drawing."""

    edges: tuple[int, ...] = (0, 25, 50, 75, 100, 125, 150, 175, 200, 225, 250)
    """Number of the first point of each group, and one more than that of the last point."""
    name: str = "position"
    title: str = "NLL of the points of unseen drawings, by their number in the drawing"

    def basis(self) -> dict[str, Any]:
        """Return the groups."""
        return {"edges": list(self.edges)}

    def take(self, finished: FinishedTraining) -> MeasureResult:
        """Measure a training."""
        costs = point_nll(finished.model, unseen_splits(finished.corpus, finished.model.card))
        return MeasureResult(_grouped(costs.values, costs.positions, self.edges))


def _grouped(
    values: NDArray[np.float64], keys: NDArray[np.int64], edges: Sequence[int]
) -> tuple[Measurement, ...]:
    """Average values by groups of their keys; groups of fewer than :data:`FEWEST` points are left out."""
    means = []
    for low, high in pairwise(edges):
        inside = values[(keys >= low) & (keys < high)]
        if len(inside) >= FEWEST:
            figures = {FIGURE: float(inside.mean()), COUNT: float(len(inside))}
            means.append(Measurement((low + high) / 2, figures))
    return tuple(means)
