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

from limner.corpus.corpus import SPLIT_NAMES, Split
from limner.corpus.formats.format import DEFAULT_OPTIONS, ReadOptions
from limner.corpus.numbers import rows_of_lists
from limner.corpus.packed_strings import PackedStrings
from limner.corpus.parquet_writer import GROUP, SCHEMA
from limner.corpus.prefetch import prefetch
from limner.corpus.rows import checked_split, is_sound, pen_notes, with_lifts
from limner.errors import DataError
from limner.strokes.ragged import blocks
from limner.strokes.segments import offsets_from_lengths

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from limner.corpus.builder import CorpusBuilder, Splits
    from limner.corpus.rejections import Rejections

    _Part = tuple[Splits, tuple[str, ...]]

ROWS = 50_000
"""Drawings of the pieces in which a large file is read."""
_BUFFER = 1 << 20
"""Bytes that are read at a time."""


class RowGroups(NamedTuple):
    """Consecutive row groups of a file."""

    begin: int
    end: int
    row: int
    """Number of the first row, counted from the beginning of the file."""


def row_groups(path: Path, rows: int = ROWS) -> Iterator[tuple[RowGroups | None, int]]:
    """Divide a file into runs of row groups of about so many drawings, each with its size in bytes.

    One that is damaged is a single piece, None; reading it raises.
    """
    try:
        with path.open("rb") as file:
            metadata = pq.read_metadata(file)
    except (pa.ArrowException, OSError):
        yield None, path.stat().st_size
        return
    counts = [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)]
    offsets, total = offsets_from_lengths(counts), max(1, sum(counts))
    for run in blocks(offsets, rows):
        share = int(offsets[run.stop] - offsets[run.start]) / total
        yield RowGroups(run.start, run.stop, int(offsets[run.start])), round(share * path.stat().st_size)


def read_parquet(
    path: Path,
    builder: CorpusBuilder,
    options: ReadOptions = DEFAULT_OPTIONS,
    groups: RowGroups | None = None,
) -> None:
    """Read a corpus some thousand drawings at a time; columns other than ``stroke3`` may be missing.

    Parameters
    ----------
    path : Path
    builder : CorpusBuilder
        Gets the drawings; damage to the file is always refused.
    options : ReadOptions
    groups : RowGroups, optional
        A piece of it; all unless given.

    Raises
    ------
    DataError
        If the file is no whole parquet file, has no column ``stroke3``, or names a strange split.
    """
    for splits, label_names in prefetch(_parts(path, builder, options, groups)):
        builder.add(splits, label_names, notes=pen_notes(splits.values()))
    pa.default_memory_pool().release_unused()  # arrow does not return freed memory to the system by itself


def count_rows(path: Path) -> int:
    """Return the number of rows of a parquet file, from its metadata.

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


def _parts(
    path: Path, rejections: Rejections, options: ReadOptions, groups: RowGroups | None
) -> Iterator[_Part]:
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
            selected = range(groups.begin, groups.end) if groups else range(file.num_row_groups)
            for batch in file.iter_batches(GROUP, row_groups=selected, columns=names):
                yield _decode(batch, begin, path, rejections, options)
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
    """Read sound drawings from a column ``stroke3``; the inverse of ``stroke3_array``.

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


def _decode(
    batch: pa.RecordBatch, begin: int, path: Path, rejections: Rejections, options: ReadOptions
) -> _Part:
    """Return the drawings of some rows, the first of which is row ``begin`` of the file."""
    columns = {name: batch.column(name) for name in batch.schema.names}
    splits, split_names = _numbered(columns.get("split"), len(batch))
    strange = sorted(set(split_names) - set(SPLIT_NAMES))
    if strange:
        raise DataError(f"{path}: a split is called train, valid or test, not {strange[0]!r}.")
    labels, label_names = _numbered(columns.get("label"), len(batch))
    sources = _sources(columns.get("source"), begin, len(batch), path)
    drawings = _good_drawings(columns["stroke3"], sources, begin, path, rejections)
    kept = drawings.labels  # rows of the batch
    rows = with_lifts(drawings.rows, options.pen).astype(np.float32, copy=False)
    drawings = replace(drawings, rows=rows, labels=labels[kept])
    parts: Splits = {
        None if code < 0 else split_names[code]: drawings.take(splits[kept] == code)
        for code in dict.fromkeys(splits[kept].tolist())
    }
    return parts, label_names


def _numbered(column: pa.Array | None, n: int) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Return the values of a column as indices into their sorted names; -1 for null or no column."""
    if column is None:
        return np.full(n, -1, np.int32), ()
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    values = ["" if value is None else str(value) for value in encoded.dictionary.to_pylist()]
    codes = np.asarray(encoded.indices.fill_null(len(values)))
    used = sorted({values[code] for code in np.unique(codes) if code < len(values)})
    index = {value: i for i, value in enumerate(used)}
    table = [index.get(value, -1) for value in values]
    return np.array([*table, -1], np.int32)[codes], tuple(used)


def _sources(column: pa.Array | None, begin: int, n: int, path: Path) -> PackedStrings:
    """Return the sources of drawings: those of the column, else ``file#row``."""
    values = pa.nulls(n, pa.string()) if column is None else column
    try:
        given = pc.cast(values, pa.large_string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        given = pa.array([None if value is None else str(value) for value in values.to_pylist()])
    missing = pc.equal(pc.fill_null(given, ""), "").to_numpy(zero_copy_only=False)
    if not missing.any():
        return PackedStrings.from_arrow(given)
    names = [name or f"{path.name}#{begin + i}" for i, name in enumerate(given.to_pylist())]
    return PackedStrings.of(names)


def _good_drawings(
    stroke3: pa.Array, sources: PackedStrings, begin: int, path: Path, rejections: Rejections
) -> Split:
    """Return the drawings that are good; their ``labels`` are their rows within ``stroke3``."""
    rows, numbers = _flat_rows(stroke3), np.arange(len(stroke3), dtype=np.int32)
    lengths = pc.list_value_length(stroke3).to_numpy(zero_copy_only=False)  # n
    if rows is not None and (lengths > 0).all() and is_sound(rows):
        return Split(rows, offsets_from_lengths(lengths), numbers, sources)
    return checked_split(
        stroke3.to_pylist(),
        rows_of_lists,
        labels=numbers,
        sources=sources,
        place=lambda i: f"{path}, row {begin + i}",
        rejections=rejections,
    )


def _flat_rows(stroke3: pa.Array) -> NDArray[np.float32] | None:
    """Return all rows of a list of lists of numbers, of shape ``(P, 3)``; None if they are not three wide."""
    points = stroke3.flatten()
    if stroke3.null_count or points.null_count or not (pc.list_value_length(points).to_numpy() == 3).all():
        return None
    values: Any = points.flatten()
    if values.null_count:
        return None
    return values.to_numpy(zero_copy_only=False).astype(np.float32, copy=False).reshape(-1, 3)  # type: ignore[no-any-return]
