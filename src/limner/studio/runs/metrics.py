"""``metrics.csv`` as it grows: only what is new is read and sent.

A reader comes back with the place up to which it has read and a mark of what stood before it. A resumed
training writes the file anew, and other lines may then stand before that place; the mark tells.
"""

from __future__ import annotations

import math
import zlib
from os import SEEK_END
from pathlib import Path

from limner.studio.runs.shapes import Metrics

AT_ONCE_BYTES = 500_000
MARK_BYTES = 512
MOST_COLUMNS = 64
MOST_LINE = 10_000


def read_metrics(path: Path, after: int = 0, mark: int = 0) -> Metrics:
    """Read lines that were written after a place.

    Parameters
    ----------
    path : Path
    after : int
        Bytes that were read already.
    mark : int
        What came with them.

    Returns
    -------
    Metrics
        ``fresh`` if it begins with the first line, because there was none before or they have changed.
        Numbers that are not finite are None.
    """
    if not path.is_file() or path.is_symlink():
        return Metrics(columns=[], rows=[], fresh=True, next=0, mark=0, more=False)
    with path.open("rb") as file:
        header = file.readline(MOST_LINE)
        first = file.tell()
        size = file.seek(0, SEEK_END)
        known = first < after <= size and _mark_before(path, after) == mark
        start = after if known else first
        file.seek(start)
        data = file.read(AT_ONCE_BYTES)
    whole = data[: data.rfind(b"\n") + 1]
    columns = header.decode("utf-8", "replace").strip().split(",")[:MOST_COLUMNS]
    rows = [row for line in whole.splitlines() if (row := _row(line, len(columns))) is not None]
    end = start + len(whole)
    more = len(data) == AT_ONCE_BYTES and bool(whole)
    return Metrics(
        columns=columns, rows=rows, fresh=not known, next=end, mark=_mark_before(path, end), more=more
    )


def _row(line: bytes, columns: int) -> list[float | None] | None:
    """Read a line; None if it does not begin with a step."""
    fields = line.decode("ascii", "replace").split(",")[:columns]
    if not fields[0].isdecimal() or len(fields[0]) > 12:
        return None
    values = [_value(field) for field in fields]
    return values + [None] * (columns - len(values))


def _value(field: str) -> float | None:
    try:
        value = float(field)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _mark_before(path: Path, place: int) -> int:
    with path.open("rb") as file:
        start = max(0, place - MARK_BYTES)
        file.seek(start)
        return zlib.crc32(file.read(place - start))
