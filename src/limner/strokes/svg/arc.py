"""Elliptic arcs of SVG paths as cubic Bézier curves."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

Point = tuple[float, float]
Cubic = tuple[float, float, float, float, float, float]
"""Two control points and the end."""

LARGEST_SWEEP = math.pi / 4
"""Angle of one cubic curve at most: it then leaves the ellipse by less than 5e-6 of the radius."""


@dataclass(frozen=True, slots=True)
class Ellipse:
    """An ellipse as an affine image of the unit circle.

    Parameters
    ----------
    rx, ry : float
        Radii.
    cosine, sine : float
        Of the angle between the ellipse's x axis and that of the coordinates.
    centre : pair of float
        Centre relative to ``middle``, in the coordinates of the unit circle.
    middle : pair of float
        Midpoint of the chord from start to end.
    """

    rx: float
    ry: float
    cosine: float
    sine: float
    centre: Point
    middle: Point

    def image(self, u: float, v: float) -> Point:
        """Map a point given relative to the unit circle's centre."""
        u, v = self.rx * (u + self.centre[0]), self.ry * (v + self.centre[1])
        return (
            self.cosine * u - self.sine * v + self.middle[0],
            self.sine * u + self.cosine * v + self.middle[1],
        )


def arc_cubics(
    start: Point, radii: Point, degrees: float, is_large: bool, is_clockwise: bool, end: Point
) -> Iterator[Cubic]:
    """Yield the cubic curves of an arc, each of an eighth of a turn at most.

    Radii that are too small are scaled up, a radius of zero makes a line, and an arc that ends where it
    starts is left out. Source: SVG 2, appendix B.2.4 and B.2.5.
    """
    if start == end:
        return
    rx, ry = abs(radii[0]), abs(radii[1])
    if rx == 0 or ry == 0:
        yield (*start, *end, *end)
        return
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    half_x, half_y = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    # half the chord in the coordinates of the unit circle
    x, y = (cosine * half_x + sine * half_y) / rx, (cosine * half_y - sine * half_x) / ry
    length = math.hypot(x, y)
    if not 0 < length < math.inf:
        yield (*start, *end, *end)
        return
    if length > 1:
        rx, ry, x, y = rx * length, ry * length, x / length, y / length
        length = 1.0
    offset = math.sqrt(max(0.0, 1 - length**2)) / length * (1 if is_large != is_clockwise else -1)
    centre = (offset * y, -offset * x)
    first = math.atan2(y - centre[1], x - centre[0])
    sweep = math.atan2(-y - centre[1], -x - centre[0]) - first
    sweep = sweep % math.tau if is_clockwise else -(-sweep % math.tau)
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    yield from _sweep_cubics(Ellipse(rx, ry, cosine, sine, centre, middle), first, sweep, end)


def _sweep_cubics(ellipse: Ellipse, first: float, sweep: float, end: Point) -> Iterator[Cubic]:
    """Yield the curves of an ellipse from the angle ``first`` on; the last one ends exactly at ``end``."""
    pieces = max(1, math.ceil(abs(sweep) / LARGEST_SWEEP - 1e-9))
    step = sweep / pieces
    reach = 4 / 3 * math.tan(step / 4)
    for i in range(pieces):
        a, b = first + step * i, first + step * (i + 1)
        last = end if i == pieces - 1 else ellipse.image(math.cos(b), math.sin(b))
        yield (
            *ellipse.image(math.cos(a) - reach * math.sin(a), math.sin(a) + reach * math.cos(a)),
            *ellipse.image(math.cos(b) + reach * math.sin(b), math.sin(b) - reach * math.cos(b)),
            *last,
        )
