"""Precision, recall, density and coverage: do samples lie among the real drawings, and the other way round?

A set's manifold is the union of balls around its members, each reaching to the member's k-th neighbour in
the set.

Letters: ``n`` real drawings, ``m`` samples, ``D`` features, ``k`` neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Features = NDArray[np.floating]

NEIGHBOURS = 5
ROWS = 2_000
"""Rows of a distance matrix that are held at once."""


@dataclass(frozen=True)
class ManifoldFigures:
    """Shares from 0 to 1; density may be above 1."""

    precision: float
    """Samples that lie in the manifold of the real ones (Kynkäänniemi et al. 2019, equation 1)."""
    recall: float
    """Real drawings that lie in the manifold of the samples (the same, equation 2)."""
    density: float
    """Balls of real drawings that a sample lies in, over k (Naeem et al. 2020, equation 3)."""
    coverage: float
    """Real drawings whose ball holds a sample (the same, equation 4)."""


def manifold_figures(real: Features, samples: Features, k: int = NEIGHBOURS) -> ManifoldFigures:
    """Compare samples with real drawings.

    Parameters
    ----------
    real : array of shape ``(n, D)``
    samples : array of shape ``(m, D)``
    k : int
        Neighbours that a ball reaches to, itself not counted.

    Raises
    ------
    ValueError
        If a set has no more than ``k`` members.
    """
    if min(len(real), len(samples)) <= k:
        raise ValueError(f"{k} neighbours take more than {k} drawings of each set")
    real_reach, sample_reach = _reach(real, k), _reach(samples, k)  # (n,), (m,)
    inside_real = np.zeros(len(samples))  # balls of real drawings that each sample lies in
    recalled = np.zeros(len(real), bool)
    covered = np.zeros(len(real), bool)
    for rows in _chunks(len(real)):
        apart = distances(real[rows], samples)  # (ROWS, m)
        holds = apart <= real_reach[rows, None]
        inside_real += holds.sum(0)
        covered[rows] = holds.any(1)
        recalled[rows] = (apart <= sample_reach).any(1)
    return ManifoldFigures(
        precision=float((inside_real > 0).mean()),
        recall=float(recalled.mean()),
        density=float(inside_real.mean() / k),
        coverage=float(covered.mean()),
    )


def distances(one: Features, other: Features) -> NDArray[np.float64]:
    """Give the Euclidean distance of every pair, ``(n, m)``."""
    from scipy.spatial.distance import cdist

    found: NDArray[np.float64] = cdist(one, other)
    return found


def _reach(features: Features, k: int) -> NDArray[np.float64]:
    """Give the distance of each member to its k-th neighbour, ``(n,)``."""
    found = [
        np.partition(distances(features[rows], features), k, axis=1)[:, k] for rows in _chunks(len(features))
    ]
    return np.concatenate(found)


def _chunks(n: int) -> list[slice]:
    return [slice(first, first + ROWS) for first in range(0, n, ROWS)]
