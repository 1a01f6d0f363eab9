"""Kernel distance between two sets of features (Binkowski et al. 2018; KID with Inception's).

Letters: ``n`` drawings, ``D`` features, ``S`` drawings of a subset.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from limner.evaluation.quality.interval import Interval

Features = NDArray[np.floating]

NORMAL_95 = 1.96
"""Standard deviations on either side of the mean that hold 95 % of a normal distribution."""
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


def jackknife_interval(one: Features, other: Features) -> Interval:
    """Return :func:`squared_mmd` and its interval of 95 %, by leaving out each drawing in turn.

    Unlike resampling, which repeats drawings, this keeps the estimate unbiased in sets of a handful.
    Source: Efron and Stein 1981; the variances of both sets are added.

    Parameters
    ----------
    one, other : array of shape ``(n, D)``
        At least three rows each.

    Raises
    ------
    ValueError
        If there are fewer rows.
    """
    n, m = len(one), len(other)
    if min(n, m) < 3:
        raise ValueError("the interval takes at least three drawings of each set")
    across = _kernel(one, other)
    inner = [_off_diagonal(_kernel(rows, rows)) for rows in (one, other)]
    within = [kernel.sum() / (k * (k - 1)) for kernel, k in zip(inner, (n, m), strict=True)]
    variance = 0.0
    for axis, k in ((0, n), (1, m)):
        rest = (inner[axis].sum() - 2 * inner[axis].sum(1)) / ((k - 1) * (k - 2))  # (k,)
        between = (across.sum() - across.sum(1 - axis)) / (across.size - across.shape[1 - axis])
        without = rest + within[1 - axis] - 2 * between
        variance += (k - 1) / k * float(((without - without.mean()) ** 2).sum())
    value, half = float(sum(within) - 2 * across.mean()), NORMAL_95 * variance**0.5
    return Interval(value, value - half, value + half)


def _off_diagonal(kernel: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a square kernel without what drawings have in common with themselves."""
    return kernel - np.diag(np.diag(kernel))


def _kernel(one: Features, other: Features) -> NDArray[np.float64]:
    products = one.astype(np.float64) @ other.astype(np.float64).T / one.shape[1]
    cubes: NDArray[np.float64] = (products + 1) ** 3  # (n, m)
    return cubes
