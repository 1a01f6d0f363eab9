"""Simplification of strokes that grow: what was drawn before keeps its points.

Ramer-Douglas-Peucker looks at a whole stroke, so that its first points change while it grows. Here a stroke
is simplified piece by piece, each of the same length; a joint between two pieces that the line does not need
is left out. All points but the last few stay as they are when the stroke goes on.

Letters: ``N`` points.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from limner.sampling.page_frame import Frame
from limner.strokes.drawing import Drawing
from limner.strokes.geometry import arc_lengths
from limner.strokes.simplify import simplified

Points = NDArray[np.float32]
PIECE = 40.0
"""Length of a piece, in tolerances."""


def growing_rows(drawing: Drawing, frame: Frame) -> NDArray[np.float32]:
    """Return a drawing as stroke-3 rows in model units, ``(N, 3)``, simplified stroke by growing stroke.

    Parameters
    ----------
    drawing : Drawing
    frame : Frame
    """
    strokes = tuple(_simplified(stroke, frame.tolerance) for stroke in drawing)
    rows = drawing.replace(strokes=strokes).to_stroke3(origin=frame.origin)
    rows[:, :2] /= frame.unit
    return rows


def _simplified(stroke: Points, tolerance: float) -> Points:
    if len(stroke) < 3 or not tolerance:
        return stroke
    pieces = arc_lengths(stroke) // (PIECE * tolerance)
    cuts = [0, *(np.flatnonzero(np.diff(pieces)) + 1).tolist(), len(stroke) - 1]
    points: list[Points] = [stroke[0]]
    for begin, end in pairwise(cuts):
        if end == begin:
            continue
        (piece,) = simplified(Drawing((stroke[begin : end + 1],)), tolerance).strokes
        following = list(piece[1:])
        if len(points) > 1 and _is_between(points[-2], points[-1], following[0], tolerance):
            points.pop()
        points += following
    return np.stack(points)


def _is_between(a: Points, joint: Points, b: Points, tolerance: float) -> bool:
    """Return whether a joint lies so near to the line from ``a`` to ``b`` that it is not needed."""
    way, off = (b - a).astype(np.float64), (joint - a).astype(np.float64)
    length = float(np.hypot(*way))
    return length > 0 and abs(way[0] * off[1] - way[1] * off[0]) / length <= tolerance
