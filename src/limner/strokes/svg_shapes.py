"""SVG's shapes as chains of cubic Bézier curves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from limner.strokes.svg_lengths import parse_length
from limner.strokes.svg_path import Outline, closed, parse_path, parse_points

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree.ElementTree import Element

    from limner.strokes.svg_lengths import Frame
    from limner.strokes.svg_notes import Passed
    from limner.strokes.svg_style import Style

MOST_POINTS = 1_000_000
"""Of a drawing."""


def outline(element: Element, style: Style, frame: Frame, passed: Passed, most: int = MOST_POINTS) -> Outline:
    """Return the curves of a shape in its own coordinates; none where the specification draws nothing.

    Parameters
    ----------
    element : Element
        One whose tag is in ``SHAPES``.
    passed : Passed
        Is told of what cannot be read.
    most : int
        How many curves it may have.

    Raises
    ------
    TooManyPointsError
        If it has more.
    """
    found = SHAPES[element.tag](element, style, frame, passed, most)
    if not found.is_whole:
        passed.add(f"errors in the {'d of paths' if element.tag == 'path' else 'numbers of shapes'}")
    return found


def attribute_length(element: Element, key: str, frame: Frame, passed: Passed, default: str = "0") -> float:
    """Measure a length that is an attribute and no property; one that cannot be read counts as missing."""
    text = element.get(key, "").strip()
    length = parse_length(text or default)
    if length is None:
        if text != "auto":
            passed.add(f"values of {key} that cannot be read")
        length = parse_length(default) or ()
    return frame.measure(length, key)


def _path(element: Element, style: Style, _: Frame, __: Passed, most: int) -> Outline:
    data = style.own.get("d")
    return parse_path(element.get("d", "") if data is None else data, most)


def _line(element: Element, _: Style, frame: Frame, passed: Passed, most: int) -> Outline:
    x1, y1, x2, y2 = (attribute_length(element, key, frame, passed) for key in ("x1", "y1", "x2", "y2"))
    return parse_path(f"M{x1},{y1} L{x2},{y2}", most)


def _polyline(element: Element, _: Style, __: Frame, ___: Passed, most: int) -> Outline:
    return parse_points(element.get("points", ""), most)


def _polygon(element: Element, _: Style, __: Frame, ___: Passed, most: int) -> Outline:
    found = parse_points(element.get("points", ""), most)
    return found._replace(subpaths=[closed(subpath) for subpath in found.subpaths])


def _rect(_: Element, style: Style, frame: Frame, __: Passed, most: int) -> Outline:
    x, y, width, height = (_length(style, frame, key) for key in ("x", "y", "width", "height"))
    if not (width > 0 and height > 0):
        return Outline([], True)
    rx, ry = _radii(style, frame)
    rx, ry = min(rx, width / 2), min(ry, height / 2)
    right, bottom = x + width, y + height
    if not (rx > 0 and ry > 0):
        return parse_path(f"M{x},{y} H{right} V{bottom} H{x} z", most)
    arc = f"A{rx},{ry} 0 0 1"
    return parse_path(
        f"M{x + rx},{y} H{right - rx} {arc} {right},{y + ry} V{bottom - ry} {arc} {right - rx},{bottom} "
        f"H{x + rx} {arc} {x},{bottom - ry} V{y + ry} {arc} {x + rx},{y} z",
        most,
    )


def _circle(_: Element, style: Style, frame: Frame, __: Passed, most: int) -> Outline:
    radius = _length(style, frame, "r")
    return _oval(style, frame, radius, radius, most)


def _ellipse(_: Element, style: Style, frame: Frame, __: Passed, most: int) -> Outline:
    return _oval(style, frame, *_radii(style, frame), most)


def _oval(style: Style, frame: Frame, rx: float, ry: float, most: int) -> Outline:
    if not (rx > 0 and ry > 0):
        return Outline([], True)
    x, y = _length(style, frame, "cx"), _length(style, frame, "cy")
    arc = f"A{rx},{ry} 0 0 1"
    quarters = f"{arc} {x},{y + ry} {arc} {x - rx},{y} {arc} {x},{y - ry} {arc} {x + rx},{y}"
    return parse_path(f"M{x + rx},{y} {quarters} z", most)


def _length(style: Style, frame: Frame, key: str) -> float:
    value: Any = style.own.get(key)
    return 0.0 if value in (None, "auto") else frame.measure(value, key)


def _radii(style: Style, frame: Frame) -> tuple[float, float]:
    """Measure rx and ry, each of which stands for the other where that is missing or ``auto``."""
    rx, ry = (style.own.get(key) for key in ("rx", "ry"))
    rx, rx_key = (ry, "ry") if rx in (None, "auto") else (rx, "rx")
    ry, ry_key = (rx, rx_key) if ry in (None, "auto") else (ry, "ry")
    found = [
        0.0 if value in (None, "auto") else frame.measure(value, key)
        for value, key in ((rx, rx_key), (ry, ry_key))
    ]
    return float(np.maximum(found[0], 0)), float(np.maximum(found[1], 0))


SHAPES: dict[str, Callable[[Any, Any, Any, Any, int], Outline]] = {
    "path": _path,
    "line": _line,
    "polyline": _polyline,
    "polygon": _polygon,
    "rect": _rect,
    "circle": _circle,
    "ellipse": _ellipse,
}
