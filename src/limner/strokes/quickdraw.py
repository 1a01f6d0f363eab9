"""How Google made its simplified QuickDraw drawings from the raw ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limner.strokes.batched import box_factors, placed, simplified, walked
from limner.strokes.packed import PackedStrokes

if TYPE_CHECKING:
    from limner.strokes.drawing import Drawing

CANVAS = 255.0
STEP = 1.0
EPSILON = 2.0


def quickdraw_simplified(drawing: Drawing) -> Drawing:
    """Simplify a raw QuickDraw drawing as Google did.

    It is moved to the top-left corner and scaled until its longest side is 255, every stroke is walked in
    steps of one pixel, Ramer-Douglas-Peucker runs with epsilon 2.0, and coordinates are rounded to integers.
    The last step ends at the last point and is shorter, so that a one-point stroke becomes two equal points,
    as in the published files. The recipe ``quickdraw`` does the same to whole corpora. Source: the README of
    github.com/googlecreativelab/quickdraw-dataset.

    Parameters
    ----------
    drawing : Drawing
        In any units; :meth:`limner.strokes.drawing.Drawing.from_quickdraw` reads raw strokes.

    Returns
    -------
    Drawing
        Integer coordinates from 0 to 255.
    """
    sheaf = PackedStrokes.from_drawings([drawing])
    page = placed(sheaf, box_factors(sheaf, CANVAS), sheaf.boxes[:, :2])
    simple = simplified(walked(page, STEP, corners_only=True), EPSILON)
    return drawing.replace(strokes=simple.with_points(np.rint(simple.points)).drawing(0).strokes)
