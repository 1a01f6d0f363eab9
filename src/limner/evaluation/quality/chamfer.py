"""Chamfer distance between the ink of two drawings, whatever the order of their strokes.

Letters: ``P`` points of ink.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from limner.strokes.chamfer import point_set_chamfer
from limner.strokes.drawing import Drawing
from limner.strokes.geometry import arc_lengths, points_along

INK_POINTS = 400
"""Points along the ink of a drawing, at most a few thousandths of its length apart."""


def ink_points(drawing: Drawing, count: int = INK_POINTS) -> NDArray[np.float64]:
    """Return points at equal distances along the ink, ``(P, 2)``; of a drawing of dots, the dots.

    Parameters
    ----------
    drawing : Drawing
    count : int
        P.
    """
    if drawing.ink_length == 0:
        return np.concatenate([np.zeros((0, 2)), *(stroke[:1] for stroke in drawing)]).astype(np.float64)
    targets = (
        (np.arange(count) + 0.5) * drawing.ink_length / count
    )  # arc lengths over all strokes, jumps left out
    points, before = [], 0.0
    for stroke in drawing:
        after = before + float(arc_lengths(stroke)[-1])
        on_stroke = targets[(targets >= before) & (targets < after)]
        points.append(points_along(stroke, on_stroke - before))
        before = after
    return np.concatenate(points)


def chamfer_distance(one: Drawing, other: Drawing, count: int = INK_POINTS) -> float:
    """Return the mean distance of ink to the nearest ink of the other drawing, averaged over both directions.

    Drawings are compared in their own coordinates and units.

    Raises
    ------
    ValueError
        If a drawing has no ink.
    """
    a, b = ink_points(one, count), ink_points(other, count)
    if not len(a) or not len(b):
        raise ValueError("a drawing without ink has no distance to another")
    return point_set_chamfer(a, b)


def relative_chamfer(original: Drawing, redrawn: Drawing) -> float:
    """Return :func:`chamfer_distance` over the longest side of the original; 0 is a perfect copy."""
    x_min, y_min, x_max, y_max = original.bounds
    side = max(x_max - x_min, y_max - y_min)
    return chamfer_distance(original, redrawn) / (side or 1.0)
