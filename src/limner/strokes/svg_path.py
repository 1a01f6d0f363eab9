"""The data of SVG paths and lists of points as chains of cubic Bézier curves.

Letters: ``k`` curves of one subpath.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from limner.strokes.curves import TooManyPointsError
from limner.strokes.svg_pen import A_STROKE, WHITE, Pen, numbers_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LARGEST = float(np.finfo(np.float32).max)


class Outline(NamedTuple):
    """What a path draws.

    Parameters
    ----------
    subpaths : list of float64 arrays of shape ``(k, 4, 2)``, k >= 1
        Chains of cubic curves; lines are curves too, whose control points are their ends.
    is_whole : bool
        Whether the data was read to its end, without an error.
    spent : int
        How much of what it may have is used up: its curves, and somewhat more for many subpaths.
    """

    subpaths: list[Floats]
    is_whole: bool
    spent: int = 0


def parse_path(data: str, most: int) -> Outline:
    """Read the data of a path up to its first error.

    A closed subpath ends where it starts. A subpath that only moves draws nothing and is left out.

    Parameters
    ----------
    data : str
        The ``d`` attribute of a path. Source: SVG 2, 9.3 and 9.5.4.
    most : int
        How many curves it may have.

    Raises
    ------
    TooManyPointsError
        If it has more.
    """
    data = data.strip(WHITE)
    if data in ("", "none"):
        return Outline([], True)
    if data[0] not in "Mm":
        return Outline([], False)
    if sum(map(data.count, "LlHhVvCcSsQqTtAa")) > most:
        raise TooManyPointsError
    pen = Pen(most)
    is_whole = pen.follow(data)
    return _sound(pen.subpaths, is_whole)._replace(spent=most - pen.left)


def parse_points(text: str, most: int) -> Outline:
    """Read the ``points`` of a polyline; a lonely last coordinate is left out, other errors leave nothing.

    Parameters
    ----------
    text, most
        As for :func:`parse_path`.

    Raises
    ------
    TooManyPointsError
        If there are more points.
    """
    numbers = numbers_of(text, 2 * most)
    if numbers is None:
        return Outline([], False)
    points = numbers[: len(numbers) // 2 * 2].reshape(-1, 2)
    outline = _sound([lines(points)] if len(points) > 1 else [], not len(numbers) % 2)
    return outline._replace(spent=len(points) + A_STROKE)


def lines(points: Floats) -> Floats:
    """Return lines through points as curves, ``(n, 2)`` to ``(n - 1, 4, 2)``; a point is a line to itself."""
    starts, ends = (points[:-1], points[1:]) if len(points) > 1 else (points, points)
    return np.stack([starts, starts, ends, ends], axis=1)


def closed(subpath: Floats) -> Floats:
    """Add the line back to the start, if a subpath does not end there."""
    start, end = subpath[0, 0], subpath[-1, 3]
    return subpath if (start == end).all() else np.concatenate([subpath, lines(np.stack([end, start]))])


def _sound(subpaths: list[Floats], is_whole: bool) -> Outline:
    """Cut a path where a number is larger than float32 can hold."""
    sound: list[Floats] = []
    for subpath in subpaths:
        is_good = (np.abs(subpath) <= LARGEST).all(axis=(1, 2))
        if not is_good.all():
            first = int(is_good.argmin())
            return Outline([*sound, subpath[:first]] if first else sound, False)
        sound.append(subpath)
    return Outline(sound, is_whole)
