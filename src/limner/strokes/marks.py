"""Small marks beside a drawing: dates, page numbers, signatures, specks.

Letters: ``G`` groups of strokes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limner.strokes.geometry import resampled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.strokes.drawing import Drawing


def without_marks(drawing: Drawing, side: float, gap: float) -> Drawing:
    """Leave out small groups of strokes that stand apart from the drawing and outside of its outline.

    Strokes whose ink comes nearer than ``gap`` are a group. A group is a mark if the longer side of its box
    is below ``side`` and its middle lies outside of the convex outline of every larger group, so that an eye
    in a face stays. Where no group is larger, nothing is left out.

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

    number = ink_groups(drawing, gap)
    groups = [
        np.concatenate([s for s, k in zip(drawing, number, strict=True) if k == g]) for g in set(number)
    ]
    large = [bool(np.ptp(points, axis=0).max() >= side) for points in groups]
    if all(large) or not any(large):
        return drawing
    outlines = [
        shapely.MultiPoint(p).convex_hull for p, is_large in zip(groups, large, strict=True) if is_large
    ]
    kept = set()
    for group, (points, is_large) in enumerate(zip(groups, large, strict=True)):
        middle = shapely.Point((points.min(axis=0) + points.max(axis=0)) / 2)
        if is_large or any(outline.covers(middle) for outline in outlines):
            kept.add(group)
    return drawing.replace(strokes=tuple(s for s, k in zip(drawing, number, strict=True) if k in kept))


def ink_groups(drawing: Drawing, gap: float) -> list[int]:
    """Number the groups of strokes whose ink comes nearer than ``gap`` to each other, from 0.

    Returns
    -------
    list of int, one for each stroke
        Groups count in the order of their first strokes.

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
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    dense = resampled(drawing, gap / 2)
    owner = np.repeat(np.arange(len(dense)), [len(stroke) for stroke in dense])
    near = cKDTree(dense.points).query_pairs(gap, output_type="ndarray")
    one, two = owner[near[:, 0]], owner[near[:, 1]]
    links = coo_array((np.ones(len(near)), (one, two)), shape=(len(dense), len(dense)))
    found: NDArray[np.int32] = connected_components(links, directed=False)[1]
    first = {label: place for place, label in enumerate(dict.fromkeys(found.tolist()))}
    return [first[label] for label in found.tolist()]
