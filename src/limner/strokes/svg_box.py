"""The boxes around shapes that transforms refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limner.strokes.curves import flatten_cubics
from limner.strokes.svg_shapes import MOST_POINTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from limner.strokes.svg_lengths import Frame
    from limner.strokes.svg_walk import Shape

    Floats = NDArray[np.float64]


def box_of(shapes: Iterable[Shape], with_strokes: bool, frame: Frame) -> tuple[float, float, float, float]:
    """Return x, y, width and height of the box around shapes, with the widths of their lines if asked for."""
    low, high = np.full(2, np.inf), np.full(2, -np.inf)
    for shape in shapes:
        for subpath in shape.subpaths:
            points = np.concatenate([subpath[:1, 0], _points(subpath)])
            if with_strokes and shape.is_stroked and len(points) > 1:
                import shapely

                width = frame.measure(shape.style["stroke-width"])
                x0, y0, x1, y1 = shapely.LineString(points).buffer(width / 2, cap_style="flat").bounds
                points = np.array([(x0, y0), (x1, y1)])
            low, high = np.minimum(low, points.min(axis=0)), np.maximum(high, points.max(axis=0))
    if not np.isfinite(low).all():
        return (0.0, 0.0, 0.0, 0.0)
    return (float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1]))


def _points(subpath: Floats) -> Floats:
    points, _ = flatten_cubics(
        subpath, float(np.ptp(subpath.reshape(-1, 2), axis=0).max()) / 2000, MOST_POINTS
    )
    return points
