"""Geometry for whole sheaves: what ``geometry.py`` does for one drawing, without a step per drawing.

Letters: ``n`` drawings, ``P`` points of all of them together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from limner.strokes.packed import PackedStrokes, empty_points, offsets_from_lengths, segment_cumsum
from limner.strokes.simplify import kept_mask

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

N = TypeVar("N", np.float64, np.int64)


def placed(sheaf: PackedStrokes, factor: Floats, corner: Floats) -> PackedStrokes:
    """Give ``(points - corner) * factor``; one factor ``(n,)`` and one corner ``(n, 2)`` for each drawing."""
    points = empty_points(len(sheaf.points))
    each = np.repeat(factor, sheaf.sizes)
    for axis in (0, 1):
        points[:, axis] = (sheaf.points[:, axis] - np.repeat(corner[:, axis], sheaf.sizes)) * each
    return sheaf.with_points(points)


def box_factors(sheaf: PackedStrokes, box: float) -> Floats:
    """Give for each drawing what scales its longest side to ``box``; 1 for one without extent; ``(n,)``."""
    side = sheaf.extents.max(axis=1, initial=0)
    return box / np.where(side > 0, side, box)


def simplified(sheaf: PackedStrokes, epsilon: float) -> PackedStrokes:
    """Run Ramer-Douglas-Peucker over all strokes; see :func:`limner.strokes.simplify.kept_mask`."""
    return sheaf.keep_points(kept_mask(sheaf.points, sheaf.stroke_starts, epsilon))


def walked(sheaf: PackedStrokes, step: float, *, corners_only: bool = False) -> PackedStrokes:
    """Put a point at every multiple of ``step`` along each stroke, and one at its end.

    The last step is shorter. A stroke of one point becomes two equal points, as in Google's simplified
    drawings.

    Parameters
    ----------
    step : float
        In the units of the points.
    corners_only : bool
        Whether only the first and the last point on each segment of the old strokes are made. The others lie
        on a straight line between these two, so Ramer-Douglas-Peucker gives the same without them, and much
        sooner.

    Raises
    ------
    ValueError
        If the step is not positive.
    """
    if not step > 0:
        raise ValueError(f"the step must be positive, and it is {step}")
    way = segment_cumsum(sheaf.steps, sheaf.stroke_starts)  # (P,)
    total = way[sheaf.stroke_starts[1:] - 1]  # (S,)
    whole = np.maximum(np.ceil(total / step), 1).astype(np.int64)
    return _resampled(sheaf, way, np.full(len(total), step), whole, corners_only=corners_only)


def evenly_resampled(sheaf: PackedStrokes, spacing: float) -> PackedStrokes:
    """Put points at even distances along each stroke; see :func:`limner.strokes.geometry.resampled`."""
    if not spacing > 0:
        raise ValueError(f"the spacing must be positive, and it is {spacing}")
    way = segment_cumsum(sheaf.steps, sheaf.stroke_starts)  # (P,)
    total = way[sheaf.stroke_starts[1:] - 1]  # (S,)
    whole = np.where(sheaf.lengths == 1, 0, np.maximum(1, np.rint(total / spacing))).astype(np.int64)
    return _resampled(sheaf, way, total / np.maximum(whole, 1), whole)


def _resampled(
    sheaf: PackedStrokes, way: Floats, step: Floats, whole: NDArray[np.int64], *, corners_only: bool = False
) -> PackedStrokes:
    """Walk each stroke in ``whole`` steps; ``(P,)``, ``(S,)`` and ``(S,)``. No step means only the start."""
    starts, ends = sheaf.stroke_starts[:-1], sheaf.stroke_starts[1:] - 1
    stride = np.repeat(np.where(step > 0, step, 1.0), sheaf.lengths)
    steps = (way / stride).astype(np.int64)  # whole steps up to each point
    first = _before(steps, starts) + 1  # of the steps that end on the segment up to a point
    last = np.minimum(steps, np.repeat(whole - 1, sheaf.lengths))
    first[starts] = last[starts] = 0  # the start itself
    counts = np.maximum(last - first + 1, 0)
    if corners_only:
        np.minimum(counts, 2, out=counts)
    twice = np.flatnonzero(counts > 1)
    counts[ends] += whole > 0  # and the end itself
    made = offsets_from_lengths(counts)
    at = np.repeat(np.arange(len(way)), counts)
    number = np.arange(len(at)) + (first - made[:-1]).take(at)
    if corners_only:
        number[made[twice] + 1] = last[twice]
    done = _before(way, starts)
    beyond = number * stride.take(at) - done.take(at)
    long = way - done
    long[long == 0] = 1
    points = empty_points(len(at))
    for axis in (0, 1):
        here = sheaf.points[:, axis]
        before = _before(here, starts)
        slope = (here - before) / long
        points[:, axis] = before.take(at) + beyond * slope.take(at)
    fixed = np.concatenate([starts, ends[whole > 0]])
    points[np.concatenate([made[starts], made[ends + 1][whole > 0] - 1])] = sheaf.points[fixed]
    return PackedStrokes(points, np.diff(made[sheaf.stroke_starts]), sheaf.strokes)


def _before(values: NDArray[N], starts: NDArray[np.int64]) -> NDArray[N]:
    """Give the value of the point before on the same stroke; 0 at the first one; ``(P,)``."""
    found = np.empty_like(values)
    found[1:] = values[:-1]
    found[starts] = 0
    return found
