"""Kernel distance between two sets of features (Binkowski et al. 2018; KID with Inception's).

Letters: ``n`` drawings, ``D`` features, ``S`` drawings of a subset.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Features = NDArray[np.floating]

SUBSETS = 100
SUBSET_SIZE = 1000
"""Number and size of subsets, the defaults of the authors' own program."""


@dataclass(frozen=True)
class KernelDistance:
    """Mean and standard deviation over subsets."""

    mean: float
    deviation: float
    """Standard deviation over the subsets."""


def squared_mmd(one: Features, other: Features) -> float:
    """Return the unbiased estimate of the squared maximum mean discrepancy (Gretton et al. 2012, equation 3).

    The kernel is (x . y / D + 1)^3. Because it is unbiased, the estimate may be slightly negative.

    Parameters
    ----------
    one, other : array of shape ``(n, D)``
        At least two rows each.

    Raises
    ------
    ValueError
        If there are fewer rows.
    """
    n, m = len(one), len(other)
    if min(n, m) < 2:
        raise ValueError("the unbiased estimate takes at least two drawings of each set")
    within_one, within_other = _kernel(one, one), _kernel(other, other)
    within = (within_one.sum() - np.trace(within_one)) / (n * (n - 1))
    within += (within_other.sum() - np.trace(within_other)) / (m * (m - 1))
    return float(within - 2 * _kernel(one, other).mean())


def kernel_distance(
    one: Features, other: Features, *, seed: int = 0, subsets: int = SUBSETS, size: int = SUBSET_SIZE
) -> KernelDistance:
    """Average :func:`squared_mmd` over random subsets of ``S`` drawings, or fewer if a set is smaller.

    Parameters
    ----------
    one, other : array of shape ``(n, D)``
    seed : int
        Of the subsets.
    subsets, size : int
        Number of subsets, and S.
    """
    size = min(size, len(one), len(other))
    if size == len(one) == len(other):  # all subsets are the sets themselves
        return KernelDistance(squared_mmd(one, other), 0.0)
    rng = np.random.default_rng(seed)

    def subset(features: Features) -> Features:
        return features[rng.choice(len(features), size, replace=False)]

    estimates = [squared_mmd(subset(one), subset(other)) for _ in range(subsets)]
    return KernelDistance(float(np.mean(estimates)), float(np.std(estimates)))


def _kernel(one: Features, other: Features) -> NDArray[np.float64]:
    products = one.astype(np.float64) @ other.astype(np.float64).T / one.shape[1]
    cubes: NDArray[np.float64] = (products + 1) ** 3  # (n, m)
    return cubes
