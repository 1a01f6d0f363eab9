"""Omniglot's stroke files: ``START``, then lines ``x,y,t``, and ``BREAK`` behind each stroke.

Y grows upward there - it is negative - and is turned. Where the files lie as they are published, a
character's label is ``Alphabet/character01``. Source: github.com/brendenlake/omniglot.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.formats.format import (
    BadDrawing,
    DrawingRecord,
    DrawingRecords,
    Format,
    ReadOptions,
    without_blanks,
)
from limner.corpus.formats.limits import text_of
from limner.corpus.numbers import numbers_of_texts
from limner.corpus.rows import checked
from limner.strokes.formats import polylines_to_stroke3

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_BEGIN = re.compile(rb"START\s+(BREAK|-?[\d.])")
_CHARACTER = re.compile(r"character\d+")


def is_omniglot(head: bytes) -> bool:
    """Return whether a file is one of strokes."""
    return bool(_BEGIN.match(without_blanks(head)))


def read_omniglot(path: Path, options: ReadOptions) -> DrawingRecords:
    """Read a file of one drawing."""
    del options
    try:
        strokes = [_points(part) for part in text_of(path).replace("START", "").split("BREAK")]
        yield DrawingRecord(
            checked(polylines_to_stroke3(stroke for stroke in strokes if len(stroke))), _label(path)
        )
    except ValueError as error:
        yield BadDrawing(str(error))


def _points(text: str) -> NDArray[np.float64]:
    rows = [numbers_of_texts(line.split(",")[:2]) for line in text.split()]
    if any(len(row) != 2 for row in rows):
        raise ValueError("a line is not x,y,t")
    return np.array(rows, np.float64).reshape(-1, 2) * (1, -1)


def _label(path: Path) -> str | None:
    folder = path.parent
    return f"{folder.parent.name}/{folder.name}" if _CHARACTER.fullmatch(folder.name) else None


FORMAT = Format(
    "omniglot",
    "Omniglot's stroke files; their y grows upward and is negated",
    (),
    is_omniglot,
    shared=(".txt",),
    drawings=read_omniglot,
)
