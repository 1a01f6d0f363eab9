"""Elliptic arcs of SVG paths as cubic Bézier curves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

Cubic = tuple[float, float, float, float, float, float]
"""Two control points and an end."""


def arc_cubics(
    start: tuple[float, float],
    radii: tuple[float, float],
    degrees: float,
    is_large: bool,
    is_clockwise: bool,
    end: tuple[float, float],
) -> Iterator[Cubic]:
    """Yield the cubic curves of an arc, each of an eighth of a turn at most.

    They leave the ellipse by less than five millionths of its radius. Source: SVG 2, appendix B.2.4 and
    B.2.5: radii that are too small are scaled up, one of zero makes a line, and an arc back to its start is
    nothing.
    """
    if start == end:
        return
    rx, ry = abs(radii[0]), abs(radii[1])
    if rx == 0 or ry == 0:
        yield (*start, *end, *end)
        return
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    half_x, half_y = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    # on the unit circle that the ellipse is a picture of
    x, y = (cosine * half_x + sine * half_y) / rx, (cosine * half_y - sine * half_x) / ry
    length = math.hypot(x, y)
    if not 0 < length < math.inf:
        yield (*start, *end, *end)
        return
    if length > 1:
        rx, ry, x, y = rx * length, ry * length, x / length, y / length
        length = 1.0
    away = math.sqrt(max(0.0, 1 - length**2)) / length * (1 if is_large != is_clockwise else -1)
    centre = (away * y, -away * x)
    first = math.atan2(y - centre[1], x - centre[0])
    sweep = math.atan2(-y - centre[1], -x - centre[0]) - first
    sweep = sweep % math.tau if is_clockwise else -(-sweep % math.tau)
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)

    def place(u: float, v: float) -> tuple[float, float]:
        u, v = rx * (u + centre[0]), ry * (v + centre[1])
        return (cosine * u - sine * v + middle[0], sine * u + cosine * v + middle[1])

    pieces = max(1, math.ceil(abs(sweep) / (math.pi / 4) - 1e-9))
    step = sweep / pieces
    reach = 4 / 3 * math.tan(step / 4)
    for i in range(pieces):
        a, b = first + step * i, first + step * (i + 1)
        last = end if i == pieces - 1 else place(math.cos(b), math.sin(b))
        yield (
            *place(math.cos(a) - reach * math.sin(a), math.sin(a) + reach * math.cos(a)),
            *place(math.cos(b) + reach * math.sin(b), math.sin(b) - reach * math.cos(b)),
            *last,
        )
