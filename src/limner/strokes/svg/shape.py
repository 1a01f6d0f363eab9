"""``SvgShape``: a visible shape of an SVG document; and the boxes around shapes that transforms refer to.

Letters: ``k`` curves of a subpath, ``m`` edges of a clip.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from limner.strokes.curves import flatten_chain
from limner.strokes.svg.path import MAX_POINTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from limner.strokes.svg.lengths import Units
    from limner.strokes.svg.style import SvgStyle

    Floats = NDArray[np.float64]

BOX_ACCURACY = 1 / 2000
"""Distance between curves and the polylines that boxes are measured on, relative to the curve's size."""


class SvgShape(NamedTuple):
    """A visible shape.

    Parameters
    ----------
    subpaths : list of float64 arrays of shape ``(k, 4, 2)``
        Chains of cubic curves, in the coordinates of the document.
    clip : float64 array of shape ``(m, 3)``
        Half planes that it is seen through; see :mod:`limner.strokes.svg.clip`.
    style : SvgStyle
    is_stroked, is_filled : bool
        Whether its stroke and its fill can be seen.
    """

    subpaths: list[Floats]
    clip: Floats
    style: SvgStyle
    is_stroked: bool
    is_filled: bool


def bounding_box(
    shapes: Iterable[SvgShape], *, with_strokes: bool, units: Units
) -> tuple[float, float, float, float]:
    """Return x, y, width and height of the box around shapes; all zero if there are none.

    Parameters
    ----------
    shapes : iterable of SvgShape
    with_strokes : bool
        Whether the width of visible strokes counts.
    units : Units
        For the width of the strokes.
    """
    low, high = np.full(2, np.inf), np.full(2, -np.inf)
    for shape in shapes:
        for subpath in shape.subpaths:
            size = float(np.ptp(subpath.reshape(-1, 2), axis=0).max())
            points = flatten_chain(subpath, size * BOX_ACCURACY, MAX_POINTS)
            if with_strokes and shape.is_stroked and len(points) > 1:
                points = _stroke_corners(points, units.resolve(shape.style["stroke-width"]))
            low, high = np.minimum(low, points.min(axis=0)), np.maximum(high, points.max(axis=0))
    if not np.isfinite(low).all():
        return (0.0, 0.0, 0.0, 0.0)
    return (float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1]))


def _stroke_corners(points: Floats, width: float) -> Floats:
    """Return two opposite corners of the box around a stroke of some width: ``(2, 2)``."""
    import shapely

    x0, y0, x1, y1 = shapely.LineString(points).buffer(width / 2, cap_style="flat").bounds
    return np.array([(x0, y0), (x1, y1)])
