"""From single drawings to the flat rows of a ``Split``, with every drawing checked.

Letters: ``n`` points of one drawing, ``P`` points of all drawings together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from limner.corpus.corpus import Split, offsets_of
from limner.strokes.formats import as_stroke3

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from limner.corpus.collector import Collector

LARGEST = 1e30  # offsets beyond it would overflow when they are added up in float32
NO_POINTS = "it has no points"


def gather(
    items: Sequence[object],
    read: Callable[[object], NDArray[Any]],
    *,
    labels: NDArray[np.int32],
    sources: Sequence[str],
    place: Callable[[int], str],
    collector: Collector,
) -> Split:
    """Check drawings and join them.

    They are checked all at once; only where something is wrong are they looked at one by one.

    Parameters
    ----------
    items : sequence
        The drawings, in any form that ``read`` understands.
    read : callable
        Gives an item as numbers, ideally of shape ``(n, 3)``; raises ``ValueError`` if it cannot.
    labels : int32 array, one a drawing
    sources : sequence of str, one a drawing
    place : callable
        Says where drawing ``i`` stands, for a sentence.
    collector : Collector
        Is told of bad drawings and of drawings without points.

    Returns
    -------
    Split
        The good drawings, in their order.

    Raises
    ------
    DataError
        If a drawing is bad and the collector is strict.
    """
    arrays = _read_all(items, read)
    rows = None if arrays is None else joined(arrays)
    if arrays is not None and rows is not None:
        return Split(rows, offsets_of([len(array) for array in arrays]), labels, sources)
    kept, good = [], []
    for i, item in enumerate(items):
        try:
            array = checked(read(item))
        except ValueError as error:
            collector.reject(sources[i], str(error), place(i))
            continue
        if len(array):
            kept.append(i)
            good.append(array)
        else:
            collector.omit(sources[i], NO_POINTS)
    return Split.from_arrays(good, labels[kept], [sources[i] for i in kept])


def joined(arrays: Sequence[NDArray[Any]]) -> NDArray[np.float32] | None:
    """Join drawings to float32 rows of shape ``(P, 3)``; None if any of them is empty or bad."""
    if not arrays or not all(
        a.ndim == 2 and a.shape[1] == 3 and len(a) and a.dtype.kind in "biuf" for a in arrays
    ):
        return None
    with np.errstate(over="ignore"):
        rows = np.concatenate(arrays).astype(np.float32, copy=False)
    return rows if is_sound(rows) else None


def is_sound(rows: NDArray[np.float32]) -> bool:
    """Tell whether all offsets are finite and of a sensible size and all lifts 0 or 1; ``(P, 3)``."""
    lifts = rows[:, 2]
    return bool((np.abs(rows[:, :2]) <= LARGEST).all() and ((lifts == 0) | (lifts == 1)).all())


def checked(rows: NDArray[Any]) -> NDArray[np.float32]:
    """Check one drawing and give it as float32 of shape ``(n, 3)``; n may be 0.

    Raises
    ------
    ValueError
        If it is not stroke-3 (see :func:`limner.strokes.formats.as_stroke3`) or an offset is too large.
    """
    array = as_stroke3(rows)
    if (np.abs(array) > LARGEST).any():
        raise ValueError("an offset is too large")
    return array.astype(np.float32)


def _read_all(items: Sequence[object], read: Callable[[object], NDArray[Any]]) -> list[NDArray[Any]] | None:
    try:
        return [read(item) for item in items]
    except ValueError:
        return None
