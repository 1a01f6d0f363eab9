"""From decoded drawings to the flat rows of a ``Split``, with every drawing checked.

Letters: ``n`` points of one drawing, ``P`` points of all drawings together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from limner.corpus.corpus import Split
from limner.strokes.formats import as_stroke3
from limner.strokes.segments import offsets_from_lengths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from limner.corpus.formats.format import Pen
    from limner.corpus.rejections import Rejections

LARGEST = 1e30
"""Larger offsets would overflow when they are summed in float32."""
NO_POINTS = "it has no points"
_NEARLY_EVERY = 0.6
"""Share of the points but the last of each drawing; where all strokes have two points, half of them lift."""

SEEMS_DOWN = 'Nearly every row lifts the pen; the third column seems to mean "down": --pen down reads it so.'


def checked_split(
    items: Sequence[object],
    decode: Callable[[object], NDArray[Any]],
    *,
    labels: NDArray[np.int32],
    sources: Sequence[str],
    place: Callable[[int], str],
    rejections: Rejections,
) -> Split:
    """Check drawings and concatenate them.

    They are checked all at once; only if something is wrong are they checked one by one.

    Parameters
    ----------
    items : sequence
        The drawings, in any form that ``decode`` understands.
    decode : callable
        Returns an item as numbers, of shape ``(n, 3)`` if it is stroke-3; raises ``ValueError`` if it cannot.
    labels, sources : int32 array and sequence of str, one a drawing
    place : callable
        Returns where drawing ``i`` stands, for a sentence.
    rejections : Rejections
        Records bad drawings and drawings without points.

    Raises
    ------
    DataError
        If a drawing is bad and the rejections are strict.
    """
    arrays = _decode_all(items, decode)
    rows = None if arrays is None else concatenated(arrays)
    if arrays is not None and rows is not None:
        return Split(rows, offsets_from_lengths([len(array) for array in arrays]), labels, sources)
    return _checked_one_by_one(items, decode, labels, sources, place, rejections)


def concatenated(arrays: Sequence[NDArray[Any]]) -> NDArray[np.float32] | None:
    """Concatenate drawings to float32 rows of shape ``(P, 3)``; None if any of them is empty or bad."""
    if not arrays or not all(
        a.ndim == 2 and a.shape[1] == 3 and len(a) and a.dtype.kind in "biuf" for a in arrays
    ):
        return None
    with np.errstate(over="ignore"):
        rows = np.concatenate(arrays).astype(np.float32, copy=False)
    return rows if is_sound(rows) else None


def is_sound(rows: NDArray[np.float32]) -> bool:
    """Return whether all offsets are finite and of a sensible size and all lifts 0 or 1; ``(P, 3)``."""
    lifts = rows[:, 2]
    return bool((np.abs(rows[:, :2]) <= LARGEST).all() and ((lifts == 0) | (lifts == 1)).all())


def checked(rows: NDArray[Any]) -> NDArray[np.float32]:
    """Check one drawing and return it as float32 of shape ``(n, 3)``; n may be 0.

    Raises
    ------
    ValueError
        If it is not stroke-3 (see :func:`limner.strokes.formats.as_stroke3`) or an offset is too large.
    """
    array = as_stroke3(rows)
    if (np.abs(array) > LARGEST).any():
        raise ValueError("an offset is too large")
    return array.astype(np.float32)


def with_lifts(rows: NDArray[Any], pen: Pen) -> NDArray[Any]:
    """Return stroke-3 rows of shape ``(n, 3)`` whose third column is 1 where the pen lifts.

    Rows of another width, and a column that holds more than 0 and 1, are returned as they are.
    """
    if pen == "lift" or rows.ndim != 2 or rows.shape[1] != 3 or not np.isin(rows[:, 2], (0, 1)).all():
        return rows
    inverted = rows.astype(np.float64)
    inverted[:, 2] = 1 - inverted[:, 2]
    return inverted


def pen_notes(splits: Iterable[Split]) -> tuple[str, ...]:
    """Return a note that the third column seems inverted, if the pen lifts at nearly every inner point."""
    inner, lifts = 0, 0.0
    for split in splits:
        column = split.rows[:, 2]
        inner += len(column) - len(split)
        lifts += float(column.sum(dtype=np.float64) - column[split.offsets[1:] - 1].sum(dtype=np.float64))
    return (SEEMS_DOWN,) if inner and lifts > _NEARLY_EVERY * inner else ()


def _decode_all(
    items: Sequence[object], decode: Callable[[object], NDArray[Any]]
) -> list[NDArray[Any]] | None:
    try:
        return [decode(item) for item in items]
    except ValueError:
        return None


def _checked_one_by_one(
    items: Sequence[object],
    decode: Callable[[object], NDArray[Any]],
    labels: NDArray[np.int32],
    sources: Sequence[str],
    place: Callable[[int], str],
    rejections: Rejections,
) -> Split:
    good: dict[int, NDArray[np.float32]] = {}
    for i, item in enumerate(items):
        try:
            good[i] = checked(decode(item))
        except ValueError as error:
            rejections.reject(sources[i], str(error), place(i))
            continue
        if not len(good[i]):
            del good[i]
            rejections.omit(sources[i], NO_POINTS)
    return Split.from_arrays(
        [*good.values()], labels[list(good)] if good else labels[:0], [sources[i] for i in good]
    )
