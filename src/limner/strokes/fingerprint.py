"""Numbers that tell whether two drawings are of one shape.

Letters: ``n`` drawings, ``P`` points of all of them together, ``k`` places along the ink.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limner.strokes.packed import segment_cumsum

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.strokes.packed import PackedStrokes

PLACES = 16


def exact_shapes(sheaf: PackedStrokes) -> NDArray[np.uint64]:
    """Give a hash of all offsets and lifts of each drawing but the first offset, so wherever it stands.

    Returns
    -------
    uint64 array of shape ``(n,)``
        Equal for drawings whose stroke-3 rows are the same in float32 from the second row on.
    """
    rows = sheaf.to_stroke3() + np.float32(0)  # -0.0 becomes 0.0
    first = sheaf.starts[:-1][sheaf.sizes > 0]
    rows[first, :2] = 0
    bits = np.ascontiguousarray(rows[:, :2]).view(np.uint64).reshape(-1)  # (P,)
    place = np.arange(len(rows)) - np.repeat(sheaf.starts[:-1], sheaf.sizes)
    found = np.zeros(len(sheaf), np.uint64)
    each = scrambled(bits ^ scrambled((2 * place + (rows[:, 2] == 1)).astype(np.uint64)))
    if len(first):
        found[sheaf.sizes > 0] = np.add.reduceat(each, first)  # sums of whole numbers run over silently
    return found


def sketches(sheaf: PackedStrokes) -> NDArray[np.uint8]:
    """Describe each drawing by places at even distances along its ink, in the order in which it was drawn.

    The box of the drawing is brought to 255, its aspect kept, in the middle of a square; the lifted pen takes
    no way. Drawings of one shape have much the same places, however they were scaled and simplified; only
    where a stroke ends a place may come to lie on the next one.

    Returns
    -------
    uint8 array of shape ``(n, 2 k)``
        x and y of each place in turn.
    """
    found = np.zeros((len(sheaf), PLACES, 2), np.uint8)
    asked = np.linspace(0, 1, PLACES)
    side = sheaf.extents.max(axis=1, initial=0)
    side[side == 0] = 1
    corner = sheaf.boxes[:, :2] - (side[:, None] - sheaf.extents) / 2
    way = segment_cumsum(sheaf.steps, sheaf.starts)  # (P,)
    for i in np.flatnonzero(sheaf.sizes).tolist():
        part = slice(sheaf.starts[i], sheaf.starts[i + 1])
        at = asked * way[part][-1]
        places = np.stack([np.interp(at, way[part], column) for column in sheaf.points[part].T], axis=1)
        found[i] = np.rint(np.clip((places - corner[i]) / side[i], 0, 1) * 255)
    return found.reshape(len(sheaf), 2 * PLACES)


def scrambled(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Turn numbers into others that look like chance (splitmix64)."""
    with np.errstate(over="ignore"):
        x = numbers + np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(x ^ (x >> np.uint64(31)), np.uint64)
