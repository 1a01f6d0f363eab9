"""``PackedStrokes``: many drawings at once as flat arrays, for work that takes no step per drawing.

Letters: ``n`` drawings, ``S`` strokes and ``P`` points of all of them together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from limner.strokes.drawing import Drawing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Counts = NDArray[np.int64]


EXACT = 2.0**53
"""Whole numbers below are held exactly."""

LONG = 64
"""Runs of so many numbers are added up one by one."""


@dataclass(frozen=True, eq=False)
class PackedStrokes:
    """Drawings one behind the other, in absolute coordinates.

    Parameters
    ----------
    points : float64 array of shape ``(P, 2)``
        In the units of the source; y grows downward.
    lengths : int64 array of shape ``(S,)``
        Points of each stroke, at least one.
    strokes : int64 array of shape ``(n,)``
        Strokes of each drawing; none is allowed.

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
        """Count the drawings."""
        return len(self.strokes)

    # Where things stand --------------------------------------------------------------------------

    @cached_property
    def stroke_starts(self) -> Counts:
        """Where each stroke begins among the points, and where the last one ends; ``(S + 1,)``."""
        return offsets_from_lengths(self.lengths)

    @cached_property
    def first_strokes(self) -> Counts:
        """Which stroke each drawing begins with, and how many there are; ``(n + 1,)``."""
        return offsets_from_lengths(self.strokes)

    @cached_property
    def starts(self) -> Counts:
        """Where each drawing begins among the points, and where the last one ends; ``(n + 1,)``."""
        return self.stroke_starts[self.first_strokes]

    @cached_property
    def sizes(self) -> Counts:
        """Points of each drawing; ``(n,)``."""
        return np.diff(self.starts)

    # Measures ------------------------------------------------------------------------------------

    @cached_property
    def steps(self) -> Floats:
        """Way from the point before on the same stroke; 0 at the first point of a stroke; ``(P,)``."""
        if not len(self.points):
            return np.zeros(0)
        dx, dy = np.diff(self.points[:, 0], prepend=0.0), np.diff(self.points[:, 1], prepend=0.0)
        way = np.sqrt(dx * dx + dy * dy)
        way[self.stroke_starts[:-1]] = 0
        return np.asarray(way)

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
        found = np.zeros((len(self), 4))
        some = self.sizes > 0
        if some.any():
            at = self.starts[:-1][some]
            for axis in (0, 1):
                column = np.ascontiguousarray(self.points[:, axis])
                found[some, axis] = np.minimum.reduceat(column, at)
                found[some, axis + 2] = np.maximum.reduceat(column, at)
        return found

    @cached_property
    def extents(self) -> Floats:
        """Width and height of each drawing; ``(n, 2)``."""
        return self.boxes[:, 2:] - self.boxes[:, :2]

    # Other sheaves -------------------------------------------------------------------------------

    def with_points(self, points: Floats) -> PackedStrokes:
        """Copy with the same strokes at other places; ``(P, 2)``."""
        return replace(self, points=points)

    def keep_points(self, mask: NDArray[np.bool_]) -> PackedStrokes:
        """Leave out points; ``(P,)``. A stroke without points goes, a drawing without strokes stays."""
        kept = np.flatnonzero(mask)
        left = np.diff(np.searchsorted(kept, self.stroke_starts))
        if left.all():
            return PackedStrokes(take(self.points, kept), left, self.strokes)
        strokes = np.asarray(segment_sum(left > 0, self.first_strokes), np.int64)
        return PackedStrokes(take(self.points, kept), left[left > 0], strokes)

    def keep_strokes(self, mask: NDArray[np.bool_]) -> PackedStrokes:
        """Leave out strokes; ``(S,)``. A drawing without strokes stays."""
        if mask.all():
            return self
        return self.keep_points(np.repeat(mask, self.lengths))

    def take(self, wanted: ArrayLike) -> PackedStrokes:
        """Copy the drawings at these places, in that order; or those under a mask of shape ``(n,)``."""
        chosen = np.asarray(wanted)
        if chosen.dtype == bool:
            chosen = np.flatnonzero(chosen)
        of_strokes = ranges(self.first_strokes[chosen], self.strokes[chosen])
        lengths = self.lengths[of_strokes]
        points = take(self.points, ranges(self.stroke_starts[of_strokes], lengths))
        return PackedStrokes(points, lengths, self.strokes[chosen])

    # Out of and into other forms -----------------------------------------------------------------

    @classmethod
    def from_stroke3(cls, rows: NDArray[np.floating], offsets: ArrayLike) -> PackedStrokes:
        """Add up offsets drawing by drawing, in float64; a last stroke without a lift is kept.

        Parameters
        ----------
        rows : array of shape ``(P, 3)``
            Checked stroke-3 rows of all drawings, one behind the other.
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
        """Give offsets and lifts of all drawings, each from the origin; ``(P, 3)``."""
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
        """Put drawings one behind the other."""
        strokes = [stroke for drawing in drawings for stroke in drawing]
        return cls(
            np.concatenate([np.zeros((0, 2)), *strokes]).astype(np.float64),
            np.array([len(stroke) for stroke in strokes], np.int64),
            np.array([len(drawing) for drawing in drawings], np.int64),
        )

    def drawing(self, i: int) -> Drawing:
        """Give drawing ``i``."""
        first, last = self.first_strokes[i : i + 2]
        cuts = self.stroke_starts[first : last + 1].tolist()
        return Drawing.from_polylines(self.points[a:b] for a, b in pairwise(cuts))

    def each(self, change: Callable[[Drawing], Drawing]) -> PackedStrokes:
        """Change the drawings one by one."""
        return PackedStrokes.from_drawings([change(self.drawing(i)) for i in range(len(self))])

    @classmethod
    def join(cls, sheaves: Iterable[PackedStrokes]) -> PackedStrokes:
        """Put sheaves one behind the other."""
        parts = [PackedStrokes.from_drawings(()), *sheaves]
        return cls(*(np.concatenate([getattr(p, name) for p in parts]) for name in cls.__match_args__))


def empty_points(n: int) -> Floats:
    """Give room for ``n`` points, whose xs lie side by side, and so their ys; ``(n, 2)``."""
    return np.empty((2, n)).T


def take(points: Floats, chosen: Counts) -> Floats:
    """Copy some points, in the order of ``chosen``; ``(len(chosen), 2)``."""
    found = empty_points(len(chosen))
    for axis in (0, 1):
        np.take(points[:, axis], chosen, out=found[:, axis])
    return found


def offsets_from_lengths(lengths: ArrayLike) -> Counts:
    """Give where runs of these lengths begin, and where the last one ends; of shape ``(k + 1,)``."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(np.asarray(lengths, np.int64))])


def ranges(starts: ArrayLike, lengths: ArrayLike) -> Counts:
    """Give the indices of runs, one behind the other."""
    n = np.asarray(lengths, np.int64)
    begin = np.cumsum(n) - n
    return np.asarray(np.arange(n.sum(), dtype=np.int64) + np.repeat(np.asarray(starts, np.int64) - begin, n))


def segment_sum(values: ArrayLike, cuts: Counts) -> Floats:
    """Add up runs of values; ``cuts`` are their edges, and a run may be empty."""
    array = np.asarray(values, np.float64)
    found = np.zeros(len(cuts) - 1)
    some = np.diff(cuts) > 0
    if some.any():
        found[some] = np.add.reduceat(array, cuts[:-1][some])
    return found


def segment_cumsum(values: Floats, cuts: Counts) -> Floats:
    """Add up values within runs, from the beginning of each; ``(k,)``, ``cuts`` are the edges of the runs.

    The sums of a run never depend on the runs beside it: whole numbers are added up in one go, which is
    exact; other short runs of about one length are laid side by side.
    """
    if not len(values):
        return np.zeros(0)
    lengths = np.diff(cuts)
    broken = segment_sum(values != np.rint(values), cuts) > 0
    if float(np.abs(values).sum()) >= EXACT:
        broken[:] = True
    whole = np.where(np.repeat(broken, lengths), 0.0, values) if broken.any() else values
    total = np.cumsum(whole)
    found = total - np.repeat((total - whole)[np.minimum(cuts[:-1], len(values) - 1)], lengths)
    long = broken & (lengths >= LONG)
    for a, b in zip(cuts[:-1][long].tolist(), cuts[1:][long].tolist(), strict=True):
        np.cumsum(values[a:b], out=found[a:b])
    sizes = np.ceil(np.log2(np.maximum(lengths, 1))).astype(np.int64)  # runs up to 2 ** size long
    broken &= ~long
    for size in np.unique(sizes[broken]).tolist():
        some = np.flatnonzero((sizes == size) & broken)
        at = ranges(cuts[some], lengths[some])
        inside = ranges(np.zeros(len(some), np.int64), lengths[some])
        empty_points = inside * len(some) + np.repeat(np.arange(len(some)), lengths[some])  # runs lie upright
        block = np.zeros((1 << size, len(some)))
        block.reshape(-1)[empty_points] = values.take(at)
        found[at] = np.cumsum(block, axis=0).reshape(-1).take(empty_points)
    return np.asarray(found)
