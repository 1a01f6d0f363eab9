"""JSON files of one drawing or of many, in the layouts of :mod:`limner.corpus.formats.json_strokes`.

``[{"word": ..., "drawing": ...}, ...]``, ``{"drawings": [...]}``, ``{"cat": [...], "owl": [...]}``, a list of
drawings, a list of strokes, or an object with ``strokes`` or ``paths``.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from limner.corpus.formats.format import DrawingRecords, Format, ReadOptions, without_blanks
from limner.corpus.formats.json_strokes import StrokeReader
from limner.corpus.formats.json_values import drawings_within, parsed
from limner.corpus.formats.limits import refuse_larger
from limner.corpus.formats.records import lost, records_of
from limner.errors import DataError, cause_of
from limner.files import write_text

if TYPE_CHECKING:
    from pathlib import Path

    from limner.corpus.corpus import Corpus

LARGEST = 1 << 28
"""Bytes of a JSON file, at most: it is parsed whole, which takes about ten times as much memory."""

_HELD = re.compile(
    rb'"(drawings?|strokes|paths|all_strokes|traces|sketch(es)?|points|coords)"\s*:\s*("?\s*[\[{]|"\s*\\?\[)',
    re.I,
)
_NAMED_LISTS = re.compile(rb'"[^"]{1,80}"\s{0,9}:\s{0,99}\[\s{0,99}\[\s{0,99}\[')
_BEGINS = re.compile(rb"-?[\d.]|\{\s*\"(x|y|points)\"\s*:", re.I)  # what stands within the first lists


def is_lines(head: bytes) -> bool:
    """Return whether a file begins with a line that is a whole drawing, as ``.ndjson`` files do."""
    line, newline, rest = without_blanks(head).partition(b"\n")
    if not line.startswith(b"{"):
        return False
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return not newline and b'"drawing"' in line and b'"drawings"' not in line
    return isinstance(record, dict) and ("drawing" in record or bool(rest.strip()))


def is_json(head: bytes) -> bool:
    """Return whether a file seems to be JSON that holds drawings."""
    if without_blanks(head)[:1] not in (b"{", b"[") or is_lines(head):
        return False
    inner = without_blanks(head).lstrip(b"[ \t\r\n")
    return bool(
        _HELD.search(head)
        or _NAMED_LISTS.search(head)
        or (without_blanks(head)[:1] == b"[" and _BEGINS.match(inner))
    )


def read_json(path: Path, options: ReadOptions) -> DrawingRecords:
    """Read the drawings of a file.

    Raises
    ------
    DataError
        If it is no JSON, or larger than :data:`LARGEST`.
    """
    refuse_larger(path, LARGEST, "write one drawing a line, as .ndjson")
    try:
        value = parsed(path.read_bytes())
    except ValueError as error:
        raise DataError(f"{path} is not JSON; the file is damaged or was cut short.") from error
    except OSError as error:
        raise DataError(f"Cannot read {path}: {cause_of(error)}.") from error
    drawings, reader = list(drawings_within(value)), StrokeReader(options)
    reader.find_layout(drawings)
    return (reader.record(one) for one in drawings)


def write_json(corpus: Corpus, path: Path) -> tuple[str, ...]:
    """Write a list of records: ``word``, ``key_id`` and ``drawing`` of strokes ``[xs, ys]``."""
    lines = ",\n".join(json.dumps(record, ensure_ascii=False) for record in records_of(corpus))
    write_text(path, f"[{lines}]\n")
    return lost(corpus, "An .json file")


FORMAT = Format(
    "json",
    "drawings or strokes as lists, points or objects, Creative Birds among them",
    (),
    is_json,
    shared=(".json",),
    drawings=read_json,
    write=write_json,
)
