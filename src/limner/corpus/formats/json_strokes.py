"""Strokes in JSON values, in whatever layout other programs write them.

A drawing is an object that holds its strokes under one of ``STROKE_KEYS``, a list of strokes, or either
of them as text. A stroke is columns ``[xs, ys]`` or ``[xs, ys, ts]`` as in QuickDraw, a list of points
``[x, y]`` or ``[x, y, t]``, a list of ``{"x": x, "y": y}``, an object of ``points`` or of columns, or a flat
list ``[x0, y0, x1, y1]``. Times, pressure and other values beside x and y are ignored.

Two or three lists of two or three numbers may be columns or points: the other strokes of the drawing decide,
then those of drawings before it, and columns if nothing else does.

Letters: ``n`` points of a stroke or a drawing.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from limner.corpus.formats.format import DEFAULT_OPTIONS, BadDrawing, DrawingRecord, ReadOptions
from limner.corpus.formats.json_values import (
    ID_KEYS,
    LABEL_KEYS,
    RECOGNIZED_KEYS,
    STROKE_KEYS,
    first_of,
    is_number,
    is_rows,
    is_true,
    lowered,
    parsed_or_none,
    rows_of,
)
from limner.corpus.numbers import as_numbers
from limner.corpus.rows import checked
from limner.strokes.formats import polylines_to_stroke3

Layout = Literal["columns", "points"]

_POINT_KEYS = ("points", "coords", "coordinates", "vertices", "path", "stroke", "segments", "data")
_PARTS = "all_strokes"  # Creative Birds: body parts of strokes of segments [x0, y0, x1, y1]

MOST_COLUMNS = 3
"""Lists of a stroke: xs, ys and times."""
MOST_OF_POINT = 6
"""Numbers of a point: x, y, time, pressure and two tilts."""
EXAMINED = 1000
"""Drawings of a file that are examined to find its layout."""


class StrokeReader:
    """Reads the drawings of one file, and remembers the layout once it is certain."""

    def __init__(self, options: ReadOptions = DEFAULT_OPTIONS) -> None:
        self._known: Layout | None = None
        self._lists: set[int] = set()  # of strokes: how many lists they have,
        self._widths: set[int] = set()  # and how many numbers these have
        self._pen = options.pen

    def find_layout(self, values: list[Any]) -> None:
        """Find the layout from the first drawings for which it is certain."""
        for value in values[:EXAMINED]:
            with suppress(ValueError):
                strokes = self._listed(value)
                if not is_rows(strokes) and not _is_stroke_of_points(strokes):
                    self._learn(strokes)
            if self._known is not None:
                return

    def record(self, value: Any) -> DrawingRecord | BadDrawing:
        """Read one drawing with its label and key."""
        facts = lowered(value)
        key = first_of(facts, ID_KEYS)
        key = key if isinstance(key, (str, int)) and not isinstance(key, bool) else None
        try:
            rows = self.rows(value)
        except ValueError as error:
            return BadDrawing(str(error), key)
        word = first_of(facts, LABEL_KEYS)
        recognized = is_true(first_of(facts, RECOGNIZED_KEYS))
        return DrawingRecord(rows, word if isinstance(word, str) else None, key, recognized)

    def rows(self, value: Any) -> NDArray[np.float32]:
        """Read one drawing as checked stroke-3 rows of shape ``(n, 3)``.

        Raises
        ------
        ValueError
            If it is not a list of strokes of numbers; the message is a clause.
        """
        strokes = self._listed(value)
        if is_rows(strokes):
            return rows_of(strokes, self._pen)
        if _is_stroke_of_points(strokes):
            strokes = [strokes]
        self._learn(strokes)
        with np.errstate(over="ignore"):
            return checked(polylines_to_stroke3([self._points(stroke) for stroke in strokes]))

    def _listed(self, value: Any) -> list[Any]:
        """Return the list of strokes of a drawing."""
        for _ in range(4):  # text within an object within text, and so on
            if isinstance(value, str):
                value = parsed_or_none(value)
            elif isinstance(value, Mapping):
                value = _strokes_within(value)
        if not isinstance(value, list) or any(map(is_number, value)):
            raise ValueError("it has no drawing, a list of strokes")
        return value

    def _learn(self, strokes: list[Any]) -> None:
        """Remember the layout as soon as a stroke, or all of them together, make it certain."""
        if self._known is not None:
            return
        for stroke in strokes:
            if isinstance(stroke, list) and stroke and all(isinstance(part, list) for part in stroke):
                self._lists.add(len(stroke))
                self._widths |= {len(part) for part in stroke}
                self._known = self._known or _certain_layout(stroke)
        self._known = self._known or self._by_all()

    def _by_all(self) -> Layout | None:
        """Return the layout if all strokes share the number of columns, or of numbers of a point."""
        if len(self._lists) == len(self._widths):
            return None
        if len(self._lists) == 1 and self._lists <= {2, MOST_COLUMNS}:
            return "columns"
        points = len(self._widths) == 1 and 2 <= min(self._widths) <= MOST_OF_POINT
        return "points" if points else None

    def _points(self, stroke: Any) -> NDArray[np.float64]:
        """Return the points of a stroke, ``(n, 2)``."""
        if isinstance(stroke, np.ndarray):
            return stroke
        if isinstance(stroke, Mapping):
            facts = lowered(stroke)
            if "x" in facts and "y" in facts and isinstance(facts["x"], list):
                return _columns([facts["x"], facts["y"]])
            stroke = first_of(facts, _POINT_KEYS)
        if not isinstance(stroke, list):
            raise ValueError("a stroke is not a list [xs, ys] or [xs, ys, ts], nor a list of points")
        if not stroke:
            return np.zeros((0, 2))
        if all(isinstance(point, Mapping) for point in stroke):
            return _points_of_objects(stroke)
        if len(stroke) > MOST_COLUMNS and all(map(is_number, stroke)):
            return _points_of_flat(stroke)
        if not all(isinstance(part, list) for part in stroke):
            raise ValueError("a stroke is not a list [xs, ys] or [xs, ys, ts], nor a list of points")
        return _columns(stroke) if self._is_columns(stroke) else _points_of_lists(stroke)

    def _is_columns(self, stroke: list[list[Any]]) -> bool:
        return (_certain_layout(stroke) or self._known or "columns") == "columns"


def _strokes_within(value: Mapping[str, Any]) -> Any:
    facts = lowered(value)
    if isinstance(facts.get(_PARTS), list):
        from limner.corpus.formats.body_parts import strokes_of_parts

        return strokes_of_parts(facts[_PARTS])
    return next((facts[key] for key in STROKE_KEYS if isinstance(facts.get(key), (list, str, Mapping))), None)


def _is_stroke_of_points(value: list[Any]) -> bool:
    """Return whether a list is one stroke: objects, or more lists of numbers than there are columns."""
    if value and all(isinstance(point, Mapping) for point in value):
        return is_number(lowered(value[0]).get("x"))
    if len(value) <= MOST_COLUMNS:
        return False
    return all(
        isinstance(point, list) and len(point) in (2, 3) and all(map(is_number, point)) for point in value
    )


def _certain_layout(stroke: Any) -> Layout | None:
    """Return columns or points, if only one of them is possible."""
    if not isinstance(stroke, list) or not stroke or not all(isinstance(part, list) for part in stroke):
        return None
    widths = {len(part) for part in stroke}
    columns = 2 <= len(stroke) <= MOST_COLUMNS and len(widths) == 1
    points = len(widths) == 1 and 2 <= min(widths) <= MOST_OF_POINT
    return None if columns == points or len(stroke) == 1 else "columns" if columns else "points"


def _columns(stroke: list[Any]) -> NDArray[np.float64]:
    if len(stroke) < 2 or not all(isinstance(column, list) for column in stroke):
        raise ValueError("a stroke is not a list [xs, ys] or [xs, ys, ts], nor a list of points")
    if len({len(column) for column in stroke}) != 1:
        raise ValueError("the xs and ys of a stroke differ in length")
    return np.column_stack([as_numbers(column) for column in stroke[:2]])


def _points_of_lists(stroke: list[list[Any]]) -> NDArray[np.float64]:
    if any(len(point) < 2 for point in stroke):
        raise ValueError("a point is not a list [x, y]")
    return as_numbers([value for point in stroke for value in point[:2]]).reshape(-1, 2)


def _points_of_objects(stroke: list[Mapping[str, Any]]) -> NDArray[np.float64]:
    points = [lowered(point) for point in stroke]
    if any("x" not in point or "y" not in point for point in points):
        raise ValueError("a point has no x or no y")
    return as_numbers([point[axis] for point in points for axis in ("x", "y")]).reshape(-1, 2)


def _points_of_flat(stroke: list[float]) -> NDArray[np.float64]:
    if len(stroke) % 2:
        raise ValueError("a flat stroke has an odd number of coordinates")
    return as_numbers(stroke).reshape(-1, 2)
