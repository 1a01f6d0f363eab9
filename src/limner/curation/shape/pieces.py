"""Drawings in a common frame, divided into short straight pieces of ink.

Letters: ``n`` drawings, ``P`` points and ``K`` pieces of all of them together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from limner.strokes.batched import box_factors, placed, simplified
from limner.strokes.segments import ranges, segment_sum

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.strokes.packed import PackedStrokes

    Floats = NDArray[np.float64]

TOLERANCE = 0.01
"""Share of a drawing's longer side within which its lines are simplified, so that the density of the points
does not count."""

PIECE = 1 / 64
"""Longest piece of ink, as a share of the longer side."""

SPREADS = 3.0
"""A frame spans about so many standard deviations of the ink."""

SLIMMEST = 0.2
"""The spread of the ink across a line counts as no less than this share of the spread along it."""

FLATTEST = 0.1
"""The same for the sides of the box."""


@dataclass(frozen=True, eq=False)
class Pieces:
    """Short straight pieces of ink of many drawings.

    Parameters
    ----------
    of : int64 array of shape ``(K,)``
        Which drawing each belongs to.
    middle : float64 array of shape ``(K, 2)``
        In the frame of its drawing, see :func:`frames`.
    vectors : float64 array of shape ``(K, 2)``
        From its start to its end, as a share of the drawing's longer side.
    """

    of: NDArray[np.int64]  # (K,)
    middle: Floats  # (K, 2)
    vectors: Floats  # (K, 2)


@dataclass(frozen=True, eq=False)
class Frames:
    """The frame of each drawing: a box of its own width and height, with coordinates from 0 to 1.

    Parameters
    ----------
    centre, size : float64 arrays of shape ``(n, 2)``
    """

    centre: Floats  # (n, 2)
    size: Floats  # (n, 2)

    def inside(self, points: Floats, of: NDArray[np.int64]) -> Floats:
        """Return points ``(k, 2)`` of the drawings ``of``, ``(k,)``, in the coordinates of their frames."""
        return (points - self.centre[of]) / self.size[of] + 0.5


def unit_sized(packed: PackedStrokes) -> PackedStrokes:
    """Scale every drawing, its aspect kept, until its longer side is 1, and simplify it."""
    return simplified(placed(packed, box_factors(packed, 1.0), packed.boxes[:, :2]), TOLERANCE)


def segments(packed: PackedStrokes) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Return the segments between consecutive points of strokes.

    Returns
    -------
    of : int64 array of shape ``(k,)``
        The drawing of each.
    starts, ways : float64 arrays of shape ``(k, 2)``
    """
    last = np.zeros(len(packed.points), np.bool_)
    last[packed.stroke_starts[1:] - 1] = True
    begin = np.flatnonzero(~last)
    of = np.repeat(np.arange(len(packed)), packed.sizes)
    return of[begin], packed.points[begin], packed.points[begin + 1] - packed.points[begin]


def cut(packed: PackedStrokes) -> tuple[Pieces, Frames]:
    """Divide drawings of unit size into pieces, and compute their frames.

    Parameters
    ----------
    packed : PackedStrokes
        See :func:`unit_sized`.
    """
    of, starts, ways = segments(packed)
    parts = np.maximum(np.ceil(np.hypot(*ways.T) / PIECE), 1).astype(np.int64)
    which = np.repeat(np.arange(len(of)), parts)
    turn = ranges(np.zeros(len(parts), np.int64), parts)
    vectors = (ways / parts[:, None])[which]
    middle = starts[which] + vectors * (turn + 0.5)[:, None]
    found = frames(packed, of[which], middle, np.hypot(*vectors.T))
    return Pieces(of[which], found.inside(middle, of[which]), vectors), found


def frames(packed: PackedStrokes, of: NDArray[np.int64], middle: Floats, ink: Floats) -> Frames:
    """Return a frame for each drawing: the mean of its box and of the spread of its ink.

    A long thin tail moves the box much and the ink little. The sides of a frame are between those of a
    square and those of the drawing itself (their geometric mean), so that a slim drawing fills it better and
    is still slim.

    Parameters
    ----------
    packed : PackedStrokes
        Drawings of unit size.
    of : int64 array of shape ``(K,)``
    middle : float64 array of shape ``(K, 2)``
    ink : float64 array of shape ``(K,)``
        Length of each piece.
    """
    box_middle = (packed.boxes[:, :2] + packed.boxes[:, 2:]) / 2
    weight, cuts = _by_drawing(of, ink, len(packed))
    mean = np.column_stack([segment_sum(ink * x, cuts) for x in middle.T]) / weight[:, None]
    mean = np.where(weight[:, None] > _NOTHING, mean, box_middle)
    deviations = (middle - mean[of]) ** 2
    spread = np.sqrt(np.column_stack([segment_sum(ink * x, cuts) for x in deviations.T]) / weight[:, None])
    longest = packed.extents.max(axis=1, initial=0)[:, None]
    box = np.sqrt(np.maximum(packed.extents, FLATTEST * longest) * longest)
    reach = np.hypot(*spread.T)[:, None]
    slim = np.maximum(spread, SLIMMEST * spread.max(axis=1, initial=0)[:, None])
    cloud = SPREADS * np.sqrt(slim * np.sqrt(2) * reach)
    size = (box + cloud) / 2
    return Frames((box_middle + mean) / 2, np.where(size > _NOTHING, size, 1.0))


_NOTHING = 1e-9


def _by_drawing(of: NDArray[np.int64], ink: Floats, n: int) -> tuple[Floats, NDArray[np.int64]]:
    """Return the ink of each drawing, at least a little, and the index of its first piece."""
    cuts = np.searchsorted(of, np.arange(n + 1))
    return np.maximum(segment_sum(ink, cuts), _NOTHING), cuts
