"""Strokes of varying width as outlines to be filled, for SVG documents.

Letters: ``n`` points of a stroke.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limner.strokes.geometry import arc_lengths
from limner.strokes.svg.writer import number

if TYPE_CHECKING:
    from numpy.typing import NDArray


def outline_data(stroke: NDArray[np.floating], widths: NDArray[np.floating], digits: int) -> str:
    """Return the path data of all that a round pen of varying width covers.

    A disc at each point and a quadrilateral between two are filled together by SVG's ``nonzero`` rule,
    because all turn the same way.

    Parameters
    ----------
    stroke : array of shape ``(n, 2)``
    widths : array of shape ``(n,)``
    digits : int
        Decimals of coordinates.
    """
    points, radii = stroke.astype(np.float64), widths.astype(np.float64) / 2
    pieces = [_disc(x, y, r, digits) for (x, y), r in zip(points.tolist(), radii.tolist(), strict=True)]
    steps = np.diff(points, axis=0)
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    for k in np.flatnonzero(lengths > 0).tolist():
        normal = np.array([-steps[k, 1], steps[k, 0]]) / lengths[k]
        one, two = radii[k] * normal, radii[k + 1] * normal
        corners = (points[k] + one, points[k + 1] + two, points[k + 1] - two, points[k] - one)
        places = (f"{number(x, digits)} {number(y, digits)}" for x, y in corners)
        pieces.append(f"M{'L'.join(places)}Z")
    return "".join(pieces)


def mean_width(stroke: NDArray[np.floating], widths: NDArray[np.floating]) -> float:
    """Return the mean width along a stroke of shape ``(n, 2)``, of widths of shape ``(n,)``."""
    lengths = np.diff(arc_lengths(stroke))
    if not lengths.sum():
        return float(np.mean(widths))
    return float((widths[:-1] + widths[1:]) / 2 @ lengths / lengths.sum())


def _disc(x: float, y: float, radius: float, digits: int) -> str:
    left, across, r = number(x - radius, digits), number(2 * radius, digits), number(radius, digits)
    return f"M{left} {number(y, digits)}a{r} {r} 0 1 0 {across} 0a{r} {r} 0 1 0 -{across} 0Z"
