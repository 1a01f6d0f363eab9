"""Lines of drawings read as columns, by arrow, without a Python object for any point.

Letters: ``N`` drawings, ``S`` strokes, ``C`` lists of numbers (the xs, ys and ts of strokes) and ``P`` points
of all of them together.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from limner.corpus.corpus import Split
from limner.corpus.packed_strings import PackedStrings
from limner.corpus.rows import is_sound
from limner.strokes.segments import offsets_from_lengths

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    Counts = NDArray[np.int64]


def read_columns(
    data: bytes, name: str, first: int
) -> tuple[Split, tuple[str, ...], NDArray[np.bool_]] | None:
    """Read lines whose drawings are all sound.

    Parameters
    ----------
    data : bytes
        Whole lines.
    name : str
        The file's, for sources.
    first : int
        Number of the first line, from 1.

    Returns
    -------
    Split, names of the labels, and whether the game recognized each drawing, bool of shape ``(N,)``
        None if anything is unusual: then the lines must be read one by one.
    """
    table = _parsed(data)
    if table is None or table.num_rows != data.count(b"\n") + (not data.endswith(b"\n")):
        return None
    drawings = _rows(table.column("drawing").combine_chunks())
    if drawings is None:
        return None
    rows, lengths = drawings
    names, labels = _labels(table.column("word").combine_chunks())
    sources = _sources(table.column("key_id").combine_chunks(), name, first)
    recognized = table.column("recognized").fill_null(True).to_numpy()
    return Split(rows, offsets_from_lengths(lengths), labels, sources), names, recognized


def _parsed(data: bytes) -> pa.Table | None:
    import pyarrow as pa
    from pyarrow import json

    numbers = pa.list_(pa.list_(pa.list_(pa.float64())))
    for key in (pa.string(), pa.int64()):
        columns = [("word", pa.string()), ("key_id", key), ("recognized", pa.bool_()), ("drawing", numbers)]
        try:
            table = json.read_json(
                io.BytesIO(data),
                json.ReadOptions(use_threads=False, block_size=len(data) + 1),
                json.ParseOptions(explicit_schema=pa.schema(columns), unexpected_field_behavior="ignore"),
            )
            table.validate(full=True)  # arrow checks UTF-8 only in a full validation
        except pa.ArrowException:
            continue
        return table
    return None


def _rows(drawings: Any) -> tuple[NDArray[np.float32], Counts] | None:
    """Return stroke-3 rows ``(P, 3)`` and the points of each drawing ``(N,)``; None if any is irregular."""
    strokes = drawings.flatten()
    columns = strokes.flatten()
    numbers = columns.flatten()
    if any(part.null_count for part in (drawings, strokes, columns, numbers)):
        return None
    n_strokes, n_columns, n_numbers = (_lengths(part) for part in (drawings, strokes, columns))
    if not all(part.all() for part in (n_strokes, n_columns, n_numbers)):
        return None
    if not len(n_columns) or not ((n_columns == 2) | (n_columns == 3)).all():
        return None
    if (n_columns != n_columns[0]).any() and (n_numbers == n_numbers[0]).all():
        return None  # they may be points
    xs = np.cumsum(n_columns) - n_columns  # (S,), among the lists of numbers
    lengths = n_numbers[xs]
    if (lengths != n_numbers[xs + 1]).any() or (lengths != n_numbers[xs + n_columns - 1]).any():
        return None
    return _offsets(numbers.to_numpy(), n_numbers, xs, n_strokes)


def _offsets(
    numbers: NDArray[np.float64], n_numbers: Counts, xs: Counts, n_strokes: Counts
) -> tuple[NDArray[np.float32], Counts] | None:
    lengths = n_numbers[xs]
    stroke_ends = np.cumsum(lengths)
    drawing_ends = stroke_ends[np.cumsum(n_strokes) - 1]
    sizes = np.diff(drawing_ends, prepend=0)
    begins = (np.cumsum(n_numbers) - n_numbers)[xs]  # of the xs of each stroke; its ys follow them
    at = np.arange(stroke_ends[-1]) + np.repeat(begins - (stroke_ends - lengths), lengths)  # (P,)
    rows = np.zeros((len(at), 3), np.float32)
    for axis in (0, 1):
        if axis:
            at += np.repeat(lengths, lengths)
        with np.errstate(over="ignore"):  # what float32 cannot hold is found below
            positions = numbers[at].astype(np.float32)
        if not np.isfinite(positions).all():
            return None
        steps = np.diff(positions.astype(np.float64), prepend=0.0)
        steps[drawing_ends - sizes] = positions[drawing_ends - sizes]  # from the origin
        rows[:, axis] = steps
    rows[stroke_ends - 1, 2] = 1
    return (rows, sizes) if is_sound(rows) else None


def _lengths(lists: Any) -> Counts:
    import pyarrow.compute as pc

    return np.asarray(pc.list_value_length(lists).to_numpy(zero_copy_only=False), np.int64)


def _labels(words: Any) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    encoded = words.dictionary_encode()
    values = encoded.dictionary.to_pylist()
    names = tuple(sorted(values))
    index = {name: i for i, name in enumerate(names)}
    table = np.array([*(index[name] for name in values), -1], np.int32)
    return names, table[np.asarray(encoded.indices.fill_null(len(values)))]


def _sources(keys: Any, name: str, first: int) -> PackedStrings:
    import pyarrow as pa
    import pyarrow.compute as pc

    text = pa.large_string()
    lines = pa.array(np.arange(first - 1, first - 1 + len(keys))).cast(text)
    keys_or_lines = pc.coalesce(keys.cast(text), lines)
    return PackedStrings.from_arrow(
        pc.binary_join_element_wise(pa.scalar(f"{name}#", text), keys_or_lines, pa.scalar("", text))
    )
