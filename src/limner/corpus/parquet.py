"""Corpora as ``.parquet``: one drawing a row, with ``stroke3``, ``label``, ``source`` and ``split``.

``stroke3`` is a list of float triples, which any parquet reader understands: pandas, DuckDB, Hugging Face.

Letters: ``n`` drawings, ``P`` points of all of them together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from limner.corpus.corpus import SPLIT_NAMES, Corpus, Split, offsets_of
from limner.corpus.numbers import rows_of_lists
from limner.corpus.reading import Reading, merge, number_labels
from limner.corpus.rows import gather, is_sound
from limner.errors import DataError
from limner.files import whole_file

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from limner.corpus.collector import Collector

_GROUP = 10_000  # drawings that are read and written together
_SCHEMA = pa.schema(
    [
        ("stroke3", pa.list_(pa.list_(pa.float32()))),
        ("label", pa.string()),
        ("source", pa.string()),
        ("split", pa.string()),
    ]
)


def write_parquet(corpus: Corpus, path: str | Path) -> tuple[str, ...]:
    """Write a corpus, whole or not at all.

    Returns
    -------
    tuple of str
        What the format cannot hold and was left out: nothing.

    Raises
    ------
    LimnerError
        If the file cannot be written.
    """
    with whole_file(path) as draft, pq.ParquetWriter(draft, _SCHEMA, compression="zstd") as writer:
        for name, split in corpus.splits.items():
            for begin in range(0, len(split), _GROUP):
                part = split.take(np.arange(begin, min(begin + _GROUP, len(split))))
                writer.write_table(_to_table(name, part, corpus.label_names))
    return ()


def read_parquet(path: Path, collector: Collector) -> Reading:
    """Read a corpus; columns other than ``stroke3`` may be missing.

    Parameters
    ----------
    path : Path
    collector : Collector
        Is told of bad drawings; damage to the file is always refused.

    Raises
    ------
    DataError
        If the file is no whole parquet file, has no column ``stroke3``, or names a strange split.
    """
    try:
        with pq.ParquetFile(path) as file:
            names = [name for name in _SCHEMA.names if name in file.schema_arrow.names]
            if "stroke3" not in names:
                raise DataError(
                    f"{path} has no column stroke3; a corpus has stroke3, label, source and split."
                )
            if not _is_lists_of_numbers(file.schema_arrow.field("stroke3").type):
                raise DataError(f"{path}: the column stroke3 does not hold lists of (dx, dy, lift).")
            readings, begin = [], 0
            for i in range(file.num_row_groups):
                table = file.read_row_group(i, columns=names)
                readings += _read_group(table, begin, path, collector)
                begin += len(table)
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{path} is not a whole .parquet file; it may have been cut short.") from error
    return merge(readings)


def _is_lists_of_numbers(kind: pa.DataType) -> bool:
    for _ in range(2):
        if not (pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)):
            return False
        kind = kind.value_type
    return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind))


def _to_table(name: str, split: Split, label_names: tuple[str, ...]) -> pa.Table:
    triples = np.arange(len(split.rows) + 1, dtype=np.int32) * 3
    points = pa.ListArray.from_arrays(pa.array(triples), pa.array(split.rows.reshape(-1)))
    stroke3 = pa.ListArray.from_arrays(pa.array(split.offsets.astype(np.int32)), points)
    labels = [label_names[label] if label >= 0 else None for label in split.labels.tolist()]
    return pa.table([stroke3, labels, list(split.sources), [name] * len(split)], schema=_SCHEMA)


def _read_group(table: pa.Table, begin: int, path: Path, collector: Collector) -> list[Reading]:
    """Read the rows of a table, the first of which is row ``begin`` of the file."""
    columns = {name: table.column(name).to_pylist() for name in table.column_names if name != "stroke3"}
    nothing = [None] * len(table)
    splits = columns.get("split", nothing)
    strange = set(splits) - {*SPLIT_NAMES, None}
    if strange:
        raise DataError(
            f"{path}: a split is called train, valid or test, not {sorted(map(str, strange))[0]!r}."
        )
    labels, label_names = number_labels([_text(label) for label in columns.get("label", nothing)])
    given = map(_text, columns.get("source", nothing))
    sources = [source or f"{path.name}#{begin + i}" for i, source in enumerate(given)]
    readings = []
    for split in dict.fromkeys(splits):
        rows = [i for i, name in enumerate(splits) if name == split]
        part = _gather(
            table.column("stroke3").take(rows).combine_chunks(),
            labels[rows],
            [sources[i] for i in rows],
            [f"{path}, row {begin + i}" for i in rows],
            collector,
        )
        readings.append(Reading({split: part}, label_names, ("float32",)))
    return readings


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _gather(
    stroke3: pa.Array, labels: NDArray[np.int32], sources: list[str], places: list[str], collector: Collector
) -> Split:
    lengths = pc.list_value_length(stroke3).to_numpy(zero_copy_only=False)  # n
    rows = _flat_rows(stroke3)
    if rows is not None and (lengths > 0).all() and is_sound(rows):
        return Split(rows, offsets_of(lengths), labels, tuple(sources))
    return gather(
        stroke3.to_pylist(),
        rows_of_lists,
        labels=labels,
        sources=sources,
        place=places.__getitem__,
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
