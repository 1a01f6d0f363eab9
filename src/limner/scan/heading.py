"""Where a line heads as it leaves a junction, and how sharply a pen must turn from one line to another.

Thinning bends lines near junctions, so a heading is measured at some distance, over a length proportional to
the width of the pen. Angles are in radians. Letters: ``n`` points of an edge.
"""

from __future__ import annotations

from math import atan2, hypot, pi
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Points = NDArray[np.float64]

WINDOW_PENS = 3.0
"""Length over which a heading is measured, in widths of the pen."""

MIN_WINDOW_PX = 4.0
"""Lower bound of that length; shorter lines of pixels have no direction."""

EXTRAPOLATION = 0.35
"""Share of the bend inside the window by which a heading is continued back towards the junction."""

MAX_EXTRAPOLATION = 0.3
"""Upper bound of that correction, in radians."""


class Heading(NamedTuple):
    """A point on a line and the direction in which it continues from there, away from the junction."""

    x: float
    y: float
    angle: float


def heading(points: Points, skip_px: float, window_px: float) -> Heading:
    """Measure where a line heads.

    Parameters
    ----------
    points : float64 array of shape ``(n, 2)``
        From the junction outwards.
    skip_px : float
        Length at the junction that is ignored; a third of the line at most.
    window_px : float
        Length over which the heading is measured.
    """
    steps = np.hypot(*np.diff(points[: int(2 * (skip_px + window_px)) + 3], axis=0).T)
    arc_length = np.append(0.0, np.cumsum(steps))
    start = min(skip_px, arc_length[-1] / 3)
    stop = min(start + window_px, arc_length[-1])
    at = np.array([start, (start + stop) / 2, stop])
    x, y = (np.interp(at, arc_length, points[: len(arc_length), axis]).tolist() for axis in (0, 1))
    if len(arc_length) < 2 or (x[2] == x[0] and y[2] == y[0]):
        x0, y0 = points[0]
        return Heading(float(x0), float(y0), 0.0)
    chord, first = atan2(y[2] - y[0], x[2] - x[0]), atan2(y[1] - y[0], x[1] - x[0])
    # on a circle the tangent at the start differs from the first half's chord as that does from the whole one
    bend = EXTRAPOLATION * wrap_angle(first - chord)
    return Heading(x[0], y[0], first + max(-MAX_EXTRAPOLATION, min(MAX_EXTRAPOLATION, bend)))


def turning(one: Heading, two: Heading) -> float:
    """Return the angle through which a pen turns that comes in along one line and leaves along another.

    Both headings lead away from the junction. A pen that crosses straight over to the other line turns
    twice: from its own heading to the chord between the two points, and from that to the new heading. For
    headings on one circle or one straight line this is the least possible; a sideways step costs both turns.
    """
    dx, dy = two.x - one.x, two.y - one.y
    if hypot(dx, dy) < 1e-6:
        return turn_onto(one, two)
    across = atan2(dy, dx)
    return abs(wrap_angle(across - one.angle - pi)) + abs(wrap_angle(two.angle - across))


def turn_onto(one: Heading, two: Heading) -> float:
    """Return the angle between coming in against one heading and leaving along another."""
    return abs(wrap_angle(two.angle - one.angle - pi))


def opening(one: Heading, two: Heading) -> float:
    """Return the angle between two headings, from 0 to pi."""
    return abs(wrap_angle(one.angle - two.angle))


def wrap_angle(angle: float) -> float:
    """Return the equivalent angle between -pi and pi."""
    return (angle + pi) % (2 * pi) - pi
