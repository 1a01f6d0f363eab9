"""A drawing as a small SVG element inside a page, whose style sheet gives it its inks."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from limner.strokes.simplify import simplify_strokes
from limner.strokes.svg.writer import number, path_data

if TYPE_CHECKING:
    from collections.abc import Sequence

    from limner.strokes.drawing import Stroke

PEN_SHARE = 0.014
"""Width of the pen, relative to the longer side of the drawing."""
TOLERANCE_SHARE = 0.002
"""How far the lines may lie off the drawing's, likewise: less than a pixel at the size of a card."""


def thumbnail(
    strokes: Sequence[Stroke],
    attributes: Sequence[str],
    *,
    name: str,
    kind: str = "",
    frame: Sequence[float] | None = None,
    pen_share: float = PEN_SHARE,
) -> str:
    """Draw strokes in a square that they fill.

    Parameters
    ----------
    strokes : sequence of float arrays of shape ``(n, 2)``
    attributes : sequence of str
        Of the ``<path>`` of each stroke, such as ``class="c0"``.
    name : str
        What is drawn, for people who cannot see it.
    kind : str
        The class of the element.
    frame : sequence of four floats, optional
        ``(x_min, y_min, x_max, y_max)`` of a rectangle to be drawn with the class ``frame``.
    pen_share : float
        Width of the pen, relative to the longer side of the drawing.

    Returns
    -------
    str
        An ``<svg>`` element, without paths if there are no points.
    """
    label = f'role="img" aria-label="{escape(name)}"'
    left, top, side = _square(strokes)
    digits = max(0, math.ceil(3 - math.log10(side)))
    lines = [
        f'<path {attribute} d="{path_data(stroke - (left, top), digits)}"/>'
        for stroke, attribute in zip(
            simplify_strokes(strokes, TOLERANCE_SHARE * side), attributes, strict=True
        )
    ]
    if frame is not None:
        corner = (frame[0] - left, frame[1] - top, frame[2] - frame[0], frame[3] - frame[1])
        x, y, width, height = (number(value, digits) for value in corner)
        lines.append(f'<rect class="frame" x="{x}" y="{y}" width="{width}" height="{height}"/>')
    pen, margin = number(side * pen_share, digits + 1), side * pen_share
    view = " ".join(number(v, digits) for v in (-margin, -margin, side + 2 * margin, side + 2 * margin))
    head = f'<svg class="{kind}"' if kind else "<svg"
    return f'{head} viewBox="{view}" stroke-width="{pen}" {label}>{"".join(lines)}</svg>'


def _square(strokes: Sequence[Stroke]) -> tuple[float, float, float]:
    """Return left, top and side of the square around all points; a unit square around a dot or nothing."""
    points = np.concatenate([np.zeros((0, 2), np.float32), *strokes])
    if not len(points):
        return 0.0, 0.0, 1.0
    low, high = points.min(axis=0).astype(float), points.max(axis=0).astype(float)
    side = float((high - low).max()) or 1.0
    left, top = ((low + high - side) / 2).tolist()
    return left, top, side
