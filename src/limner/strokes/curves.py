"""Curves to polylines that leave them by no more than a tolerance.

Letters: ``K`` curves, ``P`` pieces of curves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FINEST = 1e-7  # of the largest coordinate: float32 tells no smaller distance
SHARE = 1e-4  # of a curve's own size: nobody sees more


class TooManyPointsError(ValueError):
    """There are more points than a drawing may have."""


def flatten_cubics(controls: Floats, tolerance: float, most: int) -> tuple[Floats, NDArray[np.int64]]:
    """Halve cubic Bézier curves until each piece lies within ``tolerance`` of its chord.

    The distance to a chord is a convex function that vanishes at its ends. So on a piece it is at most
    3t(1-t)^2 d1 + 3t^2(1-t) d2 <= 3/4 max(d1, d2), where d1 and d2 are the distances of the two inner control
    points; a piece is a chord as soon as this bound is met.

    Parameters
    ----------
    controls : float64 array of shape ``(K, 4, 2)``
    tolerance : float
        Largest distance between curve and polyline, positive; not finer than a ten-thousandth of the curve's
        own size, nor than float32 can tell.
    most : int
        How many points there may be in all.

    Returns
    -------
    points : float64 array of shape ``(N, 2)``
        Those behind the start of each curve, curve after curve; the last of each is its end exactly.
    counts : int64 array of shape ``(K,)``
        How many are of each curve.

    Raises
    ------
    TooManyPointsError
        If there are more than ``most`` points; it is told before they are made.
    """
    sizes = np.ptp(controls, axis=1).max(axis=1, initial=0)
    finest = np.maximum(SHARE * sizes, FINEST * np.abs(controls).max(axis=(1, 2), initial=0))
    bounds = np.maximum(tolerance, finest)  # (K,)
    pieces, owner, position, width = controls, np.arange(len(controls)), np.zeros(len(controls)), 1.0
    ends, owners, positions, done = [np.zeros((0, 2))], [owner[:0]], [position[:0]], 0
    while len(pieces):
        if done + len(pieces) > most:
            raise TooManyPointsError
        flat = 0.75 * _bulge(pieces) <= bounds[owner]
        ends.append(pieces[flat, 3])
        owners.append(owner[flat])
        positions.append(position[flat])
        done += len(ends[-1])
        width /= 2
        pieces = _halves(pieces[~flat])
        owner, position = owner[~flat], position[~flat]
        owner, position = np.repeat(owner, 2), np.stack([position, position + width], axis=1).ravel()
    order = np.lexsort((np.concatenate(positions), np.concatenate(owners)))
    counts = np.bincount(np.concatenate(owners), minlength=len(controls))
    return np.concatenate(ends)[order], counts


def _bulge(pieces: Floats) -> Floats:
    """Measure how far the farther inner control point lies from the chord: shape ``(P,)``."""
    start, chord = pieces[:, :1], pieces[:, 3:] - pieces[:, :1]  # (P, 1, 2)
    inner = pieces[:, 1:3] - start  # (P, 2, 2)
    squared = (chord**2).sum(axis=2)
    share = (inner * chord).sum(axis=2) / np.where(squared > 0, squared, 1.0)
    away = inner - np.clip(share, 0, 1)[..., None] * chord
    return np.asarray(np.hypot(away[..., 0], away[..., 1]).max(axis=1))


def _halves(pieces: Floats) -> Floats:
    """Cut every piece in the middle of its parameter: ``(P, 4, 2)`` to ``(2P, 4, 2)``."""
    a, b, c, d = (pieces[:, i] for i in range(4))
    ab, bc, cd = (a + b) / 2, (b + c) / 2, (c + d) / 2
    abc, bcd = (ab + bc) / 2, (bc + cd) / 2
    middle = (abc + bcd) / 2
    return np.stack([a, ab, abc, middle, middle, bcd, cd, d], axis=1).reshape(-1, 4, 2)
