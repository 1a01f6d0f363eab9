"""Conversions between the field's formats: stroke-3, stroke-5, polylines and QuickDraw lists.

stroke-3
    Rows ``(dx, dy, lift)``: an offset from the point before, and 1 if the pen lifts after this point.
    The first offset is from an origin, (0, 0) unless given.
stroke-5
    Rows ``(dx, dy, p1, p2, p3)``: one-hot states of the pen, which stays down after this point, lifts after
    it, or has finished the drawing. A drawing ends with rows ``(0, 0, 0, 0, 1)``. Source: Ha and Eck 2017,
    section 3.1.

A round trip is exact for coordinates that float32 holds on a common grid (all integers below 2**24); others
return within the rounding error of float32, because sums are in float64.

Letters: ``N`` points of a drawing, ``n`` points of a stroke, ``T`` rows of stroke-5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import ArrayLike, NDArray

START_TOKEN = (0.0, 0.0, 1.0, 0.0, 0.0)
"""The row that a decoder reads before the first point."""
END_TOKEN = (0.0, 0.0, 0.0, 0.0, 1.0)
"""The row that ends a drawing."""


def as_stroke3(rows: ArrayLike) -> NDArray[np.float64]:
    """Return stroke-3 rows of any numeric or object dtype as float64 of shape ``(N, 3)``, after checks.

    Raises
    ------
    ValueError
        If the rows are not three wide, not finite numbers, or a lift is neither 0 nor 1.
    """
    array = _as_numbers(rows)
    if array.size == 0 and array.ndim <= 2:
        return np.zeros((0, 3))
    if array.ndim != 2 or array.shape[1] != 3:
        raise ValueError(f"stroke-3 rows must be three wide (dx, dy, lift), not of shape {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError("an offset is not a finite number")
    if not np.isin(array[:, 2], (0.0, 1.0)).all():
        raise ValueError("a lift is neither 0 nor 1")
    return array


def stroke3_to_polylines(
    rows: ArrayLike, *, origin: tuple[float, float] = (0.0, 0.0)
) -> tuple[NDArray[np.float32], ...]:
    """Convert stroke-3 rows to absolute polylines, split at the lifts; a last one without a lift is kept.

    Parameters
    ----------
    rows : array_like of shape ``(N, 3)``
        Any integer, float or object dtype.
    origin : pair of float
        Position of the pen before the first row.

    Returns
    -------
    tuple of float32 arrays of shape ``(n, 2)``
        Empty for no rows.

    Raises
    ------
    ValueError
        As :func:`as_stroke3`.
    """
    array = as_stroke3(rows)
    if not len(array):
        return ()
    points = _as_float32(np.cumsum(array[:, :2], axis=0) + np.asarray(origin))
    ends = np.flatnonzero(array[:, 2] == 1) + 1
    return tuple(piece for piece in np.split(points, ends) if len(piece))


def polylines_to_stroke3(
    polylines: Iterable[ArrayLike], *, origin: tuple[float, float] = (0.0, 0.0)
) -> NDArray[np.float32]:
    """Convert polylines to stroke-3 rows; the last row of each has lift 1, empty polylines are left out.

    Returns
    -------
    float32 array of shape ``(N, 3)``

    Raises
    ------
    ValueError
        If a polyline is not of shape ``(n, 2)`` or holds anything but finite numbers.
    """
    lines = [line for line in map(_as_numbers, polylines) if line.size]
    if any(line.ndim != 2 or line.shape[1] != 2 for line in lines):
        raise ValueError("a polyline must be of shape (n, 2)")
    if not lines:
        return np.zeros((0, 3), np.float32)
    offsets = np.diff(np.concatenate([np.asarray([origin], np.float64), *lines]), axis=0)
    lifts = np.zeros((len(offsets), 1))
    lifts[np.cumsum([len(line) for line in lines]) - 1] = 1
    return _as_float32(np.hstack([offsets, lifts]))


def stroke3_to_stroke5(
    rows: ArrayLike, length: int | None = None, *, start_token: bool = False
) -> NDArray[np.float32]:
    """Convert stroke-3 rows to stroke-5 rows and end the drawing.

    Parameters
    ----------
    rows : array_like of shape ``(N, 3)``
    length : int, optional
        Number of rows after the start token, padded with end rows ``(0, 0, 0, 0, 1)``; ``N + 1`` unless
        given, which leaves one end row.
    start_token : bool
        Whether the row ``(0, 0, 1, 0, 0)`` comes first.

    Returns
    -------
    float32 array of shape ``(T, 5)``, T = ``length`` (+ 1 with the start token)

    Raises
    ------
    ValueError
        If ``length`` is smaller than N, or as :func:`as_stroke3`.
    """
    array = as_stroke3(rows)
    n = len(array)
    total = n + 1 if length is None else length
    if total < n:
        raise ValueError(f"a drawing of {n} points does not fit into {total} rows")
    out = np.zeros((total, 5), np.float32)
    out[:n, :2] = _as_float32(array[:, :2])
    out[:n, 2] = 1 - array[:, 2]
    out[:n, 3] = array[:, 2]
    out[n:, 4] = 1
    return np.vstack([np.asarray([START_TOKEN], np.float32), out]) if start_token else out


def stroke5_to_stroke3(rows: ArrayLike) -> NDArray[np.float32]:
    """Convert stroke-5 rows, up to the first end row, to stroke-3 rows.

    A leading start token, a row ``(0, 0, 1, 0, 0)``, is read as an ordinary point: remove it first.

    Raises
    ------
    ValueError
        If the rows are not five wide, not finite, or a pen state is not one of the three unit vectors.
    """
    array = _as_numbers(rows)
    if array.size == 0 and array.ndim <= 2:
        return np.zeros((0, 3), np.float32)
    if array.ndim != 2 or array.shape[1] != 5:
        raise ValueError(f"stroke-5 rows must be five wide, not of shape {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError("an offset is not a finite number")
    pen = array[:, 2:]
    if not (np.isin(pen, (0.0, 1.0)).all() and (pen.sum(axis=1) == 1).all()):
        raise ValueError("a pen state is not one of (1, 0, 0), (0, 1, 0) and (0, 0, 1)")
    over = np.flatnonzero(pen[:, 2] == 1)
    return _as_float32(array[: over[0] if len(over) else len(array), [0, 1, 3]])


def quickdraw_to_polylines(
    drawing: Sequence[Sequence[Sequence[float]]],
) -> tuple[NDArray[np.float32], ...]:
    """Convert QuickDraw's strokes ``[xs, ys]`` or ``[xs, ys, ts]`` to polylines; empty ones are left out.

    Raises
    ------
    ValueError
        If a stroke is not made of two or three lists of the same length that hold finite numbers.
    """
    if not isinstance(drawing, (list, tuple)):
        raise ValueError("a drawing is not a list of strokes")
    strokes = [_quickdraw_stroke(stroke) for stroke in drawing]
    return tuple(stroke for stroke in strokes if len(stroke))


def _quickdraw_stroke(stroke: Sequence[Sequence[float]]) -> NDArray[np.float32]:
    if not isinstance(stroke, (list, tuple)) or len(stroke) not in (2, 3):
        raise ValueError("a stroke is not a list [xs, ys] or [xs, ys, ts]")
    columns = [_as_numbers(column) for column in stroke]
    if any(column.ndim != 1 for column in columns):
        raise ValueError("the xs or ys of a stroke are not a list of numbers")
    if len({len(column) for column in columns}) != 1:
        raise ValueError("the xs and ys of a stroke differ in length")
    return _as_float32(np.column_stack(columns[:2]))


def _as_numbers(values: ArrayLike) -> NDArray[np.float64]:
    try:
        array = np.asarray(values)
        if array.dtype == object:
            array = np.asarray(array.tolist())  # object rows may hold anything: look what it is
        if array.dtype.kind in "USmMcV":
            raise TypeError
        return array.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        raise ValueError("the values are not numbers in even rows") from None


def _as_float32(array: NDArray[np.float64]) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):  # what float32 cannot hold is refused
        narrow = array.astype(np.float32)
    if not np.isfinite(narrow).all():
        raise ValueError("a coordinate is not a finite number, or too large")
    return narrow
