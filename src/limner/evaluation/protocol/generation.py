"""How much a set of drawings is like another: the protocol's figures, and what they are between real sets.

Every figure compares two sets of the same size, since distances between sets grow as these get smaller; the
floor is what real drawings reach against other real ones of the same corpus, in sets of that size.

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
from limner.evaluation.quality.prdc import NEIGHBOURS, manifold_figures

Features = NDArray[np.floating]
SPLITS = 10
LEAST = 2 * NEIGHBOURS + 2
"""Drawings that a set needs for neighbours to mean anything."""


@dataclass(frozen=True)
class Likeness:
    """How much one set is like another."""

    fid: float
    """Fréchet distance; 0 or above, the lower the better."""
    kid: float
    """Kernel distance; about 0 for equal distributions, whatever the sizes."""
    precision: float
    """Share of the second set that lies among the first."""
    recall: float
    """Share of the first set that lies among the second."""
    density: float
    """How densely the second set lies among the first; 1 for equal distributions."""
    coverage: float
    """Share of the first set with one of the second near by."""


@dataclass(frozen=True)
class Floor:
    """Figures of real drawings against real drawings, over splits by chance."""

    mean: Likeness
    deviation: Likeness
    """Standard deviation over the splits."""
    splits: int


def likeness(real: Features, others: Features, *, seed: int = 0) -> Likeness:
    """Compare two sets.

    Parameters
    ----------
    real, others : array of shape ``(n, D)``
    seed : int
        Chooses the subsets of the kernel distance.

    Raises
    ------
    ValueError
        If the sets are not of the same size, or of less than 12 drawings.
    """
    if len(real) != len(others):
        raise ValueError(f"sets of one size are compared, not of {len(real)} and {len(others)}")
    if len(real) < LEAST:
        raise ValueError(f"{len(real)} drawings are too few to compare sets; {LEAST} are the least")
    around = manifold_figures(real, others)
    return Likeness(
        fid=frechet_distance(real, others),
        kid=kernel_distance(real, others, seed=seed).mean,
        precision=around.precision,
        recall=around.recall,
        density=around.density,
        coverage=around.coverage,
    )


class Rows(Protocol):
    """Features of drawings by their places, an array or what stands for one."""

    def __len__(self) -> int:
        """Say how many drawings there are."""

    def __getitem__(self, places: NDArray[np.intp], /) -> Features:
        """Return the rows of drawings."""


def floor(real: Rows, size: int, *, splits: int = SPLITS, seed: int = 0) -> Floor:
    """Compare real drawings with other real ones.

    Parameters
    ----------
    real : array of shape ``(n, D)``, or what stands for one
        All there are; asked for the rows that chance takes.
    size : int
        Of each of the two sets, at most ``n // 2``.
    splits : int
        How often two sets without a common drawing are taken.
    seed : int

    Raises
    ------
    ValueError
        If there are less than two sets of drawings.
    """
    if len(real) < 2 * size:
        raise ValueError(f"two sets of {size} drawings cannot be taken of {len(real)}")
    chance = np.random.default_rng(seed)
    orders = [chance.permutation(len(real)) for _ in range(splits)]
    found = [likeness(real[o[:size]], real[o[size : 2 * size]], seed=seed) for o in orders]
    return Floor(*spread(found), splits)


def spread(found: Sequence[Likeness]) -> tuple[Likeness, Likeness]:
    """Give mean and standard deviation of every figure over several comparisons."""
    table = np.array([[getattr(one, field.name) for field in fields(Likeness)] for one in found])
    return Likeness(*table.mean(0).tolist()), Likeness(*table.std(0).tolist())
