"""Whether a model draws anew or copies: how near samples lie to the nearest training drawing.

Letters: ``n`` drawings, ``m`` training drawings, ``D`` features.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from limner.evaluation.quality.prdc import distances

ROWS = 500
NEAR = 0.01
"""Share of the drawings set aside that lie as near to a training drawing as what is called a copy."""


@dataclass(frozen=True)
class Novelty:
    """How near samples lie to training drawings, beside drawings that were set aside."""

    nearness: float
    """Median distance of a sample to the nearest training drawing over that of a drawing set aside: below 1
    samples keep closer to what was learnt than people do to each other."""
    copies: float
    """Share of samples nearer to a training drawing than 99 of 100 drawings set aside are."""
    nearest: NDArray[np.int64]
    """Of each sample the nearest training drawing, ``(n,)``."""
    gaps: NDArray[np.float64]
    """How far away it is, over the median of the drawings set aside, ``(n,)``."""


def novelty(
    samples: NDArray[np.floating], aside: NDArray[np.floating], training: NDArray[np.floating]
) -> Novelty:
    """Compare samples and drawings set aside with training drawings.

    Parameters
    ----------
    samples : array of shape ``(n, D)``
    aside : array of shape ``(any, D)``
    training : array of shape ``(m, D)``

    Raises
    ------
    ValueError
        If a set is empty.
    """
    if not (len(samples) and len(aside) and len(training)):
        raise ValueError("novelty takes samples, drawings set aside and training drawings")
    nearest, gaps = nearest_of(samples, training)
    usual = nearest_of(aside, training)[1]
    middle = float(np.median(usual)) or 1.0
    return Novelty(
        nearness=float(np.median(gaps)) / middle,
        copies=float((gaps < np.quantile(usual, NEAR)).mean()),
        nearest=nearest,
        gaps=gaps / middle,
    )


def nearest_of(
    some: NDArray[np.floating], others: NDArray[np.floating]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Find for each of ``some`` the nearest of ``others``, and how far away it is."""
    parts = [distances(some[k : k + ROWS], others) for k in range(0, len(some), ROWS)]
    places = np.concatenate([part.argmin(1) for part in parts])
    return places, np.concatenate([part.min(1) for part in parts])
