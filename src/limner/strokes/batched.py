"""Geometry of many packed drawings at once; :mod:`limner.strokes.geometry` does the same for one.

Letters: ``n`` drawings, ``S`` strokes and ``P`` points of all of them together, ``Q`` points of the result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from limner.strokes.packed import PackedStrokes, empty_points
from limner.strokes.segments import offsets_from_lengths, segment_cumsum
from limner.strokes.simplify import kept_mask

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Counts = NDArray[np.int64]

N = TypeVar("N", np.float64, np.int64)


def placed(packed: PackedStrokes, factor: Floats, corner: Floats) -> PackedStrokes:
    """Return ``(points - corner) * factor``.

    Parameters
    ----------
    packed : PackedStrokes
    factor : float64 array of shape ``(n,)``
        One for each drawing.
    corner : float64 array of shape ``(n, 2)``
        One for each drawing; it becomes the origin.
    """
    points = empty_points(len(packed.points))
    factors = np.repeat(factor, packed.sizes)
    for axis in (0, 1):
        points[:, axis] = (packed.points[:, axis] - np.repeat(corner[:, axis], packed.sizes)) * factors
    return packed.with_points(points)


def box_factors(packed: PackedStrokes, box: float) -> Floats:
    """Return the factor that scales each drawing's longest side to ``box``; 1 for a point; ``(n,)``."""
    side = packed.extents.max(axis=1, initial=0)
    return box / np.where(side > 0, side, box)


def simplified(packed: PackedStrokes, epsilon: float) -> PackedStrokes:
    """Simplify all strokes by Ramer-Douglas-Peucker; see :func:`limner.strokes.simplify.kept_mask`."""
    return packed.keep_points(kept_mask(packed.points, packed.stroke_starts, epsilon))


def walked(packed: PackedStrokes, step: float, *, corners_only: bool = False) -> PackedStrokes:
    """Put a point at every multiple of ``step`` along each stroke, and one at its end.

    The last step is shorter. A stroke of one point becomes two equal points, as in Google's simplified
    drawings.

    Parameters
    ----------
    packed : PackedStrokes
    step : float
        Arc length, in the units of the points.
    corners_only : bool
        Whether only the first and the last point on each segment of the old strokes are made. The others lie
        on a straight line between these two, so Ramer-Douglas-Peucker returns the same without them, and much
        sooner.

    Raises
    ------
    ValueError
        If the step is not positive.
    """
    if not step > 0:
        raise ValueError(f"the step must be positive, and it is {step}")
    arc_length = segment_cumsum(packed.steps, packed.stroke_starts)  # (P,)
    total = arc_length[packed.stroke_starts[1:] - 1]  # (S,)
    n_steps = np.maximum(np.ceil(total / step), 1).astype(np.int64)
    steps = np.full(len(total), step)
    return _resampled(packed, arc_length, steps, n_steps, corners_only=corners_only)


def evenly_resampled(packed: PackedStrokes, spacing: float) -> PackedStrokes:
    """Put points at equal distances along each stroke; see :func:`limner.strokes.geometry.resampled`."""
    if not spacing > 0:
        raise ValueError(f"the spacing must be positive, and it is {spacing}")
    arc_length = segment_cumsum(packed.steps, packed.stroke_starts)  # (P,)
    total = arc_length[packed.stroke_starts[1:] - 1]  # (S,)
    n_steps = np.where(packed.lengths == 1, 0, np.maximum(1, np.rint(total / spacing))).astype(np.int64)
    return _resampled(packed, arc_length, total / np.maximum(n_steps, 1), n_steps)


def _resampled(
    packed: PackedStrokes, arc_length: Floats, step: Floats, n_steps: Counts, *, corners_only: bool = False
) -> PackedStrokes:
    """Resample each stroke in ``n_steps`` steps, ``(S,)``; without steps, only its start is kept."""
    starts, ends = packed.stroke_starts[:-1], packed.stroke_starts[1:] - 1
    stride = np.repeat(np.where(step > 0, step, 1.0), packed.lengths)  # (P,)
    steps_before = (arc_length / stride).astype(np.int64)  # whole steps up to each point
    first = _previous(steps_before, starts) + 1  # of the steps that end on the segment before a point
    last = np.minimum(steps_before, np.repeat(n_steps - 1, packed.lengths))
    first[starts] = last[starts] = 0  # the start itself
    counts = np.maximum(last - first + 1, 0)
    if corners_only:
        np.minimum(counts, 2, out=counts)
    twice = np.flatnonzero(counts > 1)
    counts[ends] += n_steps > 0  # and the end itself
    offsets = offsets_from_lengths(counts)  # (P + 1,), of the new points on each segment
    segment = np.repeat(np.arange(len(arc_length)), counts)  # (Q,)
    number = np.arange(len(segment)) + (first - offsets[:-1]).take(segment)  # of the step that ends there
    if corners_only:
        number[offsets[twice] + 1] = last[twice]
    before = _previous(arc_length, starts)
    beyond = number * stride.take(segment) - before.take(segment)  # from the start of the segment
    points = _along_segments(packed, arc_length - before, segment, beyond)
    fixed = np.concatenate([starts, ends[n_steps > 0]])  # both ends stay exactly where they are
    points[np.concatenate([offsets[starts], offsets[ends + 1][n_steps > 0] - 1])] = packed.points[fixed]
    return PackedStrokes(points, np.diff(offsets[packed.stroke_starts]), packed.strokes)


def _along_segments(packed: PackedStrokes, length: Floats, segment: Counts, beyond: Floats) -> Floats:
    """Return points on segments, each of which ends at a point of a stroke: ``(Q, 2)``.

    Parameters
    ----------
    packed : PackedStrokes
    length : float64 array of shape ``(P,)``
        Of the segments.
    segment : int64 array of shape ``(Q,)``
        The segment of each new point.
    beyond : float64 array of shape ``(Q,)``
        Its distance from the start of the segment.
    """
    length = np.where(length == 0, 1.0, length)
    points = empty_points(len(segment))
    for axis in (0, 1):
        here = packed.points[:, axis]
        before = _previous(here, packed.stroke_starts[:-1])
        slope = (here - before) / length
        points[:, axis] = before.take(segment) + beyond * slope.take(segment)
    return points


def _previous(values: NDArray[N], starts: Counts) -> NDArray[N]:
    """Return the value of the point before on the same stroke; 0 for the first one; ``(P,)``."""
    previous = np.empty_like(values)
    previous[1:] = values[:-1]
    previous[starts] = 0
    return previous
