"""Precision, recall, density and coverage of samples (Kynkäänniemi et al. 2019, Naeem et al. 2020).

A set's manifold is the union of balls around its members, the radius of each being the distance to the
member's k-th neighbour in the set.

Letters: ``n`` real drawings, ``m`` samples, ``D`` features, ``k`` neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Features = NDArray[np.floating]

NEIGHBOURS = 5
"""k, as Naeem et al. 2020 choose it."""
ROWS = 2_000
"""Rows of a distance matrix that are held at once."""


@dataclass(frozen=True)
class PRDC:
    """Shares from 0 to 1; density may exceed 1."""

    precision: float
    """Samples on the manifold of the real drawings (Kynkäänniemi et al. 2019, equation 1)."""
    recall: float
    """Real drawings on the manifold of the samples (ibid., equation 2)."""
    density: float
    """Mean number of balls of real drawings that contain a sample, over k (Naeem et al. 2020, equation 3)."""
    coverage: float
    """Real drawings whose ball contains a sample (ibid., equation 4)."""


def prdc(real: Features, samples: Features, k: int = NEIGHBOURS) -> PRDC:
    """Return precision, recall, density and coverage of samples.

    Parameters
    ----------
    real : array of shape ``(n, D)``
    samples : array of shape ``(m, D)``
    k : int
        The neighbour that gives the radius of a ball, its centre not counted.

    Raises
    ------
    ValueError
        If a set has no more than ``k`` members.
    """
    if min(len(real), len(samples)) <= k:
        raise ValueError(f"{k} neighbours take more than {k} drawings of each set")
    real_radii, sample_radii = _radii(real, k), _radii(samples, k)  # (n,), (m,)
    containing = np.zeros(len(samples))  # balls of real drawings that contain each sample
    recalled = np.zeros(len(real), bool)
    covered = np.zeros(len(real), bool)
    for rows in _chunks(len(real)):
        between = distances(real[rows], samples)  # (ROWS, m)
        contains = between <= real_radii[rows, None]
        containing += contains.sum(0)
        covered[rows] = contains.any(1)
        recalled[rows] = (between <= sample_radii).any(1)
    return PRDC(
        precision=float((containing > 0).mean()),
        recall=float(recalled.mean()),
        density=float(containing.mean() / k),
        coverage=float(covered.mean()),
    )


def distances(one: Features, other: Features) -> NDArray[np.float64]:
    """Return the Euclidean distance of every pair, ``(n, m)``."""
    from scipy.spatial.distance import cdist

    matrix: NDArray[np.float64] = cdist(one, other)
    return matrix


def _radii(features: Features, k: int) -> NDArray[np.float64]:
    """Return the distance of each member to its k-th neighbour, ``(n,)``."""
    radii = [
        np.partition(distances(features[rows], features), k, axis=1)[:, k] for rows in _chunks(len(features))
    ]
    return np.concatenate(radii)


def _chunks(n: int) -> list[slice]:
    return [slice(first, first + ROWS) for first in range(0, n, ROWS)]
