"""UNIPEN: ink as text, with a keyword that begins with a dot at the start of a line.

The components between ``.PEN_DOWN`` and the next keyword are strokes of one drawing; what a pen that is up
does, comments, segments and included files are ignored. Y grows upward there, and is turned. Source:
Guyon et al., "UNIPEN project of on-line data exchange", ICPR 1994.

Letters: ``n`` points of a stroke.
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

_KEYWORD = re.compile(r"^[ \t]*\.([A-Za-z_]+)", re.M)
_KNOWN = re.compile(
    rb"^\s*\.(VERSION|COORD|PEN_DOWN|PEN_UP|HIERARCHY|DATA_SOURCE|INCLUDE|SEGMENT|START_BOX)\b", re.M | re.I
)
_USUAL = ("X", "Y")


def is_unipen(head: bytes) -> bool:
    """Return whether a file is UNIPEN: a line begins with one of its keywords, and the file with a dot."""
    return without_blanks(head)[:1] == b"." and bool(_KNOWN.search(head))


def read_unipen(path: Path, options: ReadOptions) -> DrawingRecords:
    """Read a file of one drawing."""
    del options
    text = text_of(path)
    try:
        yield DrawingRecord(checked(polylines_to_stroke3(_strokes(text))))
    except ValueError as error:
        yield BadDrawing(str(error))


def _strokes(text: str) -> list[NDArray[np.float64]]:
    marks = list(_KEYWORD.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    names, strokes = list(_USUAL), []
    for mark, end in zip(marks, ends, strict=True):
        keyword, rest = mark[1].upper(), text[mark.end() : end]
        if keyword == "COORD":
            names = rest.upper().split()
        elif keyword == "PEN_DOWN":
            strokes.append(_points(rest, names))
    return [stroke for stroke in strokes if len(stroke)]


def _points(text: str, names: list[str]) -> NDArray[np.float64]:
    """Return the points of a component, ``(n, 2)``, y turned."""
    if "X" not in names or "Y" not in names:
        raise ValueError("its .COORD has no X and Y")
    values = numbers_of_texts(text.split())
    whole = len(values) // len(names) * len(names)  # what is left of a point that was cut short goes
    table = np.array(values[:whole], np.float64).reshape(-1, len(names))
    return table[:, [names.index("X"), names.index("Y")]] * (1, -1)


FORMAT = Format(
    "unipen",
    "handwriting; its y grows upward and is negated",
    (".unp", ".upn", ".unipen"),
    is_unipen,
    shared=(".dat", ".txt"),
    drawings=read_unipen,
)
