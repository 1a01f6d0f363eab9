"""``PackedStrokes``: many drawings as flat arrays, for work without a Python step per drawing.

Letters: ``n`` drawings, ``S`` strokes and ``P`` points of all of them together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from limner.strokes.drawing import Drawing
from limner.strokes.segments import offsets_from_lengths, ranges, segment_cumsum, segment_sum

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class PackedStrokes:
    """Drawings one after another, in absolute coordinates.

    Parameters
    ----------
    points : float64 array of shape ``(P, 2)``
        In the units of the source; y grows downward.
    lengths : int64 array of shape ``(S,)``
        Number of points of each stroke, at least one.
    strokes : int64 array of shape ``(n,)``
        Number of strokes of each drawing; it may be zero.

    Raises
    ------
    ValueError
        If the shapes do not fit each other.
    """

    points: Floats  # (P, 2)
    lengths: Counts  # (S,)
    strokes: Counts  # (n,)

    def __post_init__(self) -> None:
        if self.points.shape != (self.lengths.sum(), 2) or self.strokes.sum() != len(self.lengths):
            raise ValueError("the points do not fit the strokes, or the strokes the drawings")

    def __len__(self) -> int:
        """Return the number of drawings."""
        return len(self.strokes)

    # Offsets -------------------------------------------------------------------------------------

    @cached_property
    def stroke_starts(self) -> Counts:
        """Offsets of the strokes among the points; ``(S + 1,)``."""
        return offsets_from_lengths(self.lengths)

    @cached_property
    def first_strokes(self) -> Counts:
        """Offsets of the drawings among the strokes; ``(n + 1,)``."""
        return offsets_from_lengths(self.strokes)

    @cached_property
    def starts(self) -> Counts:
        """Offsets of the drawings among the points; ``(n + 1,)``."""
        return self.stroke_starts[self.first_strokes]

    @cached_property
    def sizes(self) -> Counts:
        """Number of points of each drawing; ``(n,)``."""
        return np.diff(self.starts)

    # Measures ------------------------------------------------------------------------------------

    @cached_property
    def steps(self) -> Floats:
        """Distance of each point from the one before on the same stroke; 0 for the first one; ``(P,)``."""
        if not len(self.points):
            return np.zeros(0)
        dx, dy = np.diff(self.points[:, 0], prepend=0.0), np.diff(self.points[:, 1], prepend=0.0)
        distances = np.sqrt(dx * dx + dy * dy)
        distances[self.stroke_starts[:-1]] = 0
        return np.asarray(distances)

    @cached_property
    def stroke_inks(self) -> Floats:
        """Length of each stroke; ``(S,)``."""
        return segment_sum(self.steps, self.stroke_starts)

    @cached_property
    def inks(self) -> Floats:
        """Length of all strokes of each drawing together; ``(n,)``."""
        return segment_sum(self.stroke_inks, self.first_strokes)

    @cached_property
    def boxes(self) -> Floats:
        """``(x_min, y_min, x_max, y_max)`` of each drawing; zeros for one without strokes; ``(n, 4)``."""
        boxes = np.zeros((len(self), 4))
        filled = self.sizes > 0
        if filled.any():
            starts = self.starts[:-1][filled]
            for axis in (0, 1):
                column = np.ascontiguousarray(self.points[:, axis])
                boxes[filled, axis] = np.minimum.reduceat(column, starts)
                boxes[filled, axis + 2] = np.maximum.reduceat(column, starts)
        return boxes

    @cached_property
    def extents(self) -> Floats:
        """Width and height of each drawing; ``(n, 2)``."""
        return self.boxes[:, 2:] - self.boxes[:, :2]

    # Changed copies ------------------------------------------------------------------------------

    def with_points(self, points: Floats) -> PackedStrokes:
        """Return a copy of the same strokes with other coordinates; ``(P, 2)``."""
        return replace(self, points=points)

    def keep_points(self, mask: NDArray[np.bool_]) -> PackedStrokes:
        """Return the points under a mask, ``(P,)``. Empty strokes are left out, empty drawings stay."""
        kept = np.flatnonzero(mask)
        left = np.diff(np.searchsorted(kept, self.stroke_starts))
        if left.all():
            return PackedStrokes(take_points(self.points, kept), left, self.strokes)
        strokes = np.asarray(segment_sum(left > 0, self.first_strokes), np.int64)
        return PackedStrokes(take_points(self.points, kept), left[left > 0], strokes)

    def keep_strokes(self, mask: NDArray[np.bool_]) -> PackedStrokes:
        """Return the strokes under a mask, ``(S,)``. Empty drawings stay."""
        if mask.all():
            return self
        return self.keep_points(np.repeat(mask, self.lengths))

    def take(self, wanted: ArrayLike) -> PackedStrokes:
        """Return the drawings at these indices, in that order, or those under a mask of shape ``(n,)``."""
        indices = np.asarray(wanted)
        if indices.dtype == bool:
            indices = np.flatnonzero(indices)
        strokes = ranges(self.first_strokes[indices], self.strokes[indices])
        lengths = self.lengths[strokes]
        points = take_points(self.points, ranges(self.stroke_starts[strokes], lengths))
        return PackedStrokes(points, lengths, self.strokes[indices])

    def each(self, change: Callable[[Drawing], Drawing]) -> PackedStrokes:
        """Return the drawings after a function was applied to each of them."""
        return PackedStrokes.from_drawings([change(self.drawing(i)) for i in range(len(self))])

    # Other forms ---------------------------------------------------------------------------------

    @classmethod
    def from_stroke3(cls, rows: NDArray[np.floating], offsets: ArrayLike) -> PackedStrokes:
        """Add up the offsets of each drawing in float64; a last stroke without a lift is kept.

        Parameters
        ----------
        rows : array of shape ``(P, 3)``
            Checked stroke-3 rows of all drawings, one after another.
        offsets : int array of shape ``(n + 1,)``
            Drawing ``i`` is ``rows[offsets[i]:offsets[i + 1]]``, at least one row.
        """
        cuts = np.asarray(offsets, np.int64)
        if not len(rows):
            return cls(np.zeros((0, 2)), np.zeros(0, np.int64), np.zeros(len(cuts) - 1, np.int64))
        points = empty_points(len(rows))
        for axis in (0, 1):
            points[:, axis] = segment_cumsum(rows[:, axis].astype(np.float64), cuts)
        last = rows[:, 2] == 1
        last[cuts[1:] - 1] = True
        ends = np.flatnonzero(last) + 1
        strokes = np.diff(np.searchsorted(ends, cuts, side="right"))
        return cls(points, np.diff(ends, prepend=0), strokes)

    def to_stroke3(self) -> NDArray[np.float32]:
        """Return the stroke-3 rows of all drawings, each from the origin; ``(P, 3)``."""
        rows = np.zeros((len(self.points), 3), np.float32)
        if len(rows):
            steps = np.diff(self.points, axis=0, prepend=0.0)
            first = self.starts[:-1][self.sizes > 0]
            steps[first] = self.points[first]
            rows[:, :2] = steps
            rows[self.stroke_starts[1:] - 1, 2] = 1
        return rows

    @classmethod
    def from_drawings(cls, drawings: Sequence[Drawing]) -> PackedStrokes:
        """Pack drawings; labels and sources are not kept."""
        strokes = [stroke for drawing in drawings for stroke in drawing]
        return cls(
            np.concatenate([np.zeros((0, 2)), *strokes]).astype(np.float64),
            np.array([len(stroke) for stroke in strokes], np.int64),
            np.array([len(drawing) for drawing in drawings], np.int64),
        )

    def drawing(self, i: int) -> Drawing:
        """Return drawing ``i``."""
        first, last = self.first_strokes[i : i + 2]
        cuts = self.stroke_starts[first : last + 1].tolist()
        return Drawing.from_polylines(self.points[a:b] for a, b in pairwise(cuts))

    @classmethod
    def join(cls, batches: Iterable[PackedStrokes]) -> PackedStrokes:
        """Concatenate batches of drawings."""
        parts = [PackedStrokes.from_drawings(()), *batches]
        return cls(*(np.concatenate([getattr(p, name) for p in parts]) for name in cls.__match_args__))


def empty_points(n: int) -> Floats:
    """Return an uninitialised array of ``n`` points, ``(n, 2)``, whose columns are contiguous."""
    return np.empty((2, n)).T


def take_points(points: Floats, indices: Counts) -> Floats:
    """Return the points at these indices, ``(len(indices), 2)``, in contiguous columns."""
    taken = empty_points(len(indices))
    for axis in (0, 1):
        np.take(points[:, axis], indices, out=taken[:, axis])
    return taken
