"""QuickDraw's binary form: drawings of one class one after another, without anything before them.

A drawing is ``key_id`` (uint64), a country (2 letters), whether it was recognized (1 byte), a timestamp
(uint32), the number of strokes (uint16), and for each stroke the number of points (uint16), all xs and all ys
(uint8 each); everything little-endian. The class is the name of the file. Source: the README of
github.com/googlecreativelab/quickdraw-dataset.

Letters: ``n`` points of a stroke.
"""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.formats.format import HEAD, DrawingRecord, DrawingRecords, Format, ReadOptions
from limner.errors import DataError, cause_of
from limner.strokes.formats import polylines_to_stroke3

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from numpy.typing import NDArray

_HEAD = struct.Struct("<Q2sBIH")
_COUNT = struct.Struct("<H")
_PREFIX = re.compile(r"^full[-_ ]+binary[-_ ]+", re.I)  # what copies of the published folders add


def is_bin(head: bytes) -> bool:
    """Return whether a file begins with a drawing: its flag is 0 or 1, and its strokes fit."""
    if len(head) < _HEAD.size + _COUNT.size:
        return False
    _, country, recognized, _, strokes = _HEAD.unpack(head[: _HEAD.size])
    if recognized > 1 or not strokes or not (country.isalnum() or not country.strip(b"\0 -")):
        return False
    at = _HEAD.size
    for _ in range(strokes):
        if at + _COUNT.size > len(head):
            return len(head) == HEAD
        (n,) = _COUNT.unpack(head[at : at + _COUNT.size])
        at += _COUNT.size + 2 * n
        if not n:
            return False
    return at <= len(head) or len(head) == HEAD


def read_bin(path: Path, options: ReadOptions) -> DrawingRecords:
    """Read the drawings of a file.

    Raises
    ------
    DataError
        If it ends within a drawing.
    """
    del options
    label = _PREFIX.sub("", path.stem)
    try:
        with path.open("rb") as file:
            yield from _drawings(file, path, label)
    except OSError as error:
        raise DataError(f"Cannot read {path}: {cause_of(error)}.") from error


def _drawings(file: BinaryIO, path: Path, label: str) -> Iterator[DrawingRecord]:
    number = 0
    while head := file.read(_HEAD.size):
        try:
            key, _, recognized, _, count = _HEAD.unpack(head)
            strokes = [_stroke(file) for _ in range(count)]
        except (struct.error, EOFError):
            raise DataError(
                f"{path} ends within drawing {number}; the file is damaged or was cut short."
            ) from None
        yield DrawingRecord(polylines_to_stroke3(strokes), label, key, bool(recognized))
        number += 1


def _stroke(file: BinaryIO) -> NDArray[np.uint8]:
    """Read the points of one stroke, ``(n, 2)``."""
    (n,) = _COUNT.unpack(file.read(_COUNT.size))
    data = file.read(2 * n)
    if len(data) < 2 * n:
        raise EOFError
    return np.frombuffer(data, np.uint8).reshape(2, n).T


FORMAT = Format("bin", "QuickDraw's binary form", (), is_bin, shared=(".bin",), drawings=read_bin)
