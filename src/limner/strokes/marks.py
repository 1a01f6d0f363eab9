"""Small marks beside a drawing: dates, page numbers, signatures, specks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limner.strokes.geometry import resampled
from limner.strokes.groups import connected_groups

if TYPE_CHECKING:
    from limner.strokes.drawing import Drawing


def without_marks(drawing: Drawing, side: float, gap: float) -> Drawing:
    """Leave out small groups of strokes that stand apart from the drawing and outside of its outline.

    Strokes whose ink comes nearer than ``gap`` are a group. A group is a mark if the longer side of its box
    is below ``side`` and its middle lies outside of the convex hull of every larger group, so that an eye in
    a face stays. Where no group is larger, nothing is left out.

    Parameters
    ----------
    drawing : Drawing
    side, gap : float
        In the drawing's units.

    Raises
    ------
    ValueError
        If the gap is not positive.
    """
    import shapely

    labels = ink_groups(drawing, gap)
    groups = [
        np.concatenate([s for s, k in zip(drawing, labels, strict=True) if k == g]) for g in set(labels)
    ]
    large = [bool(np.ptp(points, axis=0).max() >= side) for points in groups]
    if all(large) or not any(large):
        return drawing
    hulls = [shapely.MultiPoint(p).convex_hull for p, is_large in zip(groups, large, strict=True) if is_large]
    kept = set()
    for group, (points, is_large) in enumerate(zip(groups, large, strict=True)):
        middle = shapely.Point((points.min(axis=0) + points.max(axis=0)) / 2)
        if is_large or any(hull.covers(middle) for hull in hulls):
            kept.add(group)
    return drawing.replace(strokes=tuple(s for s, k in zip(drawing, labels, strict=True) if k in kept))


def ink_groups(drawing: Drawing, gap: float) -> list[int]:
    """Return the group of each stroke; strokes whose ink comes nearer than ``gap`` are one group.

    Ink is measured at points half a gap apart.

    Returns
    -------
    list of int, one for each stroke
        Groups are numbered from 0 in the order of their first strokes.

    Raises
    ------
    ValueError
        If the gap is not positive.
    """
    if not gap > 0:
        raise ValueError(f"the gap must be positive, and it is {gap}")
    if not len(drawing):
        return []
    from scipy.sparse import coo_array
    from scipy.spatial import cKDTree

    dense = resampled(drawing, gap / 2)
    owner = np.repeat(np.arange(len(dense)), [len(stroke) for stroke in dense])
    near = cKDTree(dense.points).query_pairs(gap, output_type="ndarray")
    one, two = owner[near[:, 0]], owner[near[:, 1]]
    links = coo_array((np.ones(len(near)), (one, two)), shape=(len(dense), len(dense)))
    groups: list[int] = connected_groups(links).tolist()
    return groups
