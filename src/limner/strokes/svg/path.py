"""The data of SVG paths and lists of points as chains of cubic Bézier curves.

Letters: ``k`` curves of one subpath, ``n`` points of a polyline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from limner.strokes.curves import TooManyPointsError
from limner.strokes.svg.numbers import WHITE, parse_numbers
from limner.strokes.svg.path_pen import SUBPATH_COST, PathPen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LARGEST = float(np.finfo(np.float32).max)
"""Coordinates beyond cannot be held by a drawing."""
MAX_POINTS = 1_000_000
"""Points of a drawing that is read, and curves of a path, at most."""


class Outline(NamedTuple):
    """The curves that a shape draws.

    Parameters
    ----------
    subpaths : list of float64 arrays of shape ``(k, 4, 2)``, k >= 1
        Chains of cubic curves; a line is a curve whose control points are its ends.
    is_complete : bool
        Whether the data was read to its end, without an error.
    spent : int
        How much of the allowed number of curves is used up: the curves, and some more for each subpath.
    """

    subpaths: list[Floats]
    is_complete: bool
    spent: int = 0


def parse_path(data: str, max_curves: int) -> Outline:
    """Parse the data of a path up to its first error.

    A closed subpath ends where it starts. A subpath that only moves draws nothing and is left out.

    Parameters
    ----------
    data : str
        The ``d`` attribute of a path. Source: SVG 2, 9.3 and 9.5.4.
    max_curves : int
        Number of curves allowed.

    Raises
    ------
    TooManyPointsError
        If there are more curves.
    """
    data = data.strip(WHITE)
    if data in ("", "none"):
        return Outline([], True)
    if data[0] not in "Mm":
        return Outline([], False)
    if sum(map(data.count, "LlHhVvCcSsQqTtAa")) > max_curves:
        raise TooManyPointsError
    pen = PathPen(max_curves)
    is_complete = pen.follow(data)
    return _representable(pen.subpaths, is_complete)._replace(spent=max_curves - pen.left)


def parse_points(text: str, max_points: int) -> Outline:
    """Parse the ``points`` of a polyline; an odd last coordinate is dropped, other errors leave nothing.

    Parameters
    ----------
    text : str
    max_points : int
        Number of points allowed.

    Raises
    ------
    TooManyPointsError
        If there are more points.
    """
    numbers = parse_numbers(text, 2 * max_points)
    if numbers is None:
        return Outline([], False)
    points = numbers[: len(numbers) // 2 * 2].reshape(-1, 2)
    outline = _representable([lines(points)] if len(points) > 1 else [], not len(numbers) % 2)
    return outline._replace(spent=len(points) + SUBPATH_COST)


def lines(points: Floats) -> Floats:
    """Return the segments of a polyline as curves, ``(n - 1, 4, 2)``; a single point is a curve too."""
    starts, ends = (points[:-1], points[1:]) if len(points) > 1 else (points, points)
    return np.stack([starts, starts, ends, ends], axis=1)


def closed(subpath: Floats) -> Floats:
    """Add the line back to the start, if a subpath does not end there."""
    start, end = subpath[0, 0], subpath[-1, 3]
    return subpath if (start == end).all() else np.concatenate([subpath, lines(np.stack([end, start]))])


def _representable(subpaths: list[Floats], is_complete: bool) -> Outline:
    """End a path before the first number that float32 cannot hold."""
    kept: list[Floats] = []
    for subpath in subpaths:
        is_good = (np.abs(subpath) <= LARGEST).all(axis=(1, 2))
        if not is_good.all():
            first = int(is_good.argmin())
            return Outline([*kept, subpath[:first]] if first else kept, False)
        kept.append(subpath)
    return Outline(kept, is_complete)
