"""Reading ``.ndjson``: one drawing a line, as QuickDraw has them, raw or simplified.

A line is an object with a ``drawing`` of strokes ``[xs, ys]`` or ``[xs, ys, ts]``; ``word``, ``key_id`` and
``recognized`` are used where they are there. Coordinates stay where they are on the page.

Letters: ``N`` drawings, ``S`` strokes and ``P`` points of all of them together.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from limner.corpus.corpus import Split, offsets_of
from limner.corpus.reading import Reading, number_labels
from limner.corpus.rows import NO_POINTS, checked
from limner.corpus.wording import counted
from limner.errors import DataError
from limner.strokes.formats import polylines_to_stroke3, quickdraw_to_polylines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from limner.corpus.collector import Collector

_BLANK = b" \t\r\n\xef\xbb\xbf"  # with the byte order mark that some editors put at the start
_BATCH = 2048  # lines that are turned into rows together


@dataclass(frozen=True)
class _Line:
    """A line of the file."""

    number: int  # from 1
    strokes: Any  # whatever stands under "drawing"
    label: str | None
    source: str


@dataclass
class _Pile:
    """Good drawings in the order of their lines."""

    rows: list[NDArray[np.float32]] = field(default_factory=list)
    lengths: list[NDArray[np.int64]] = field(default_factory=list)
    lines: list[_Line] = field(default_factory=list)

    def add(self, rows: NDArray[np.float32], lengths: NDArray[np.int64], lines: list[_Line]) -> None:
        self.rows.append(rows)
        self.lengths.append(lengths)
        self.lines += lines

    def to_reading(self) -> Reading:
        labels, names = number_labels([line.label for line in self.lines])
        rows = np.concatenate([np.zeros((0, 3), np.float32), *self.rows])
        offsets = offsets_of(np.concatenate([np.zeros(0, np.int64), *self.lengths]))
        split = Split(rows, offsets, labels, tuple(line.source for line in self.lines))
        return Reading({None: split}, names, ("float64" if (rows % 1).any() else "int64",))


def read_ndjson(path: Path, collector: Collector, *, recognized_only: bool = False) -> Reading:
    """Read a file of drawings.

    Parameters
    ----------
    path : Path
    collector : Collector
        Is told of bad drawings. A line that is not JSON is damage and always refused.
    recognized_only : bool
        Whether drawings that the game did not recognise are left out.

    Raises
    ------
    DataError
        If a line is not JSON, or a drawing is bad and the collector is strict; the message has the number
        of the line, counted from 1.
    """
    pile, unrecognised = _Pile(), 0
    batch: list[_Line] = []
    for number, record in _records(path):
        if recognized_only and isinstance(record, dict) and record.get("recognized") is False:
            unrecognised += 1
            continue
        batch.append(_line(path, number, record))
        if len(batch) == _BATCH:
            _add(pile, batch, path, collector)
            batch = []
    _add(pile, batch, path, collector)
    reading = pile.to_reading()
    if not unrecognised:
        return reading
    note = f"Left out because the game did not recognise them: {counted(unrecognised, 'drawing')}."
    return replace(reading, notes=(note,))


def _records(path: Path) -> Iterator[tuple[int, Any]]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip(_BLANK):
                continue
            try:
                yield number, json.loads(line.strip(_BLANK))
            except (ValueError, RecursionError) as error:
                raise DataError(
                    f"{path}, line {number} is not JSON; the file is damaged or was cut short."
                ) from error


def _line(path: Path, number: int, record: Any) -> _Line:
    facts = record if isinstance(record, dict) else {}
    word, key = facts.get("word"), facts.get("key_id")
    name = key if isinstance(key, (str, int)) else number - 1
    return _Line(number, facts.get("drawing"), word if isinstance(word, str) else None, f"{path.name}#{name}")


def _add(pile: _Pile, batch: list[_Line], path: Path, collector: Collector) -> None:
    """Turn lines into rows, all at once if nothing is wrong with them."""
    together = _together([line.strokes for line in batch])
    if together is not None:
        pile.add(*together, batch)
        return
    for line in batch:
        try:
            rows = _alone(line.strokes)
        except ValueError as error:
            collector.reject(line.source, str(error), f"{path}, line {line.number}")
            continue
        if len(rows):
            pile.add(rows, np.array([len(rows)]), [line])
        else:
            collector.omit(line.source, NO_POINTS)


def _together(drawings: list[Any]) -> tuple[NDArray[np.float32], NDArray[np.int64]] | None:
    """Give the rows and the lengths of sound drawings; None if any of them is not plain and sound."""
    if not all(isinstance(drawing, list) and drawing for drawing in drawings):
        return None
    strokes = list(chain.from_iterable(drawings))  # S
    if not strokes or not all(map(_is_even, strokes)):
        return None
    points = _points(strokes)  # (P, 2)
    if points is None:
        return None
    stroke_ends = np.cumsum([len(stroke[0]) for stroke in strokes])
    drawing_ends = stroke_ends[np.cumsum([len(drawing) for drawing in drawings]) - 1]
    starts = offsets_of(np.diff(drawing_ends, prepend=0))[:-1]
    rows = np.zeros((len(points), 3))
    rows[:, :2] = np.diff(points, axis=0, prepend=0.0)
    rows[starts, :2] = points[starts]  # from the origin, not from the drawing before
    rows[stroke_ends - 1, 2] = 1
    try:
        return checked(rows), np.diff(drawing_ends, prepend=0)
    except ValueError:
        return None


def _is_even(stroke: Any) -> bool:
    if not isinstance(stroke, list) or len(stroke) not in (2, 3):
        return False
    columns = all(isinstance(column, list) for column in stroke)
    return columns and 0 < len(stroke[0]) == len(stroke[1]) == len(stroke[-1])


def _points(strokes: list[Any]) -> NDArray[np.float64] | None:
    try:
        columns = [np.asarray(list(chain.from_iterable(stroke[i] for stroke in strokes))) for i in (0, 1)]
    except ValueError:  # lists within lists
        return None
    if any(column.ndim != 1 or column.dtype.kind not in "iuf" for column in columns):
        return None
    with np.errstate(over="ignore"):
        points = np.column_stack(columns).astype(np.float32)
    return points.astype(np.float64) if np.isfinite(points).all() else None


def _alone(strokes: Any) -> NDArray[np.float32]:
    """Give the rows of one drawing.

    Raises
    ------
    ValueError
        If it is not a list of strokes of numbers.
    """
    if not isinstance(strokes, list):
        raise ValueError("it has no drawing, a list of strokes")
    if not all(isinstance(stroke, list) and all(isinstance(c, list) for c in stroke) for stroke in strokes):
        raise ValueError("a stroke is not a list [xs, ys] or [xs, ys, ts]")
    with np.errstate(over="ignore"):
        return checked(polylines_to_stroke3(quickdraw_to_polylines(strokes)))
