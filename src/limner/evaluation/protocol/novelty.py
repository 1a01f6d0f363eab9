"""Whether a model draws something new or copies: distances of samples to the nearest training drawing.

Letters: ``n`` drawings, ``m`` training drawings, ``D`` features.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from limner.evaluation.quality.prdc import distances

ROWS = 500
"""Rows of the distance matrix that are held at once."""
CANDIDATES = 4
"""Neighbours by products of matrices, of which the nearest one is found by exact distances."""
COPY_QUANTILE = 0.01
"""Quantile of the held-out drawings' distances below which a sample counts as a copy: of real drawings 1 %
would count as copies, which makes :attr:`Novelty.copies` easy to read."""


@dataclass(frozen=True)
class Novelty:
    """Distances of samples to training drawings, relative to those of held-out drawings."""

    nearness: float
    """Median distance of a sample to the nearest training drawing, over that of a held-out drawing; below 1
    samples keep closer to the training drawings than new real ones do."""
    copies: float
    """Share of samples nearer to a training drawing than 99 % of the held-out drawings are."""
    nearest: NDArray[np.int64]
    """Index of the training drawing nearest to each sample, ``(n,)``."""
    distances: NDArray[np.float64]
    """Its distance, over the median distance of held-out drawings, ``(n,)``."""


def novelty(
    samples: NDArray[np.floating], held_out: NDArray[np.floating], training: NDArray[np.floating]
) -> Novelty:
    """Compare samples and held-out drawings with training drawings.

    Parameters
    ----------
    samples : array of shape ``(n, D)``
    held_out : array of shape ``(any, D)``
    training : array of shape ``(m, D)``

    Raises
    ------
    ValueError
        If a set is empty.
    """
    if not (len(samples) and len(held_out) and len(training)):
        raise ValueError("novelty takes samples, held-out drawings and training drawings")
    nearest, sample_distances = nearest_neighbours(samples, training)
    usual = nearest_neighbours(held_out, training)[1]
    median = float(np.median(usual)) or 1.0
    return Novelty(
        nearness=float(np.median(sample_distances)) / median,
        copies=float((sample_distances < np.quantile(usual, COPY_QUANTILE)).mean()),
        nearest=nearest,
        distances=sample_distances / median,
    )


def nearest_neighbours(
    queries: NDArray[np.floating], others: NDArray[np.floating]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return for each query the index of the nearest of ``others``, and its Euclidean distance.

    Candidates are found by |a - b|^2 = |a|^2 + |b|^2 - 2 a.b, whose product of matrices is several times as
    fast as differences, and compared by their exact distances, because the sum cancels for near neighbours.
    """
    wide = others.astype(np.float64)
    squares = (wide**2).sum(1)
    count = min(CANDIDATES, len(others))
    nearest, gaps = [], []
    for first in range(0, len(queries), ROWS):
        rows = queries[first : first + ROWS].astype(np.float64)
        scores = squares - 2 * (rows @ wide.T)  # (ROWS, m), without |a|^2, which changes no order
        candidates = np.sort(np.argpartition(scores, count - 1, axis=1)[:, :count], axis=1)
        exact = np.stack([distances(row[None], wide[c])[0] for row, c in zip(rows, candidates, strict=True)])
        best = exact.argmin(1)[:, None]
        nearest.append(np.take_along_axis(candidates, best, 1)[:, 0])
        gaps.append(np.take_along_axis(exact, best, 1)[:, 0])
    return np.concatenate(nearest), np.concatenate(gaps)
