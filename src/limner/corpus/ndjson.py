"""Reading ``.ndjson``: one drawing a line, as QuickDraw has them, raw or simplified.

A line is an object with a ``drawing`` of strokes ``[xs, ys]`` or ``[xs, ys, ts]``; ``word``, ``key_id`` and
``recognized`` are used where they are there. The other layouts of :mod:`limner.corpus.formats.json_strokes`
are read, too, a drawing as JSON text among them. Coordinates stay where they are on the page.

A file is read in chunks of whole lines, so that it may be larger than memory, and several processes may read
one file. Where all drawings of a chunk are sound they are read as columns (see ``ndjson_columns.py``), else
one by one, to say which is not and why.

Letters: ``N`` drawings, ``P`` points of all of them together.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from limner.corpus.drawing_files import UNRECOGNIZED, DrawingBuffer
from limner.corpus.formats.format import DEFAULT_OPTIONS, Format, ReadOptions
from limner.corpus.formats.json_file import is_lines
from limner.corpus.formats.json_strokes import StrokeReader
from limner.corpus.formats.json_values import parsed
from limner.corpus.formats.records import lost, records_of
from limner.corpus.ndjson_columns import read_columns
from limner.errors import DataError, cause_of
from limner.files import text_of_name, whole_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from limner.corpus.builder import CorpusBuilder
    from limner.corpus.corpus import Corpus, Split

CHUNK = 1 << 21
"""Bytes that are read together, and the rest of the last line."""

LONGEST = 1 << 26
"""Bytes of a line, at most: some million points."""

_BLANK = b" \t\r\n\xef\xbb\xbf"  # with the byte order mark that some editors put at the start


class Chunk(NamedTuple):
    """Consecutive lines of a file."""

    begin: int
    """Where they begin, in bytes."""
    size: int
    """In bytes."""
    line: int
    """Number of the first one, from 1."""


def ndjson_chunks(path: Path, size: int = CHUNK, whole: Chunk | None = None) -> Iterator[Chunk]:
    """Divide a file, or a chunk of it, into chunks of whole lines.

    A line longer than :data:`LONGEST` ends the last chunk; reading that raises.
    """
    begin, line = (whole.begin, whole.line) if whole else (0, 1)
    end = whole.begin + whole.size if whole else path.stat().st_size
    with path.open("rb") as file:
        file.seek(begin)
        while block := file.read(min(size, end - begin)):
            block += b"" if block.endswith(b"\n") else rest_of_line(file)
            yield Chunk(begin, len(block), line)
            begin += len(block)
            line += block.count(b"\n")
            if not block.endswith(b"\n"):
                return


def rest_of_line(file: BinaryIO) -> bytes:
    """Read the rest of a line, or more than a line may have."""
    return file.readline(LONGEST + 1)


def ndjson_pieces(path: Path) -> Iterator[tuple[Chunk, int]]:
    """Divide a file into chunks, each with its size; reading the one of an unreadable file raises."""
    try:
        for chunk in ndjson_chunks(path):
            yield chunk, chunk.size
    except OSError:
        yield Chunk(0, 0, 1), 0


def read_ndjson(
    path: Path, builder: CorpusBuilder, options: ReadOptions = DEFAULT_OPTIONS, piece: Chunk | None = None
) -> None:
    """Read a file of drawings, or a chunk of it; see :func:`read_chunk`."""
    for chunk in [piece] if piece else ndjson_chunks(path):
        read_chunk(path, chunk, builder, options)


def read_chunk(
    path: Path, chunk: Chunk, builder: CorpusBuilder, options: ReadOptions = DEFAULT_OPTIONS
) -> None:
    """Read some lines of a file of drawings.

    Parameters
    ----------
    path : Path
    chunk : Chunk
    builder : CorpusBuilder
        Gets the drawings. A line that is not JSON is damage and always refused.
    options : ReadOptions

    Raises
    ------
    DataError
        If a line is not JSON or too long, or a drawing is bad and the builder is strict; the message has
        the number of the line, counted from 1.
    """
    try:
        with path.open("rb") as file:
            file.seek(chunk.begin)
            data = file.read(chunk.size)
    except OSError as error:
        raise DataError(f"Cannot read {path}: {cause_of(error)}.") from error
    if len(data) - data.rfind(b"\n") > LONGEST:
        number = chunk.line + data.count(b"\n")
        raise DataError(f"{path}, line {number} is longer than {LONGEST:,} bytes; a line holds one drawing.")
    columns = read_columns(data, text_of_name(path.name), chunk.line)
    if columns is None:
        _read_one_by_one(path, data, chunk.line, builder, options)
        return
    split, names, recognized = columns
    if options.recognized_only and not recognized.all():
        for i in np.flatnonzero(~recognized).tolist():
            builder.omit(split.sources[i], UNRECOGNIZED)
        split = split.take(recognized)
    builder.add({None: split}, names, dtypes=(_dtype_of(split),))


def write_ndjson(corpus: Corpus, path: Path) -> tuple[str, ...]:
    """Write a drawing a line, as QuickDraw's simplified drawings.

    Raises
    ------
    LimnerError
        If the file cannot be written.
    """
    with whole_file(path) as draft, draft.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records_of(corpus))
    return lost(corpus, "An .ndjson file")


def _dtype_of(split: Split) -> str:
    return "int64" if (split.rows == np.rint(split.rows)).all() else "float64"


def _read_one_by_one(
    path: Path, data: bytes, first: int, builder: CorpusBuilder, options: ReadOptions
) -> None:
    lines = list(_records(path, data, first))
    reader = StrokeReader(options)
    reader.find_layout([record for _, record in lines])
    buffer = DrawingBuffer(builder, recognized_only=options.recognized_only)
    for number, record in lines:
        place = f"{path}, line {number}"
        buffer.add(reader.record(record), text_of_name(path.name), number - 1, place)
    buffer.flush(_dtype_of)


def _records(path: Path, data: bytes, first: int) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(data.split(b"\n"), start=first):
        if not line.strip(_BLANK):
            continue
        try:
            yield number, parsed(line.strip(_BLANK))
        except ValueError as error:
            raise DataError(
                f"{path}, line {number} is not JSON; the file is damaged or was cut short."
            ) from error


FORMAT = Format(
    "ndjson",
    "a drawing a line, as QuickDraw has them, raw or simplified",
    (".ndjson", ".jsonl"),
    is_lines,
    read=read_ndjson,
    pieces=ndjson_pieces,
    write=write_ndjson,
)
