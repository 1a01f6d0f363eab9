"""The error of encoding drawings as tokens and decoding them again.

Letters: ``P`` points of all drawings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from limner.models.sketchformer.tokenizer.fit import simplified_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from limner.models.sketchformer.tokenizer.tokenizer import Tokenizer

    Rows = NDArray[np.float32]  # (n, 3)


@dataclass(frozen=True)
class RoundTrip:
    """Distances between points and the same points encoded and decoded."""

    drawings: int
    """Drawings that were encoded."""
    points: int
    """Points of them, after simplification."""
    mean: float
    """Mean distance, in the corpus's units."""
    p95: float
    """Distance that 95 of 100 points stay below, in the corpus's units."""
    mean_relative: float
    """Mean distance, as a share of the longer side of the point's drawing."""
    p95_relative: float
    """Share that 95 of 100 points stay below."""
    lifts_kept: bool
    """Whether every stroke ends where it ended."""


def round_trip(tokenizer: Tokenizer, drawings: Sequence[Rows]) -> RoundTrip:
    """Encode and decode drawings, simplified as the tokenizer's settings say.

    Raises
    ------
    ValueError
        If there are no drawings.
    """
    if not len(drawings):
        raise ValueError("there are no drawings to encode")
    simple = simplified_rows(drawings, tokenizer.settings.tolerance)
    redrawn = [tokenizer.decode(ids) for ids in tokenizer.encode_all(simple)]
    gaps, shares = [], []
    for before, after in zip(simple, redrawn, strict=True):
        points = np.cumsum(before[:, :2], axis=0, dtype=np.float64)
        gap = np.hypot(*(np.cumsum(after[:, :2], axis=0, dtype=np.float64) - points).T)
        size = float(np.ptp(points, axis=0).max())
        gaps.append(gap)
        shares.append(gap / size if size else np.zeros_like(gap))
    gap, share = np.concatenate(gaps), np.concatenate(shares)
    return RoundTrip(
        drawings=len(simple),
        points=len(gap),
        mean=float(gap.mean()),
        p95=float(np.quantile(gap, 0.95)),
        mean_relative=float(share.mean()),
        p95_relative=float(np.quantile(share, 0.95)),
        lifts_kept=all(
            np.array_equal(a[:, 2] > 0, b[:, 2] > 0) for a, b in zip(simple, redrawn, strict=True)
        ),
    )
