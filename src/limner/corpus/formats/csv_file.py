"""CSV files with a drawing in a cell, as Kaggle's edition of QuickDraw has them, or with a point in a row.

A drawing in a cell is JSON in any layout of :mod:`limner.corpus.formats.json_strokes`. Columns are known by
their names in any case and order: ``drawing``, ``word``, ``key_id``, ``recognized`` and their like. A table
of points has ``x`` and ``y``, and ``stroke`` and ``drawing`` or their like, which change where a stroke or
a drawing ends.
"""

from __future__ import annotations

import csv
import sys
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.formats.format import (
    HEAD,
    BadDrawing,
    DrawingRecord,
    DrawingRecords,
    Format,
    ReadOptions,
    without_blanks,
)
from limner.corpus.formats.json_strokes import StrokeReader
from limner.corpus.formats.json_values import ID_KEYS, LABEL_KEYS, RECOGNIZED_KEYS, STROKE_KEYS, is_true
from limner.corpus.rows import checked
from limner.errors import DataError, cause_of
from limner.strokes.formats import polylines_to_stroke3

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

CELL = 1 << 26
"""Letters of a cell at most."""
_STROKE_IDS = ("stroke", "stroke_id", "strokeid", "stroke_index", "path", "path_id", "line", "trace")
_DRAWING_IDS = ("drawing", "drawing_id", "sketch", "sketch_id", "image", "sample", *ID_KEYS)
_DELIMITERS = ",;\t|"


def is_csv(head: bytes) -> bool:
    """Return whether a file is a table with drawings in its cells, or of points."""
    lines = without_blanks(head).decode("utf-8", "replace").splitlines()[:2]
    if not lines or lines[0][:1] in ("[", "{", "<"):
        return False
    several = any(mark in lines[0] for mark in _DELIMITERS)
    lists = "[[" in lines[-1].replace(" ", "") and (several or lines[-1].startswith('"'))
    return lists or _is_points(_names(lines[0]))


def read_csv(path: Path, options: ReadOptions) -> DrawingRecords:
    """Read the drawings of a table.

    Raises
    ------
    DataError
        If it has no column of drawings, or a cell is longer than :data:`CELL`.
    """
    csv.field_size_limit(min(CELL, sys.maxsize))
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
            heading = stream.readline(HEAD)
            names = _names(heading)
            if "[[" in heading:  # it is a row
                stream.seek(0)
                names = []
            rows = csv.reader(stream, delimiter=_delimiter(heading))
            yield from (
                _of_points(path, names, rows) if _is_points(names) else _of_cells(path, names, rows, options)
            )
    except csv.Error as error:
        raise DataError(f"{path} is no table that can be read: {error}.") from error
    except OSError as error:
        raise DataError(f"Cannot read {path}: {cause_of(error)}.") from error


def _of_cells(
    path: Path, names: list[str], rows: Iterable[list[str]], options: ReadOptions
) -> Iterator[DrawingRecord | BadDrawing]:
    reader, at = StrokeReader(options), _column(names, STROKE_KEYS)
    label, key, recognized = (_column(names, keys) for keys in (LABEL_KEYS, ID_KEYS, RECOGNIZED_KEYS))
    for row in rows:
        if not any(row):
            continue
        if at is None:
            at = next((i for i, cell in enumerate(row) if cell.lstrip().startswith("[")), None)
        if at is None:
            raise DataError(f"{path} has no column of drawings: it has {', '.join(names)[:100]}.")
        which = _cell(row, key) or None
        try:
            drawn = reader.rows(_cell(row, at))
        except ValueError as error:
            yield BadDrawing(str(error), which)
            continue
        yield DrawingRecord(drawn, _cell(row, label) or None, which, is_true(_cell(row, recognized)))


def _of_points(
    path: Path, names: list[str], rows: Iterable[list[str]]
) -> Iterator[DrawingRecord | BadDrawing]:
    x, y = names.index("x"), names.index("y")
    stroke, drawing, label = (_column(names, keys) for keys in (_STROKE_IDS, _DRAWING_IDS, LABEL_KEYS))
    filled = (row for row in rows if any(row))
    for which, group in groupby(filled, key=lambda row: _cell(row, drawing)):
        lines, word = [], ""
        try:
            for _, points in groupby(group, key=lambda row: _cell(row, stroke)):
                held = list(points)
                word = word or _cell(held[0], label)
                lines.append([[float(_cell(row, x)), float(_cell(row, y))] for row in held])
            yield DrawingRecord(
                checked(polylines_to_stroke3(map(np.array, lines))), word or None, which or None
            )
        except ValueError:
            yield BadDrawing(f"a point of {path.name} is no pair of numbers", which or None)


def _is_points(names: list[str]) -> bool:
    return "x" in names and "y" in names


def _names(heading: str) -> list[str]:
    cells = next(csv.reader([heading], delimiter=_delimiter(heading)), [])
    return [cell.strip().lower() for cell in cells]


def _delimiter(heading: str) -> str:
    return max(_DELIMITERS, key=heading.count)


def _column(names: Sequence[str], wanted: Iterable[str]) -> int | None:
    return next((names.index(name) for name in wanted if name in names), None)


def _cell(row: Sequence[str], at: int | None) -> str:
    return row[at].strip() if at is not None and at < len(row) else ""


FORMAT = Format(
    "csv",
    "a drawing in a cell, as Kaggle's edition of QuickDraw, or points in rows",
    (),
    is_csv,
    shared=(".csv", ".tsv"),
    drawings=read_csv,
)
