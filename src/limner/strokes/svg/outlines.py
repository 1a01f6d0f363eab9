"""Outlines of SVG's basic shapes, as chains of cubic Bézier curves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from limner.strokes.svg.lengths import parse_length
from limner.strokes.svg.path import MAX_POINTS, Outline, closed, parse_path, parse_points

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree.ElementTree import Element

    from limner.strokes.svg.lengths import Units
    from limner.strokes.svg.skipped import Skipped
    from limner.strokes.svg.style import SvgStyle


def outline(
    element: Element, style: SvgStyle, units: Units, skipped: Skipped, max_curves: int = MAX_POINTS
) -> Outline:
    """Return the curves of a shape in its own coordinates; none where the specification draws nothing.

    Parameters
    ----------
    element : Element
        Its tag is a key of ``SHAPES``.
    style : SvgStyle
        Holds the coordinates that are CSS properties.
    units : Units
        Resolve lengths.
    skipped : Skipped
        Counts what cannot be read.
    max_curves : int
        Number of curves allowed.

    Raises
    ------
    TooManyPointsError
        If there are more curves.
    """
    curves = SHAPES[element.tag](element, style, units, skipped, max_curves)
    if not curves.is_complete:
        skipped.add(f"errors in the {'d of paths' if element.tag == 'path' else 'numbers of shapes'}")
    return curves


def attribute_length(element: Element, key: str, units: Units, skipped: Skipped, default: str = "0") -> float:
    """Return a length that is an attribute and no CSS property; an invalid one counts as missing."""
    text = element.get(key, "").strip()
    length = parse_length(text or default)
    if length is None:
        if text != "auto":
            skipped.add(f"values of {key} that cannot be read")
        length = parse_length(default) or ()
    return units.resolve(length, key)


def _path(element: Element, style: SvgStyle, _: Units, __: Skipped, max_curves: int) -> Outline:
    data = style.own.get("d")
    return parse_path(element.get("d", "") if data is None else data, max_curves)


def _line(element: Element, _: SvgStyle, units: Units, skipped: Skipped, max_curves: int) -> Outline:
    x1, y1, x2, y2 = (attribute_length(element, key, units, skipped) for key in ("x1", "y1", "x2", "y2"))
    return parse_path(f"M{x1},{y1} L{x2},{y2}", max_curves)


def _polyline(element: Element, _: SvgStyle, __: Units, ___: Skipped, max_curves: int) -> Outline:
    return parse_points(element.get("points", ""), max_curves)


def _polygon(element: Element, _: SvgStyle, __: Units, ___: Skipped, max_curves: int) -> Outline:
    polyline = parse_points(element.get("points", ""), max_curves)
    return polyline._replace(subpaths=[closed(subpath) for subpath in polyline.subpaths])


def _rect(_: Element, style: SvgStyle, units: Units, __: Skipped, max_curves: int) -> Outline:
    x, y, width, height = (_length(style, units, key) for key in ("x", "y", "width", "height"))
    if not (width > 0 and height > 0):
        return Outline([], True)
    rx, ry = _radii(style, units)
    rx, ry = min(rx, width / 2), min(ry, height / 2)
    right, bottom = x + width, y + height
    if not (rx > 0 and ry > 0):
        return parse_path(f"M{x},{y} H{right} V{bottom} H{x} z", max_curves)
    arc = f"A{rx},{ry} 0 0 1"
    return parse_path(
        f"M{x + rx},{y} H{right - rx} {arc} {right},{y + ry} V{bottom - ry} {arc} {right - rx},{bottom} "
        f"H{x + rx} {arc} {x},{bottom - ry} V{y + ry} {arc} {x + rx},{y} z",
        max_curves,
    )


def _circle(_: Element, style: SvgStyle, units: Units, __: Skipped, max_curves: int) -> Outline:
    radius = _length(style, units, "r")
    return _oval(style, units, radius, radius, max_curves)


def _ellipse(_: Element, style: SvgStyle, units: Units, __: Skipped, max_curves: int) -> Outline:
    return _oval(style, units, *_radii(style, units), max_curves)


def _oval(style: SvgStyle, units: Units, rx: float, ry: float, max_curves: int) -> Outline:
    if not (rx > 0 and ry > 0):
        return Outline([], True)
    x, y = _length(style, units, "cx"), _length(style, units, "cy")
    arc = f"A{rx},{ry} 0 0 1"
    quarters = f"{arc} {x},{y + ry} {arc} {x - rx},{y} {arc} {x},{y - ry} {arc} {x + rx},{y}"
    return parse_path(f"M{x + rx},{y} {quarters} z", max_curves)


def _length(style: SvgStyle, units: Units, key: str) -> float:
    value: Any = style.own.get(key)
    return 0.0 if value in (None, "auto") else units.resolve(value, key)


def _radii(style: SvgStyle, units: Units) -> tuple[float, float]:
    """Return rx and ry; each replaces the other where that is missing or ``auto``."""
    rx, ry = (style.own.get(key) for key in ("rx", "ry"))
    rx, rx_key = (ry, "ry") if rx in (None, "auto") else (rx, "rx")
    ry, ry_key = (rx, rx_key) if ry in (None, "auto") else (ry, "ry")
    radii = [
        0.0 if value in (None, "auto") else units.resolve(value, key)
        for value, key in ((rx, rx_key), (ry, ry_key))
    ]
    return float(np.maximum(radii[0], 0)), float(np.maximum(radii[1], 0))


SHAPES: dict[str, Callable[[Any, Any, Any, Any, int], Outline]] = {
    "path": _path,
    "line": _line,
    "polyline": _polyline,
    "polygon": _polygon,
    "rect": _rect,
    "circle": _circle,
    "ellipse": _ellipse,
}
"""Outline of each shape by its tag."""
