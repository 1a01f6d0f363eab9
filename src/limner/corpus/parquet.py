"""Corpora as ``.parquet``: one drawing a row, with ``stroke3``, ``label``, ``source`` and ``split``.

``stroke3`` is a list of float triples, which any parquet reader understands: pandas, DuckDB, Hugging Face.

Letters: ``n`` drawings, ``P`` points of all of them together.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from limner.corpus.corpus import SPLIT_NAMES, Split, offsets_of
from limner.corpus.formats.format import AS_USUAL, ReadOptions
from limner.corpus.names import Names
from limner.corpus.numbers import rows_of_lists
from limner.corpus.parquet_writer import GROUP, SCHEMA
from limner.corpus.pen import lifted, pen_notes
from limner.corpus.prefetch import ahead
from limner.corpus.ragged import blocks
from limner.corpus.reading import Reading, merge
from limner.corpus.rows import gather, is_sound
from limner.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from limner.corpus.collector import Collector

ROWS = 50_000
"""Drawings of the parts in which a large file is read."""
_BUFFER = 1 << 20  # bytes that are read at a time


class Groups(NamedTuple):
    """Some row groups of a file."""

    begin: int
    end: int
    row: int
    """Of the file, where the first one begins."""


def read_parquet(path: Path, collector: Collector) -> Reading:
    """Read a corpus whole; see :func:`parquet_readings`."""
    return merge(parquet_readings(path, collector))


def parquet_groups(path: Path, rows: int = ROWS) -> Iterator[tuple[Groups | None, int]]:
    """Cut a file into runs of row groups of about so many drawings, each with its size in bytes.

    One that is damaged comes whole; reading it tells what is wrong.
    """
    try:
        with path.open("rb") as file:
            found = pq.read_metadata(file)
    except (pa.ArrowException, OSError):
        yield None, path.stat().st_size
        return
    counts = [found.row_group(i).num_rows for i in range(found.num_row_groups)]
    offsets, total = offsets_of(counts), max(1, sum(counts))
    for run in blocks(offsets, rows):
        share = int(offsets[run.stop] - offsets[run.start]) / total
        yield Groups(run.start, run.stop, int(offsets[run.start])), round(share * path.stat().st_size)


def parquet_readings(
    path: Path, collector: Collector, groups: Groups | None = None, options: ReadOptions = AS_USUAL
) -> Iterator[Reading]:
    """Read a corpus some thousand drawings at a time; columns other than ``stroke3`` may be missing.

    Parameters
    ----------
    path : Path
    collector : Collector
        Is told of bad drawings; damage to the file is always refused.
    groups : Groups, optional
        A part of it; all unless given.
    options : ReadOptions

    Raises
    ------
    DataError
        If the file is no whole parquet file, has no column ``stroke3``, or names a strange split.
    """
    for reading in ahead(_readings(path, collector, groups)):
        yield _with_pen(reading, options)
    pa.default_memory_pool().release_unused()  # arrow keeps for itself what it has asked for


def _with_pen(reading: Reading, options: ReadOptions) -> Reading:
    parts = {
        name: part.replace_rows(lifted(part.rows, options.pen).astype(np.float32, copy=False))
        for name, part in reading.parts.items()
    }
    return replace(reading, parts=parts, notes=(*reading.notes, *pen_notes(parts.values())))


def count_rows(path: Path) -> int:
    """Count the rows of a parquet file, which takes no time.

    Raises
    ------
    DataError
        If it is no whole parquet file.
    """
    try:
        with path.open("rb") as file:
            return int(pq.read_metadata(file).num_rows)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> DataError:
    return DataError(f"{path} is not a whole .parquet file; it may have been cut short.")


def _readings(path: Path, collector: Collector, groups: Groups | None) -> Iterator[Reading]:
    try:
        with path.open("rb") as stream, pq.ParquetFile(stream, buffer_size=_BUFFER) as file:
            names = [name for name in SCHEMA.names if name in file.schema_arrow.names]
            if "stroke3" not in names:
                raise DataError(
                    f"{path} has no column stroke3; a corpus has stroke3, label, source and split."
                )
            if not _is_lists_of_numbers(file.schema_arrow.field("stroke3").type):
                raise DataError(f"{path}: the column stroke3 does not hold lists of (dx, dy, lift).")
            begin = groups.row if groups else 0
            some = range(groups.begin, groups.end) if groups else range(file.num_row_groups)
            for batch in file.iter_batches(GROUP, row_groups=some, columns=names):
                yield _read_batch(batch, begin, path, collector)
                begin += len(batch)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path) from error


def _is_lists_of_numbers(kind: pa.DataType) -> bool:
    for _ in range(2):
        if not (pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)):
            return False
        kind = kind.value_type
    return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind))


def rows_of_stroke3(stroke3: pa.Array) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Read sound drawings from a column ``stroke3``; the reverse of :func:`stroke3_array`.

    Returns
    -------
    float32 array of shape ``(P, 3)`` and int64 array of shape ``(n,)``
        Rows, and points of each drawing.

    Raises
    ------
    ValueError
        If a row is not three wide, or something is null.
    """
    rows = _flat_rows(stroke3)
    if rows is None:
        raise ValueError("stroke3 holds rows that are not three numbers")
    return rows, pc.list_value_length(stroke3).to_numpy().astype(np.int64)


def _read_batch(batch: pa.RecordBatch, begin: int, path: Path, collector: Collector) -> Reading:
    """Read some rows, the first of which is row ``begin`` of the file."""
    columns = {name: batch.column(name) for name in batch.schema.names}
    splits, split_names = _numbered(columns.get("split"), len(batch))
    strange = sorted(set(split_names) - set(SPLIT_NAMES))
    if strange:
        raise DataError(f"{path}: a split is called train, valid or test, not {strange[0]!r}.")
    labels, label_names = _numbered(columns.get("label"), len(batch))
    sources = _sources(columns.get("source"), begin, len(batch), path)
    part = _gather(columns["stroke3"], sources, begin, path, collector)
    kept = part.labels  # rows of the batch
    part = replace(part, labels=labels[kept])
    found = {
        None if code < 0 else split_names[code]: part.take(splits[kept] == code)
        for code in dict.fromkeys(splits[kept].tolist())
    }
    return Reading(found, label_names, ("float32",))


def _numbered(column: pa.Array | None, n: int) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Number the values of a column by their sorted names as text; -1 for null, or where there is none."""
    if column is None:
        return np.full(n, -1, np.int32), ()
    found = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    values = ["" if value is None else str(value) for value in found.dictionary.to_pylist()]
    codes = np.asarray(found.indices.fill_null(len(values)))
    used = sorted({values[code] for code in np.unique(codes) if code < len(values)})
    places = {value: i for i, value in enumerate(used)}
    table = [places.get(value, -1) for value in values]
    return np.array([*table, -1], np.int32)[codes], tuple(used)


def _sources(column: pa.Array | None, begin: int, n: int, path: Path) -> Names:
    """Say where drawings come from: as the column says, else ``file#row``."""
    nowhere = pa.nulls(n, pa.string()) if column is None else column
    try:
        given = pc.cast(nowhere, pa.large_string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        given = pa.array([None if value is None else str(value) for value in nowhere.to_pylist()])
    silent = pc.equal(pc.fill_null(given, ""), "").to_numpy(zero_copy_only=False)
    if not silent.any():
        return Names.from_arrow(given)
    names = [name or f"{path.name}#{begin + i}" for i, name in enumerate(given.to_pylist())]
    return Names.of(names)


def _gather(stroke3: pa.Array, sources: Names, begin: int, path: Path, collector: Collector) -> Split:
    """Read the drawings that are good; their ``labels`` are their rows within ``stroke3``."""
    rows, places = _flat_rows(stroke3), np.arange(len(stroke3), dtype=np.int32)
    lengths = pc.list_value_length(stroke3).to_numpy(zero_copy_only=False)  # n
    if rows is not None and (lengths > 0).all() and is_sound(rows):
        return Split(rows, offsets_of(lengths), places, sources)
    return gather(
        stroke3.to_pylist(),
        rows_of_lists,
        labels=places,
        sources=sources,
        place=lambda i: f"{path}, row {begin + i}",
        collector=collector,
    )


def _flat_rows(stroke3: pa.Array) -> NDArray[np.float32] | None:
    """Give all rows of a list of lists of numbers, of shape ``(P, 3)``; None if they are not three wide."""
    points = stroke3.flatten()
    if stroke3.null_count or points.null_count or not (pc.list_value_length(points).to_numpy() == 3).all():
        return None
    values: Any = points.flatten()
    if values.null_count:
        return None
    return values.to_numpy(zero_copy_only=False).astype(np.float32, copy=False).reshape(-1, 3)  # type: ignore[no-any-return]
