"""``metrics.csv`` as it grows: read only what was appended.

A client returns the offset up to which it has read and a checksum of the bytes before it. A resumed training
rewrites the file, so that other lines may stand before that offset; then the checksum differs.
"""

from __future__ import annotations

import math
import zlib
from os import SEEK_END
from pathlib import Path

from limner.studio.runs.schemas import MetricsTail

CHUNK_BYTES = 500_000
MARK_BYTES = 512
MAX_COLUMNS = 64
MAX_LINE_BYTES = 10_000


def read_metrics(path: Path, after: int = 0, mark: int = 0) -> MetricsTail:
    """Read the lines after an offset.

    Parameters
    ----------
    path : Path
    after : int
        Number of bytes that were read already.
    mark : int
        Checksum that was returned with them.

    Returns
    -------
    MetricsTail
        With ``fresh`` if it starts with the first line, because nothing was read before or the file was
        rewritten. Numbers that are not finite are None.
    """
    if not path.is_file() or path.is_symlink():
        return MetricsTail(columns=[], rows=[], fresh=True, next=0, mark=0, more=False)
    with path.open("rb") as file:
        header = file.readline(MAX_LINE_BYTES)
        first = file.tell()
        size = file.seek(0, SEEK_END)
        known = first < after <= size and _checksum(path, after) == mark
        start = after if known else first
        file.seek(start)
        data = file.read(CHUNK_BYTES)
    whole = data[: data.rfind(b"\n") + 1]
    columns = header.decode("utf-8", "replace").strip().split(",")[:MAX_COLUMNS]
    rows = [row for line in whole.splitlines() if (row := _row(line, len(columns))) is not None]
    end = start + len(whole)
    more = len(data) == CHUNK_BYTES and bool(whole)
    return MetricsTail(
        columns=columns, rows=rows, fresh=not known, next=end, mark=_checksum(path, end), more=more
    )


def _row(line: bytes, columns: int) -> list[float | None] | None:
    """Parse a line; None if it does not start with a step."""
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


def _checksum(path: Path, offset: int) -> int:
    with path.open("rb") as file:
        start = max(0, offset - MARK_BYTES)
        file.seek(start)
        return zlib.crc32(file.read(offset - start))
