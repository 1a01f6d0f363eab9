"""The data of SVG paths to polylines, through svgelements."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
from svgelements import Arc, Close, CubicBezier, Move, Path, QuadraticBezier

from limner.strokes.curves import flatten_arc, flatten_cubics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# svgelements silently stops at what it does not know, so the tokens are checked before it sees them.
NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
TOKENS = re.compile(rf"(?:[\s,]*+(?:[MmZzLlHhVvCcSsQqTtAa]|{NUMBER}))*+[\s,]*+")


def path_polylines(data: str, tolerance: float) -> list[Floats]:
    """Cut the curves of a path and give one polyline a subpath.

    A closed subpath ends where it starts. A subpath that only moves draws nothing and is left out; one whose
    points all coincide is a dot, and has one point.

    Parameters
    ----------
    data : str
        The ``d`` attribute of a path.
    tolerance : float
        Largest distance between path and polyline, in the units of the path, positive.

    Returns
    -------
    list of float64 arrays of shape ``(n, 2)``

    Raises
    ------
    ValueError
        If the data is not made as the SVG specification says.
    """
    segments = _segments(data)
    lines = [line for line in _subpaths(segments, tolerance) if len(line) > 1]
    return [line if (line != line[0]).any() else line[:1] for line in lines]


def _segments(data: str) -> list[Any]:
    if data in ("", "none"):
        return []
    shown = data if len(data) <= 40 else f"{data[:37]}..."
    if data[0] not in "Mm" or not TOKENS.fullmatch(data):
        raise ValueError(f"the path data {shown!r} cannot be read")
    try:
        return _with_own_controls(list(Path(data)))
    except (ValueError, TypeError, ArithmeticError, LookupError):
        raise ValueError(f"the path data {shown!r} cannot be read") from None


def _with_own_controls(segments: list[Any]) -> list[Any]:
    """Let S continue only a cubic curve and T only a quadratic one, where svgelements takes either."""
    before: Any = None
    for segment in segments:
        is_continued = type(before) is type(segment)
        if isinstance(segment, CubicBezier) and segment.smooth and not is_continued:
            segment.control1 = segment.start
        elif isinstance(segment, QuadraticBezier) and segment.smooth:
            segment.control = before.control.reflected_across(before.end) if is_continued else segment.start
        before = segment
    return segments


def _subpaths(segments: list[Any], tolerance: float) -> Iterator[Floats]:
    curves = [_controls(s) for s in segments if isinstance(s, (CubicBezier, QuadraticBezier))]
    flattened = iter(flatten_cubics(np.array(curves).reshape(-1, 4, 2), tolerance))
    parts: list[Floats] = []  # of the subpath at hand
    for segment in segments:
        if isinstance(segment, Move) or not parts:
            if parts:
                yield np.concatenate(parts)
            parts = [_points(segment.end if isinstance(segment, Move) else segment.start)]
        if isinstance(segment, Close):
            yield np.concatenate([*parts, parts[0]] if len(parts) == 1 or _is_open(parts) else parts)
            parts = []
        elif isinstance(segment, (CubicBezier, QuadraticBezier)):
            parts.append(next(flattened))
        elif isinstance(segment, Arc):
            parts.append(_arc(segment, tolerance))
        elif not isinstance(segment, Move):
            parts.append(_points(segment.end))
    if parts:
        yield np.concatenate(parts)


def _is_open(parts: list[Floats]) -> bool:
    return bool((parts[-1][-1] != parts[0][0]).any())


def _arc(arc: Any, tolerance: float) -> Floats:
    """Cut an arc. One without a radius is a line, one back to its start is nothing."""
    if arc.start == arc.end:
        return np.zeros((0, 2))
    if arc.rx == 0 or arc.ry == 0:
        return _points(arc.end)
    centre = _points(arc.center)[0]
    across, along = _points(arc.prx, arc.pry) - centre
    points = flatten_arc(centre, across, along, arc.get_start_t(), arc.sweep, tolerance)
    points[-1] = arc.end
    return points


def _controls(curve: Any) -> Floats:
    """Give the four control points of a cubic curve, or of the cubic that a quadratic one is."""
    if hasattr(curve, "control"):
        start, control, end = _points(curve.start, curve.control, curve.end)
        return np.stack([start, start + (control - start) * 2 / 3, end + (control - end) * 2 / 3, end])
    return _points(curve.start, curve.control1, curve.control2, curve.end)


def _points(*points: Any) -> Floats:
    array = np.array([(point.x, point.y) for point in points], dtype=np.float64)
    if not (np.abs(array) <= np.finfo(np.float32).max).all():
        raise ValueError("a coordinate of a path is not a number that float32 can hold")
    return array
