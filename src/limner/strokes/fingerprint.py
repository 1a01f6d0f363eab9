"""Hashes and signatures that tell whether two drawings have the same shape.

Letters: ``n`` drawings, ``P`` points of all of them together, ``k`` points of a signature.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limner.strokes.segments import segment_cumsum

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.strokes.packed import PackedStrokes

SIGNATURE_POINTS = 16
"""Points of a signature, which so takes 32 bytes."""


def shape_hashes(packed: PackedStrokes) -> NDArray[np.uint64]:
    """Return a hash of each drawing that does not depend on where it lies.

    All offsets and lifts count but the first offset.

    Returns
    -------
    uint64 array of shape ``(n,)``
        Equal for drawings whose stroke-3 rows are the same in float32 from the second row on.
    """
    rows = packed.to_stroke3() + np.float32(0)  # -0.0 becomes 0.0
    first = packed.starts[:-1][packed.sizes > 0]
    rows[first, :2] = 0
    bits = np.ascontiguousarray(rows[:, :2]).view(np.uint64).reshape(-1)  # (P,)
    index = np.arange(len(rows)) - np.repeat(packed.starts[:-1], packed.sizes)
    hashes = np.zeros(len(packed), np.uint64)
    of_points = splitmix64(bits ^ splitmix64((2 * index + (rows[:, 2] == 1)).astype(np.uint64)))
    if len(first):
        hashes[packed.sizes > 0] = np.add.reduceat(of_points, first)  # modulo 2**64, without a warning
    return hashes


def shape_signatures(packed: PackedStrokes) -> NDArray[np.uint8]:
    """Return points at equal distances along the ink of each drawing, in drawing order.

    The drawing's longest side is scaled to 255, and the drawing centred in a square. The lifted pen has no
    arc length. Drawings of one shape have nearly the same points, however they were scaled and simplified;
    only near the end of a stroke a point may come to lie on the next stroke.

    Returns
    -------
    uint8 array of shape ``(n, 2 k)``
        x and y of the points in turn.
    """
    signatures = np.zeros((len(packed), SIGNATURE_POINTS, 2), np.uint8)
    shares = np.linspace(0, 1, SIGNATURE_POINTS)
    side = packed.extents.max(axis=1, initial=0)
    side[side == 0] = 1
    corner = packed.boxes[:, :2] - (side[:, None] - packed.extents) / 2
    arc_length = segment_cumsum(packed.steps, packed.starts)  # (P,)
    for i in np.flatnonzero(packed.sizes).tolist():
        part = slice(packed.starts[i], packed.starts[i + 1])
        distances = shares * arc_length[part][-1]
        columns = [np.interp(distances, arc_length[part], column) for column in packed.points[part].T]
        points = (np.stack(columns, axis=1) - corner[i]) / side[i]
        signatures[i] = np.rint(np.clip(points, 0, 1) * 255)
    return signatures.reshape(len(packed), 2 * SIGNATURE_POINTS)


def splitmix64(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return a pseudorandom number for each number.

    Source: Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators".
    """
    with np.errstate(over="ignore"):
        x = numbers + np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(x ^ (x >> np.uint64(31)), np.uint64)
