"""How Google made its simplified QuickDraw drawings from the raw ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limner.strokes.geometry import arc_lengths, points_along
from limner.strokes.simplify import simplify_strokes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.strokes.drawing import Drawing

CANVAS = 255
EPSILON = 2.0


def quickdraw_simplified(drawing: Drawing) -> Drawing:
    """Simplify a raw QuickDraw drawing as Google did.

    It is moved to the top-left corner and scaled until its longest side is 255, every stroke is walked in
    steps of one pixel, Ramer-Douglas-Peucker runs with epsilon 2.0, and coordinates are rounded to integers.
    The last step ends at the last point and is shorter, so that a one-point stroke becomes two equal points,
    as in the published files. Source: the README of github.com/googlecreativelab/quickdraw-dataset.

    Parameters
    ----------
    drawing : Drawing
        In any units; :meth:`limner.strokes.drawing.Drawing.from_quickdraw` reads raw strokes.

    Returns
    -------
    Drawing
        Integer coordinates from 0 to 255.
    """
    x_min, y_min, x_max, y_max = drawing.bounds
    factor = CANVAS / (max(x_max - x_min, y_max - y_min) or 1.0)
    placed = [(stroke.astype(np.float64) - (x_min, y_min)) * factor for stroke in drawing]
    simple = simplify_strokes([_walked(stroke) for stroke in placed], EPSILON)
    return drawing.replace(strokes=tuple(np.rint(stroke) for stroke in simple))


def _walked(stroke: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give a point at every whole pixel of the way, and the end."""
    length = arc_lengths(stroke)[-1]
    return points_along(stroke, np.append(np.arange(max(np.ceil(length), 1)), length))
