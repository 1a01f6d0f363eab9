"""Drawings in a common frame, cut into short straight pieces of ink.

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
    way : float64 array of shape ``(K, 2)``
        From its start to its end, as a share of the drawing's longer side.
    """

    of: NDArray[np.int64]  # (K,)
    middle: Floats  # (K, 2)
    way: Floats  # (K, 2)


@dataclass(frozen=True, eq=False)
class Frames:
    """Where the frame of each drawing lies: a box of its own width and height, from 0 to 1 inside.

    Parameters
    ----------
    centre, size : float64 arrays of shape ``(n, 2)``
    """

    centre: Floats  # (n, 2)
    size: Floats  # (n, 2)

    def inside(self, points: Floats, of: NDArray[np.int64]) -> Floats:
        """Give points ``(k, 2)`` of the drawings ``of``, ``(k,)``, in their frames."""
        return (points - self.centre[of]) / self.size[of] + 0.5


def unit_sized(sheaf: PackedStrokes) -> PackedStrokes:
    """Scale every drawing, its aspect kept, until its longer side is 1, and simplify it."""
    return simplified(placed(sheaf, box_factors(sheaf, 1.0), sheaf.boxes[:, :2]), TOLERANCE)


def segments(sheaf: PackedStrokes) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Give the straight lines between neighbouring points of a stroke.

    Returns
    -------
    of : int64 array of shape ``(k,)``
        The drawing of each.
    starts, ways : float64 arrays of shape ``(k, 2)``
    """
    last = np.zeros(len(sheaf.points), np.bool_)
    last[sheaf.stroke_starts[1:] - 1] = True
    begin = np.flatnonzero(~last)
    of = np.repeat(np.arange(len(sheaf)), sheaf.sizes)
    return of[begin], sheaf.points[begin], sheaf.points[begin + 1] - sheaf.points[begin]


def cut(sheaf: PackedStrokes) -> tuple[Pieces, Frames]:
    """Cut drawings of unit size into pieces, and find their frames.

    Parameters
    ----------
    sheaf : PackedStrokes
        See :func:`unit_sized`.
    """
    of, starts, ways = segments(sheaf)
    parts = np.maximum(np.ceil(np.hypot(*ways.T) / PIECE), 1).astype(np.int64)
    which = np.repeat(np.arange(len(of)), parts)
    turn = ranges(np.zeros(len(parts), np.int64), parts)
    way = (ways / parts[:, None])[which]
    middle = starts[which] + way * (turn + 0.5)[:, None]
    found = frames(sheaf, of[which], middle, np.hypot(*way.T))
    return Pieces(of[which], found.inside(middle, of[which]), way), found


def frames(sheaf: PackedStrokes, of: NDArray[np.int64], middle: Floats, ink: Floats) -> Frames:
    """Find a frame for each drawing, half by its box and half by where its ink lies.

    A long thin tail moves the box much and the ink little. The sides of a frame are between those of a
    square and those of the drawing itself (their geometric mean), so that a slim drawing fills it better and
    is still slim.

    Parameters
    ----------
    sheaf : PackedStrokes
        Drawings of unit size.
    of : int64 array of shape ``(K,)``
    middle : float64 array of shape ``(K, 2)``
    ink : float64 array of shape ``(K,)``
        Length of each piece.
    """
    box_middle = (sheaf.boxes[:, :2] + sheaf.boxes[:, 2:]) / 2
    weight, cuts = _by_drawing(of, ink, len(sheaf))
    mean = np.column_stack([segment_sum(ink * x, cuts) for x in middle.T]) / weight[:, None]
    mean = np.where(weight[:, None] > _NOTHING, mean, box_middle)
    apart = (middle - mean[of]) ** 2
    spread = np.sqrt(np.column_stack([segment_sum(ink * x, cuts) for x in apart.T]) / weight[:, None])
    longest = sheaf.extents.max(axis=1, initial=0)[:, None]
    box = np.sqrt(np.maximum(sheaf.extents, FLATTEST * longest) * longest)
    reach = np.hypot(*spread.T)[:, None]
    slim = np.maximum(spread, SLIMMEST * spread.max(axis=1, initial=0)[:, None])
    cloud = SPREADS * np.sqrt(slim * np.sqrt(2) * reach)
    size = (box + cloud) / 2
    return Frames((box_middle + mean) / 2, np.where(size > _NOTHING, size, 1.0))


_NOTHING = 1e-9


def _by_drawing(of: NDArray[np.int64], ink: Floats, n: int) -> tuple[Floats, NDArray[np.int64]]:
    """Add up the ink of each drawing, a little more than nothing; and where its pieces begin."""
    cuts = np.searchsorted(of, np.arange(n + 1))
    return np.maximum(segment_sum(ink, cuts), _NOTHING), cuts
