"""Reading ``.ndjson``: one drawing a line, as QuickDraw has them, raw or simplified.

A line is an object with a ``drawing`` of strokes ``[xs, ys]`` or ``[xs, ys, ts]``; ``word``, ``key_id`` and
``recognized`` are used where they are there. Coordinates stay where they are on the page.

A file is read in chunks of whole lines, so that it may be larger than memory, and several processes may read
one file. Where all drawings of a chunk are sound they are read as columns (see ``ndjson_columns.py``), else
one by one, to say which is not and why.

Letters: ``N`` drawings, ``P`` points of all of them together.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from limner.corpus.corpus import Split
from limner.corpus.ndjson_columns import read_columns
from limner.corpus.reading import Reading, merge, number_labels
from limner.corpus.rows import NO_POINTS, checked
from limner.errors import DataError, cause_of
from limner.strokes.formats import polylines_to_stroke3, quickdraw_to_polylines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from limner.corpus.collector import Collector

CHUNK = 1 << 21
"""Bytes that are read together, and what is missing of the last line."""

UNRECOGNISED = "the game did not recognise it"
_BLANK = b" \t\r\n\xef\xbb\xbf"  # with the byte order mark that some editors put at the start


class Chunk(NamedTuple):
    """Some lines of a file."""

    begin: int
    """Where they begin, in bytes."""
    size: int
    """In bytes."""
    line: int
    """Number of the first one, from 1."""


def ndjson_chunks(path: Path, size: int = CHUNK, whole: Chunk | None = None) -> Iterator[Chunk]:
    """Cut a file, or a chunk of it, into chunks of whole lines, one after another as they are asked for."""
    begin, line = (whole.begin, whole.line) if whole else (0, 1)
    end = whole.begin + whole.size if whole else path.stat().st_size
    with path.open("rb") as file:
        file.seek(begin)
        while block := file.read(min(size, end - begin)):
            block += b"" if block.endswith(b"\n") else file.readline()
            yield Chunk(begin, len(block), line)
            begin += len(block)
            line += block.count(b"\n")


def read_ndjson(path: Path, collector: Collector, *, recognized_only: bool = False) -> Reading:
    """Read a file of drawings whole; see :func:`read_chunk`."""
    return merge(ndjson_readings(path, collector, recognized_only=recognized_only))


def ndjson_readings(path: Path, collector: Collector, *, recognized_only: bool = False) -> Iterator[Reading]:
    """Read a file of drawings chunk by chunk; see :func:`read_chunk`."""
    for chunk in ndjson_chunks(path):
        yield read_chunk(path, chunk, collector, recognized_only=recognized_only)


def read_chunk(path: Path, chunk: Chunk, collector: Collector, *, recognized_only: bool = False) -> Reading:
    """Read some lines of a file of drawings.

    Parameters
    ----------
    path : Path
    chunk : Chunk
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
    try:
        with path.open("rb") as file:
            file.seek(chunk.begin)
            data = file.read(chunk.size)
    except OSError as error:
        raise DataError(f"Cannot read {path}: {cause_of(error)}.") from error
    found = read_columns(data, _text(path.name), chunk.line)
    if found is None:
        return _one_by_one(path, data, chunk.line, collector, recognized_only=recognized_only)
    split, names, recognised = found
    if recognized_only and not recognised.all():
        for i in np.flatnonzero(~recognised).tolist():
            collector.omit(split.sources[i], UNRECOGNISED)
        split = split.take(recognised)
    return _reading(split, names)


def _reading(split: Split, names: tuple[str, ...]) -> Reading:
    return Reading(
        {None: split}, names, ("int64" if (split.rows == np.rint(split.rows)).all() else "float64",)
    )


def _one_by_one(
    path: Path, data: bytes, first: int, collector: Collector, *, recognized_only: bool
) -> Reading:
    arrays, labels, sources = [], [], []
    for number, record in _records(path, data, first):
        facts = record if isinstance(record, dict) else {}
        word, source = facts.get("word"), _source(path, number, facts)
        if recognized_only and facts.get("recognized") is False:
            collector.omit(source, UNRECOGNISED)
            continue
        try:
            rows = _rows(facts.get("drawing"))
        except ValueError as error:
            collector.reject(source, str(error), f"{path}, line {number}")
            continue
        if len(rows):
            arrays.append(rows)
            labels.append(_text(word) if isinstance(word, str) else None)
            sources.append(source)
        else:
            collector.omit(source, NO_POINTS)
    indices, names = number_labels(labels)
    return _reading(Split.from_arrays(arrays, indices, sources), names)


def _records(path: Path, data: bytes, first: int) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(data.split(b"\n"), start=first):
        if not line.strip(_BLANK):
            continue
        try:
            yield number, json.loads(line.strip(_BLANK))
        except (ValueError, RecursionError) as error:
            raise DataError(
                f"{path}, line {number} is not JSON; the file is damaged or was cut short."
            ) from error


def _source(path: Path, number: int, facts: dict[str, Any]) -> str:
    key = facts.get("key_id")
    return _text(f"{path.name}#{key if isinstance(key, (str, int)) else number - 1}")


def _text(text: str) -> str:
    """Spell out what UTF-8 has no place for."""
    return text.encode("utf-8", "backslashreplace").decode()


def _rows(strokes: Any) -> NDArray[np.float32]:
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
