"""Smooth curves through points: centripetal Catmull-Rom splines, as cubic Bézier curves.

They pass through each point and, unlike uniform ones, form no loops where points are unevenly spaced.
Source: Catmull and Rom 1974; Yuksel, Schaefer and Keyser 2011, "Parameterization and applications of
Catmull-Rom curves".

Letters: ``n`` points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limner.strokes.curves import flatten_cubics
from limner.strokes.svg.writer import DIGITS, number, path_data

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating]

TOLERANCE_PX = 0.05
"""Largest distance between a curve and the chords that are drawn in its place."""
MOST_CHORDS = 10_000
"""Chords of a curve at most, on average; not reached, as no chord is shorter than a ten-thousandth of it."""


def smooth_cubics(points: Floats) -> NDArray[np.float64]:
    """Return the curves between points ``(n, 2)`` as control points of shape ``(n - 1, 4, 2)``.

    A stroke that ends where it starts is smooth there, too.
    """
    inner = np.asarray(points, np.float64)
    closed = len(inner) > 3 and bool((inner[0] == inner[-1]).all())
    before, after = (inner[-2], inner[1]) if closed else (inner[0], inner[-1])
    row = np.concatenate([before[None], inner, after[None]])
    p0, p1, p2, p3 = (row[k : len(row) - 3 + k] for k in range(4))
    span = np.sqrt(np.hypot(*(p2 - p1).T))[:, None]
    return np.stack([p1, _inner(p0, p1, p2, span), _inner(p3, p2, p1, span), p2], axis=1)


def _inner(far: Floats, near: Floats, other: Floats, span: Floats) -> Floats:
    """Return the control points beside ``near`` towards ``other``; ``span`` is the root of their distance."""
    step = np.sqrt(np.hypot(*(near - far).T))[:, None]
    weight = 3 * step * (step + span)
    sum_ = step**2 * other - span**2 * far + (2 * step**2 + 3 * step * span + span**2) * near
    return np.where(weight > 0, sum_ / np.where(weight > 0, weight, 1), near)


def flatten_smooth(points: NDArray[np.float32], tolerance: float = TOLERANCE_PX) -> NDArray[np.float32]:
    """Return points ``(n, 2)`` with further ones between them along the smooth curve; given ones stay."""
    if len(points) < 3:
        return points
    cubics = smooth_cubics(points)
    chords, counts = flatten_cubics(cubics, tolerance, MOST_CHORDS * len(cubics))
    ends = chords.astype(np.float32)
    ends[np.cumsum(counts) - 1] = points[1:]
    return np.concatenate([points[:1], ends])


def curve_data(points: Floats, digits: int = DIGITS) -> str:
    """Return the smooth curve through points as the ``d`` of an SVG path: cubic Bézier curves."""
    if len(points) < 3:
        return path_data(points, digits)
    pairs = [
        " ".join(f"{number(x, digits)} {number(y, digits)}" for x, y in cubic[1:])
        for cubic in smooth_cubics(points).tolist()
    ]
    x, y = np.asarray(points[0]).tolist()
    return f"M{number(x, digits)} {number(y, digits)}C{' '.join(pairs)}"
