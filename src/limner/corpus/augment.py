"""Augmentation in training: pure functions on stroke-3 rows that do not change their arguments.

Source: sketch-rnn's data loader.

Letters: ``n`` points of a drawing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Rows = NDArray[np.float32]  # (n, 3)

_KEPT_AT_START = 3
"""First points of each stroke, which are never dropped, as in sketch-rnn."""


def random_scale(rows: Rows, rng: np.random.Generator, factor: float) -> Rows:
    """Stretch a drawing by two independent factors, one along x and one along y.

    Parameters
    ----------
    rows : float32 array of shape ``(n, 3)``
    rng : numpy.random.Generator
    factor : float
        Both are sampled uniformly from ``[1 - factor, 1 + factor]``. 0.15 in sketch-rnn.

    Returns
    -------
    float32 array of shape ``(n, 3)``
    """
    scaled = rows.copy()
    scaled[:, :2] *= rng.uniform(1 - factor, 1 + factor, 2).astype(np.float32)
    return scaled


def drop_points(rows: Rows, rng: np.random.Generator, probability: float) -> Rows:
    """Drop points within strokes at random; their offsets are added to those of the points before.

    The first three points of a stroke and its last one are never dropped, so lifts and the offset from the
    first to the last point are unchanged.

    Parameters
    ----------
    rows : float32 array of shape ``(n, 3)``
    rng : numpy.random.Generator
        Draws one number for each point, whether it may be dropped or not.
    probability : float
        With which each other point is dropped. 0.10 in sketch-rnn.

    Returns
    -------
    float32 array of shape ``(m, 3)``, m <= n
    """
    dropped = _within_strokes(rows[:, 2]) & (rng.random(len(rows)) < probability)
    kept = np.flatnonzero(~dropped)
    if len(kept) == len(rows):
        return rows.copy()
    return np.add.reduceat(rows, kept, axis=0)  # each with the dropped ones after it, whose lifts are 0


def numbers_taken(points: int) -> int:
    """Return how many random numbers :func:`random_scale` and :func:`drop_points` draw together."""
    return 2 + points


def _within_strokes(lifts: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return which points are neither among the first three of their stroke nor its last; shape ``(n,)``."""
    inside: NDArray[np.bool_] = lifts == 0
    inside[:_KEPT_AT_START] = False
    ends = np.flatnonzero(lifts)
    for place in range(1, _KEPT_AT_START + 1):
        inside[(ends + place)[ends + place < len(lifts)]] = False
    return inside
