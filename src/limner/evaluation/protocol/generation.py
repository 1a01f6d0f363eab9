"""How alike two sets of drawings are: the protocol's figures, and their values between sets of real drawings.

Every figure compares two sets of the same size, because distances between sets grow as the sets get smaller.
The baseline is what real drawings reach against other real ones of the same corpus, in sets of that size.

Letters: ``n`` drawings, ``D`` features.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from limner.evaluation.quality.frechet import frechet_distance
from limner.evaluation.quality.kernel import kernel_distance
from limner.evaluation.quality.prdc import NEIGHBOURS, prdc

Features = NDArray[np.floating]
SPLITS = 10
"""Pairs of real sets that the baseline averages over."""
SMALLEST_SET = 2 * NEIGHBOURS + 2
"""Drawings that a set must have, so that the k-th neighbour is not simply the farthest member."""


@dataclass(frozen=True)
class SetComparison:
    """Figures of a second set of drawings against a first one."""

    fid: float
    """Fréchet distance; 0 or above, lower is better."""
    kid: float
    """Kernel distance; about 0 for equal distributions, whatever the sizes."""
    precision: float
    """Share of the second set that lies on the manifold of the first."""
    recall: float
    """Share of the first set that lies on the manifold of the second."""
    density: float
    """How densely the second set lies on the manifold of the first; 1 for equal distributions."""
    coverage: float
    """Share of the first set that has a member of the second among its neighbours."""


@dataclass(frozen=True)
class RealBaseline:
    """Figures of real drawings against real drawings, over random splits."""

    mean: SetComparison
    deviation: SetComparison
    """Standard deviation over the splits."""
    splits: int


def compare_sets(real: Features, others: Features, *, seed: int = 0) -> SetComparison:
    """Compare two sets of drawings of the same size.

    Parameters
    ----------
    real, others : array of shape ``(n, D)``
    seed : int
        Of the subsets that the kernel distance averages over.

    Raises
    ------
    ValueError
        If the sets differ in size, or have fewer than 12 drawings.
    """
    if len(real) != len(others):
        raise ValueError(f"sets of one size are compared, not of {len(real)} and {len(others)}")
    if len(real) < SMALLEST_SET:
        raise ValueError(f"{len(real)} drawings are too few to compare sets; {SMALLEST_SET} are the least")
    manifolds = prdc(real, others)
    return SetComparison(
        fid=frechet_distance(real, others),
        kid=kernel_distance(real, others, seed=seed).mean,
        precision=manifolds.precision,
        recall=manifolds.recall,
        density=manifolds.density,
        coverage=manifolds.coverage,
    )


class FeatureRows(Protocol):
    """Features of drawings by index: an array, or :class:`~limner.evaluation.lazy_features.LazyFeatures`."""

    def __len__(self) -> int:
        """Return the number of drawings."""

    def __getitem__(self, index: NDArray[np.intp], /) -> Features:
        """Return the rows at an array of indices."""


def real_baseline(real: FeatureRows, size: int, *, splits: int = SPLITS, seed: int = 0) -> RealBaseline:
    """Compare random sets of real drawings with each other.

    Parameters
    ----------
    real : array of shape ``(n, D)``, or lazy features
        All real drawings; only the rows that are chosen at random are accessed.
    size : int
        Drawings in each of the two sets, at most ``n // 2``.
    splits : int
        Pairs of disjoint sets.
    seed : int

    Raises
    ------
    ValueError
        If there are fewer than ``2 * size`` drawings.
    """
    if len(real) < 2 * size:
        raise ValueError(f"two sets of {size} drawings cannot be taken of {len(real)}")
    rng = np.random.default_rng(seed)
    orders = [rng.permutation(len(real)) for _ in range(splits)]
    comparisons = [compare_sets(real[o[:size]], real[o[size : 2 * size]], seed=seed) for o in orders]
    return RealBaseline(*mean_and_deviation(comparisons), splits)


def mean_and_deviation(comparisons: Sequence[SetComparison]) -> tuple[SetComparison, SetComparison]:
    """Return the mean and the standard deviation of every figure over several comparisons."""
    table = np.array([[getattr(one, field.name) for field in fields(SetComparison)] for one in comparisons])
    return SetComparison(*table.mean(0).tolist()), SetComparison(*table.std(0).tolist())
