"""Box separation: a page with several drawings becomes several drawings.

Strokes belong together if their boxes overlap or lie near each other. Overlap is measured as the share of a
box that another one covers, so that a small stroke inside a large one, or a straight one, whose box has no
area, belongs to it; their intersection over union is next to nothing.

Letters: ``G`` groups.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limner.strokes.groups import connected_groups

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.strokes.drawing import Drawing

    Floats = NDArray[np.float64]


def separated(drawing: Drawing, *, overlap: float = 0.05, gap: float = 0.0) -> list[Drawing]:
    """Split a drawing into groups of strokes; each stroke is in exactly one of them.

    Groups are merged, and their boxes with them, until no two of them overlap or lie near each other.

    Parameters
    ----------
    drawing : Drawing
    overlap : float
        Share of a box, above 0 and up to 1, that must be covered by another one.
    gap : float
        Boxes less than this apart belong together too, in the drawing's units; 0 for none.

    Returns
    -------
    list of Drawing
        In the order of their first strokes; strokes keep their order.

    Raises
    ------
    ValueError
        If the overlap is not above 0 and up to 1, or the gap is negative.
    """
    if not 0 < overlap <= 1:
        raise ValueError(f"the overlap must be above 0 and up to 1, and it is {overlap}")
    if not gap >= 0:
        raise ValueError(f"the gap must not be negative, and it is {gap}")
    groups = [[index] for index in range(len(drawing))]
    boxes = np.array([(*s.min(axis=0), *s.max(axis=0)) for s in drawing], dtype=np.float64).reshape(-1, 4)
    while len(groups) > 1:
        labels = connected_groups((covered_shares(boxes) >= overlap) | (_distances(boxes) < gap))
        if labels.max() + 1 == len(groups):
            break
        merged = [np.flatnonzero(labels == k) for k in range(labels.max() + 1)]
        groups = [sorted(stroke for k in members for stroke in groups[k]) for members in merged]
        boxes = np.array([(*boxes[k, :2].min(axis=0), *boxes[k, 2:].max(axis=0)) for k in merged])
    return [drawing.replace(strokes=tuple(drawing.strokes[i] for i in group)) for group in sorted(groups)]


def covered_shares(boxes: Floats) -> Floats:
    """Return for all pairs of boxes the larger share that one of them covers of the other.

    Parameters
    ----------
    boxes : float64 array of shape ``(G, 4)``
        Rows ``(x_min, y_min, x_max, y_max)``.

    Returns
    -------
    float64 array of shape ``(G, G)``
        From 0 to 1. Of a box without width or height only the other side counts; a point is covered or not.
    """
    low, high = boxes[:, :2], boxes[:, 2:]
    size = high - low
    common = np.minimum(high[:, None], high) - np.maximum(low[:, None], low)  # (G, G, 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(size[:, None] > 0, np.maximum(common, 0) / size[:, None], common >= 0)
    of_first = share.prod(axis=2)
    return np.asarray(np.maximum(of_first, of_first.T))


def _distances(boxes: Floats) -> Floats:
    """Return the distances of all pairs of boxes, ``(G, G)``; 0 where they touch or overlap."""
    low, high = boxes[:, :2], boxes[:, 2:]
    gaps = np.maximum(np.maximum(low[:, None] - high, low - high[:, None]), 0)
    return np.asarray(np.hypot(gaps[..., 0], gaps[..., 1]))
