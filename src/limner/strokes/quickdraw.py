"""The simplification by which Google made its QuickDraw drawings from the raw ones.

Source: the README of github.com/googlecreativelab/quickdraw-dataset.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limner.strokes.batched import box_factors, placed, simplified, walked
from limner.strokes.packed import PackedStrokes

if TYPE_CHECKING:
    from limner.strokes.drawing import Drawing

CANVAS = 255.0
"""Longest side of a drawing, in pixels."""
STEP = 1.0
"""Spacing to which strokes are resampled, in pixels."""
EPSILON = 2.0
"""Tolerance of Ramer-Douglas-Peucker, in pixels."""


def quickdraw_simplified(drawing: Drawing) -> Drawing:
    """Simplify a raw QuickDraw drawing as Google did.

    It is moved to the top-left corner and scaled until its longest side is 255, every stroke is resampled
    with a spacing of one pixel, Ramer-Douglas-Peucker runs with epsilon 2.0, and coordinates are rounded to
    integers. The last step ends at the last point and is shorter, so that a one-point stroke becomes two
    equal points, as in the published files. The recipe ``quickdraw`` does the same to whole corpora.

    Parameters
    ----------
    drawing : Drawing
        In any units; :meth:`limner.strokes.drawing.Drawing.from_quickdraw` reads raw strokes.

    Returns
    -------
    Drawing
        Integer coordinates from 0 to 255.
    """
    packed = PackedStrokes.from_drawings([drawing])
    page = placed(packed, box_factors(packed, CANVAS), packed.boxes[:, :2])
    simple = simplified(walked(page, STEP, corners_only=True), EPSILON)
    return drawing.replace(strokes=simple.with_points(np.rint(simple.points)).drawing(0).strokes)
