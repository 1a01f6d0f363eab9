"""Curves to polylines that leave them by no more than a tolerance.

Letters: ``K`` curves, ``P`` pieces of curves.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FINEST = 1e-7  # of the largest coordinate: float32 tells no smaller distance


def flatten_cubics(controls: Floats, tolerance: float) -> list[Floats]:
    """Halve cubic Bézier curves until each piece lies within ``tolerance`` of its chord.

    The distance to a chord is a convex function that vanishes at its ends. So on a piece it is at most
    3t(1-t)^2 d1 + 3t^2(1-t) d2 <= 3/4 max(d1, d2), where d1 and d2 are the distances of the two inner control
    points; a piece is a chord as soon as this bound is met.

    Parameters
    ----------
    controls : float64 array of shape ``(K, 4, 2)``
    tolerance : float
        Largest distance between curve and polyline, positive; not finer than float32 can tell.

    Returns
    -------
    list of K float64 arrays of shape ``(n, 2)``
        The points behind the start of each curve; the last is the end of the curve exactly.
    """
    if not len(controls):
        return []
    bounds = np.maximum(tolerance, FINEST * np.abs(controls).max(axis=(1, 2)))  # (K,)
    pieces, owner, position, width = controls, np.arange(len(controls)), np.zeros(len(controls)), 1.0
    ends, owners, positions = [], [], []
    while len(pieces):
        flat = 0.75 * _bulge(pieces) <= bounds[owner]
        ends.append(pieces[flat, 3])
        owners.append(owner[flat])
        positions.append(position[flat])
        width /= 2
        pieces = _halves(pieces[~flat])
        owner, position = owner[~flat], position[~flat]
        owner, position = np.repeat(owner, 2), np.stack([position, position + width], axis=1).ravel()
    order = np.lexsort((np.concatenate(positions), np.concatenate(owners)))
    counts = np.bincount(np.concatenate(owners), minlength=len(controls))
    return np.split(np.concatenate(ends)[order], np.cumsum(counts)[:-1])


def flatten_arc(
    centre: Floats, across: Floats, along: Floats, start: float, sweep: float, tolerance: float
) -> Floats:
    """Cut the elliptic arc centre + across cos t + along sin t, t from start to start + sweep, evenly.

    A chord over an angle a leaves a curve by at most a^2/8 times its largest second derivative, which for an
    ellipse is its longer half-axis. No chord spans more than a quarter turn.

    Parameters
    ----------
    centre, across, along : float64 arrays of shape ``(2,)``
        The middle of the ellipse, and the way from there to its points at t = 0 and t = pi/2.
    start, sweep : float
        Radians.
    tolerance : float
        As in :func:`flatten_cubics`.

    Returns
    -------
    float64 array of shape ``(n, 2)``
        The points behind the start.
    """
    axes = np.stack([across, along])
    bound = max(tolerance, FINEST * float(np.abs(axes).max() + np.abs(centre).max()))
    step = min(math.sqrt(8 * bound / float(np.linalg.norm(axes, 2))), math.pi / 2)
    count = max(1, math.ceil(abs(sweep) / step - 1e-9))  # the rounding of a quarter is no fifth chord
    angles = start + sweep * np.arange(1, count + 1) / count
    return centre + np.stack([np.cos(angles), np.sin(angles)], axis=1) @ axes


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
