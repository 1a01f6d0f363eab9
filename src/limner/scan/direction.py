"""Where a line heads as it leaves a junction, and how sharply a pen must turn from one line to another.

Thinning bends lines near junctions, so a heading is taken from some way off, over a length that goes with the
width of the pen. Angles are in radians. Letters: ``n`` points of an edge.
"""

from __future__ import annotations

from math import atan2, hypot, pi
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Points = NDArray[np.float64]

LOOK_SHARE = 3.0
"""Length over which a heading is taken, in widths of the pen."""

LEAST_LOOK_PX = 4.0

EXTRA = 0.35
MOST_EXTRA = 0.3
"""How far the bend of a line is continued back to where it starts: as a share, and at most in radians."""


class Heading(NamedTuple):
    """A place on a line and the direction in which it goes on from there, away from the junction."""

    x: float
    y: float
    angle: float


def heading(points: Points, skip_px: float, look_px: float) -> Heading:
    """Tell where a line heads.

    Parameters
    ----------
    points : float64 array of shape ``(n, 2)``
        From the junction outwards.
    skip_px : float
        Length at the junction that is not believed; half the line at most.
    look_px : float
        Length over which the heading is taken.
    """
    steps = np.hypot(*np.diff(points[: int(2 * (skip_px + look_px)) + 3], axis=0).T)
    marks = np.append(0.0, np.cumsum(steps))
    start = min(skip_px, marks[-1] / 3)
    stop = min(start + look_px, marks[-1])
    at = np.array([start, (start + stop) / 2, stop])
    x, y = (np.interp(at, marks, points[: len(marks), axis]).tolist() for axis in (0, 1))
    if len(marks) < 2 or (x[2] == x[0] and y[2] == y[0]):
        x0, y0 = points[0]
        return Heading(float(x0), float(y0), 0.0)
    chord, first = atan2(y[2] - y[0], x[2] - x[0]), atan2(y[1] - y[0], x[1] - x[0])
    # of a circle, the tangent at the start differs from the first half's chord as this does from the whole
    return Heading(x[0], y[0], first + max(-MOST_EXTRA, min(MOST_EXTRA, EXTRA * wrapped(first - chord))))


def turning(one: Heading, two: Heading) -> float:
    """Give the angle through which a pen turns that comes in along one line and leaves along another.

    Both headings lead away from the junction. A pen that goes straight over to the other line and on turns
    twice: from its own heading to the way across, and from that to the new heading. For headings on one
    circle or one straight line this is the least there can be; a sideways step costs both turns.
    """
    dx, dy = two.x - one.x, two.y - one.y
    if hypot(dx, dy) < 1e-6:
        return abs(wrapped(two.angle - one.angle - pi))
    across = atan2(dy, dx)
    return abs(wrapped(across - one.angle - pi)) + abs(wrapped(two.angle - across))


def opening(one: Heading, two: Heading) -> float:
    """Give the angle between two headings, from 0 to pi."""
    return abs(wrapped(one.angle - two.angle))


def wrapped(angle: float) -> float:
    """Give the same angle between -pi and pi."""
    return (angle + pi) % (2 * pi) - pi
