"""Writing corpora as ``.parquet``; their columns are described in :mod:`limner.corpus.parquet`.

Letters: ``n`` drawings, ``P`` points of all of them together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from limner.files import whole_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from limner.corpus.corpus import Corpus, Split

GROUP = 10_000
"""Drawings that are read and written together."""
SCHEMA = pa.schema(
    [
        ("stroke3", pa.list_(pa.list_(pa.float32()))),
        ("label", pa.string()),
        ("source", pa.string()),
        ("split", pa.string()),
    ]
)
"""Columns of a corpus."""


def write_parquet(corpus: Corpus, path: str | Path) -> tuple[str, ...]:
    """Write a corpus, whole or not at all.

    Returns
    -------
    tuple of str
        What the format cannot store and was left out: nothing.

    Raises
    ------
    LimnerError
        If the file cannot be written.
    """
    parts = (
        (name, split.take(np.arange(begin, min(begin + GROUP, len(split)))), corpus.label_names)
        for name, split in corpus.splits.items()
        for begin in range(0, len(split), GROUP)
    )
    write_parts(path, parts)
    return ()


def write_parts(path: str | Path, parts: Iterable[tuple[str | None, Split, tuple[str, ...]]]) -> None:
    """Write drawings part by part, each a row group; the file is written whole or not at all.

    Parameters
    ----------
    path : str or Path
    parts : iterable of (str or None, Split, tuple of str)
        The split that the drawings belong to, if any; the drawings; the names that their labels index.

    Raises
    ------
    LimnerError
        If the file cannot be written.
    """
    with (
        whole_file(path) as draft,
        draft.open("wb") as file,  # arrow takes no names that are not UTF-8
        pq.ParquetWriter(file, SCHEMA, compression="zstd") as writer,
    ):
        for part in parts:
            writer.write_table(corpus_table(*part))


def stroke3_array(split: Split) -> pa.ListArray:
    """Return drawings as lists of triples, as the column ``stroke3`` stores them; no point is copied."""
    triples = np.arange(len(split.rows) + 1, dtype=np.int32) * 3
    points = pa.ListArray.from_arrays(pa.array(triples), pa.array(split.rows.reshape(-1)))
    return pa.ListArray.from_arrays(pa.array(split.offsets.astype(np.int32)), points)


def corpus_table(name: str | None, split: Split, label_names: tuple[str, ...]) -> pa.Table:
    """Return the drawings of a split, or of none yet, as a table of :data:`SCHEMA`."""
    names = pa.array([*label_names, None], pa.string())
    indices = np.where(split.labels >= 0, split.labels, len(label_names))
    columns = [
        stroke3_array(split),
        names.take(pa.array(indices)),
        pa.array(split.sources, pa.string()),
        pa.repeat(pa.scalar(name, pa.string()), len(split)),
    ]
    return pa.table(columns, schema=SCHEMA)
