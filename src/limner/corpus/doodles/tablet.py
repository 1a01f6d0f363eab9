"""Sampling points of a line: few where it is straight, many in a bend, the corners always.

A chord of length s over a curve of curvature k misses it by s**2 k / 8, so points set evenly in the integral
of sqrt(k / (8 miss)) all miss by the same: the fewest points for a curve that looks round.

Letters: ``D`` drawings, ``n`` points of a path, ``P`` points put on all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

MISS = 1.25  # px between curve and chord
MOST_TURN = np.deg2rad(56)  # from chord to chord: small loops stay round


def put_points(paths: Floats) -> tuple[Floats, Ints]:
    """Sample points of smooth paths; the beginning of each is left out, its end is included.

    Parameters
    ----------
    paths : float array of shape ``(D, n, 2)``, n >= 3
        Dense and without corners.

    Returns
    -------
    points : float array of shape ``(P, 2)``
        Path after path.
    owners : int array of shape ``(P,)``
        Which path each point is on.
    """
    need = np.cumsum(_need(paths), axis=1)  # (D, n) points needed so far
    counts = np.maximum(np.round(need[:, -1]), 1).astype(np.int64)  # (D,)
    owners = np.repeat(np.arange(len(paths)), counts)
    before = np.cumsum(counts) - counts  # points on the paths before
    places = np.arange(len(owners)) - before[owners] + 1.0  # 1, 2, ..., count on each path
    shift = before + np.arange(len(paths))  # lays all paths behind each other on one axis
    axis = (need * (counts / need[:, -1])[:, None] + shift[:, None]).ravel()
    where = places + shift[owners]
    return np.column_stack([np.interp(where, axis, paths[..., i].ravel()) for i in (0, 1)]), owners


def _need(paths: Floats) -> Floats:
    """Return the number of points needed from one dense point to the next; (D, n), 0 for the first."""
    steps = np.diff(paths, axis=1)  # (D, n-1, 2)
    lengths = np.hypot(steps[..., 0], steps[..., 1])
    a, b = steps[:, :-1], steps[:, 1:]
    turn = np.abs(np.arctan2(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0], (a * b).sum(axis=-1)))  # (D, n-2)
    span = (lengths[:, :-1] + lengths[:, 1:]) / 2
    at = np.maximum(np.sqrt(turn * span / (8 * MISS)), turn / MOST_TURN)
    need = np.zeros(paths.shape[:2])
    need[:, 1:-1] += at / 2
    need[:, 2:] += at / 2
    need[:, 1:] += 1e-4 * (lengths + 1e-3)  # keeps the axis rising on a straight line
    return need
