"""How far the ink of two drawings lies apart, whatever the order of their strokes.

Letters: ``P`` points of ink.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from limner.strokes.chamfer import point_set_chamfer
from limner.strokes.drawing import Drawing
from limner.strokes.geometry import arc_lengths, points_along

INK_POINTS = 400


def ink_points(drawing: Drawing, count: int = INK_POINTS) -> NDArray[np.float64]:
    """Give points evenly along the ink, ``(P, 2)``; the dots of a drawing of dots.

    Parameters
    ----------
    drawing : Drawing
    count : int
        P
    """
    if drawing.ink_length == 0:
        return np.concatenate([np.zeros((0, 2)), *(stroke[:1] for stroke in drawing)]).astype(np.float64)
    places = (np.arange(count) + 0.5) * drawing.ink_length / count  # along all strokes, jumps left out
    found, before = [], 0.0
    for stroke in drawing:
        after = before + float(arc_lengths(stroke)[-1])
        mine = places[(places >= before) & (places < after)]
        found.append(points_along(stroke, mine - before))
        before = after
    return np.concatenate(found)


def chamfer_distance(one: Drawing, other: Drawing, count: int = INK_POINTS) -> float:
    """Give the mean distance from ink to the nearest ink of the other drawing, both ways averaged.

    Drawings are compared where they lie, in their units.

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
    """Give :func:`chamfer_distance` over the longest side of the original; 0 is a perfect copy."""
    x_min, y_min, x_max, y_max = original.bounds
    side = max(x_max - x_min, y_max - y_min)
    return chamfer_distance(original, redrawn) / (side or 1.0)
