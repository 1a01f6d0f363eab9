"""A drawing as an SVG document, and the numbers and paths such documents are made of."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from limner.strokes.drawing import Drawing

DIGITS = 3
PEN_SHARE = 0.01  # of the drawing's longest side
MARGIN_SHARE = 0.05
NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def drawing_to_svg(
    drawing: Drawing, *, stroke_width: float | None = None, margin: float | None = None
) -> str:
    """Write a drawing as an SVG document, one ``<path>`` a stroke, in its own coordinates.

    Parameters
    ----------
    drawing : Drawing
        Its label becomes the title. One-point strokes become dots.
    stroke_width : float, optional
        Width of the pen in the drawing's units, not negative; 1 % of its longest side unless given.
    margin : float, optional
        Space around the points in the drawing's units, not negative; 5 % of its longest side unless given,
        and no less than the pen's width.

    Returns
    -------
    str
        Coordinates are rounded to a hundred-thousandth of the longest side or finer.

    Raises
    ------
    ValueError
        If a width is negative or not finite.
    """
    x_min, y_min, x_max, y_max = drawing.bounds
    size = max(x_max - x_min, y_max - y_min) or 1.0
    width = _checked("stroke width", size * PEN_SHARE if stroke_width is None else stroke_width)
    space = _checked("margin", max(size * MARGIN_SHARE, width) if margin is None else margin)
    digits = max(0, math.ceil(5 - math.log10(size)))
    view = (x_min - space, y_min - space, x_max - x_min + 2 * space or 1, y_max - y_min + 2 * space or 1)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{" ".join(number(v, digits) for v in view)}">'
    ]
    if drawing.label:
        lines.append(f"<title>{escape(NOT_XML.sub('', drawing.label))}</title>")
    pen = f'stroke-width="{number(width, digits)}" stroke-linecap="round" stroke-linejoin="round"'
    lines.append(f'<g fill="none" stroke="#000" {pen}>')
    lines += [f'<path d="{path_data(stroke, digits)}"/>' for stroke in drawing]
    return "\n".join([*lines, "</g>", "</svg>", ""])


def path_data(points: ArrayLike, digits: int = DIGITS) -> str:
    """Write a polyline as the ``d`` of an SVG path, such as ``M1 2L3 4.5 6 7``.

    Parameters
    ----------
    points : array_like of shape ``(n, 2)``, n >= 1
        A single point becomes a line of no length: a dot, if line caps are round.
    digits : int
        Digits behind the point, at most.
    """
    (start, *others) = (f"{number(x, digits)} {number(y, digits)}" for x, y in np.asarray(points).tolist())
    return f"M{start}L{' '.join(others or [start])}"


def number(value: float, digits: int = DIGITS) -> str:
    """Write a number shortly: rounded, and without needless zeros, exponents or a negative zero."""
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _checked(name: str, value: float) -> float:
    if not 0 <= value < math.inf:
        raise ValueError(f"the {name} must be a number from 0, and it is {value}")
    return value
