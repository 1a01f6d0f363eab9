"""Smooth curves through points: centripetal Catmull-Rom splines, as cubic Bézier curves.

They pass each point exactly and, unlike uniform ones, make no loops where points lie unevenly.
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
"""Distance from a curve at which its chords are drawn in its place."""
MOST_OF_CURVE = 10_000
"""Points of a curve at most; chords are never finer than a share of it, so that none takes more."""


def smooth_cubics(points: Floats) -> NDArray[np.float64]:
    """Return the curves between points ``(n, 2)``: control points of shape ``(n - 1, 4, 2)``.

    A stroke that ends where it begins is smooth there, too.
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


def flattened(points: NDArray[np.float32], tolerance: float = TOLERANCE_PX) -> NDArray[np.float32]:
    """Return points ``(n, 2)`` with more between them, along the smooth curve; those given stay exact."""
    if len(points) < 3:
        return points
    cubics = smooth_cubics(points)
    between, counts = flatten_cubics(cubics, tolerance, MOST_OF_CURVE * len(cubics))
    found = between.astype(np.float32)
    found[np.cumsum(counts) - 1] = points[1:]
    return np.concatenate([points[:1], found])


def curve_data(points: Floats, digits: int = DIGITS) -> str:
    """Write the smooth curve through points as the ``d`` of an SVG path: cubic Bézier curves."""
    if len(points) < 3:
        return path_data(points, digits)
    pairs = [
        " ".join(f"{number(x, digits)} {number(y, digits)}" for x, y in cubic[1:])
        for cubic in smooth_cubics(points).tolist()
    ]
    x, y = np.asarray(points[0]).tolist()
    return f"M{number(x, digits)} {number(y, digits)}C{' '.join(pairs)}"
