"""Polylines as an SVG document, and the numbers and path data that such documents consist of.

Letters: ``n`` points of a polyline.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import numpy as np

from limner.strokes.fit import fitted_cubics, is_straight

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

DIGITS = 3
"""Decimals of a coordinate: a thousandth of a pixel, which no screen shows."""
PEN_SHARE = 0.01
"""Width of the pen relative to the drawing's longest side."""
CURVE_SHARE = 0.4 * PEN_SHARE
"""How far fitted curves lie from polylines, relative to the drawing's longest side: within the ink."""
MARGIN_SHARE = 0.05
"""Margin relative to the drawing's longest side."""
NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 does not allow, not even escaped."""


def polylines_to_svg(
    polylines: Sequence[NDArray[np.floating]],
    *,
    title: str | None = None,
    stroke_width: float | None = None,
    margin: float | None = None,
    longest_side_px: float | None = None,
    curves: bool | float = False,
) -> str:
    """Write polylines as an SVG document, one ``<path>`` each, black on nothing, in their own coordinates.

    These are rounded to a hundred-thousandth of the longest side or finer.

    Parameters
    ----------
    polylines : sequence of arrays of shape ``(n, 2)``, n >= 1
        Polylines of one point become dots.
    title : str, optional
    stroke_width : float, optional
        Width of the pen, not negative; 1 % of the longest side unless given.
    margin : float, optional
        Space around the points, not negative; 5 % of the longest side unless given, and no less than the
        pen's width.
    longest_side_px : float, optional
        Size at which the document is shown; unless given, it fits its surroundings.
    curves : bool or float
        Whether the paths are cubic Bézier curves fitted to the polylines
        (:func:`limner.strokes.fit.fitted_cubics`), and how far they may lie from them: within the ink, 0.4 of
        the default pen's width, if True.

    Raises
    ------
    ValueError
        If a width is negative or not finite.
    """
    points = np.concatenate(polylines) if len(polylines) else np.zeros((1, 2))
    corner, extent = points.min(axis=0).astype(float), np.ptp(points.astype(float), axis=0)
    size = float(extent.max()) or 1.0
    width = _checked("stroke width", size * PEN_SHARE if stroke_width is None else stroke_width)
    space = _checked("margin", max(size * MARGIN_SHARE, width) if margin is None else margin)
    digits = max(0, math.ceil(5 - math.log10(size)))
    view = [*(corner - space).tolist(), *(side + 2 * space or 1.0 for side in extent.tolist())]
    box = f'viewBox="{" ".join(number(v, digits) for v in view)}"{_shown_size(view[2:], longest_side_px)}'
    pen = f'stroke-width="{number(width, digits)}" stroke-linecap="round" stroke-linejoin="round"'
    if curves is False:
        return _document(box, title, pen, [path_data(line, digits) for line in polylines])
    tolerance = CURVE_SHARE * size if curves is True else curves
    return _document(box, title, pen, [fitted_path_data(line, tolerance, digits) for line in polylines])


def path_data(points: ArrayLike, digits: int = DIGITS) -> str:
    """Write a polyline as the ``d`` of an SVG path, such as ``M1 2L3 4.5 6 7``.

    Parameters
    ----------
    points : array_like of shape ``(n, 2)``, n >= 1
        A single point becomes a line of length zero: a dot, if line caps are round.
    digits : int
        Decimals at most.
    """
    (start, *others) = (f"{number(x, digits)} {number(y, digits)}" for x, y in np.asarray(points).tolist())
    return f"M{start}L{' '.join(others or [start])}"


def fitted_path_data(points: ArrayLike, tolerance: float, digits: int = DIGITS) -> str:
    """Write the curves that fit a polyline as the ``d`` of an SVG path, such as ``M1 2C3 4 5 6 7 8L9 9``.

    Parameters
    ----------
    points : array_like of shape ``(n, 2)``, n >= 1
        A single point becomes a line of length zero: a dot, if line caps are round.
    tolerance : float
        As of :func:`limner.strokes.fit.fitted_cubics`; rounding comes on top.
    digits : int
        Decimals at most.
    """
    curves = fitted_cubics(points, tolerance)
    start = _pairs(np.asarray(points)[:1], digits)
    if not len(curves):
        return f"M{start}L{start}"
    words, last = [f"M{start}"], ""
    for curve in curves:
        straight = is_straight(curve)
        command = "L" if straight else "C"
        words.append(
            (" " if command == last else command) + _pairs(curve[3:] if straight else curve[1:], digits)
        )
        last = command
    return "".join(words)


def _pairs(points: NDArray[np.floating], digits: int) -> str:
    return " ".join(f"{number(x, digits)} {number(y, digits)}" for x, y in points.tolist())


def number(value: float, digits: int = DIGITS) -> str:
    """Write a number in few characters: rounded, without trailing zeros, exponent or a negative zero."""
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _document(box: str, title: str | None, pen: str, paths: Sequence[str]) -> str:
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {box}>',
            *([f"<title>{escape(NOT_XML.sub('', title))}</title>"] if title else []),
            f'<g fill="none" stroke="#000" {pen}>',
            *(f'<path d="{data}"/>' for data in paths),
            "</g>",
            "</svg>",
            "",
        ]
    )


def _shown_size(view: Sequence[float], longest_side_px: float | None) -> str:
    if longest_side_px is None:
        return ""
    width, height = (number(side * longest_side_px / max(view), 1) for side in view)
    return f' width="{width}" height="{height}"'


def _checked(name: str, value: float) -> float:
    if not 0 <= value < math.inf:
        raise ValueError(f"the {name} must be a number from 0, and it is {value}")
    return value
