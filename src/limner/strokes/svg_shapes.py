"""SVG's shapes as the paths that the specification gives for them, and the lengths they are made of."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree.ElementTree import Element

UNITS_PX = {
    "": 1,
    "px": 1,
    "in": 96,
    "cm": 96 / 2.54,
    "mm": 96 / 25.4,
    "q": 96 / 101.6,
    "pt": 96 / 72,
    "pc": 16,
}
UNITS_PX |= {"em": 16, "rem": 16, "ex": 8, "ch": 8}  # for the 16 px of a browser's usual font
NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
LENGTH = re.compile(rf"({NUMBER})\s*([a-z]*|%)", re.IGNORECASE)


class Viewport:
    """The width and height that percentages are taken from, in user units."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height

    def length(self, element: Element, key: str, default: str = "0") -> float:
        """Read a length in user units, at 96 to the inch.

        Raises
        ------
        ValueError
            If it is not a finite number with a unit of CSS.
        """
        text = element.get(key, default).strip()
        match = LENGTH.fullmatch(default if text in ("", "auto") else text)
        if not match:
            raise ValueError(f"the {key} {text!r} is not a length")
        value, unit = float(match[1]), match[2].lower()
        if unit == "%":
            return value / 100 * self._whole(key)
        if unit not in UNITS_PX or not math.isfinite(value):
            raise ValueError(f"the {key} {text!r} is not a length")
        return value * UNITS_PX[unit]

    def _whole(self, key: str) -> float:
        if key in ("x", "x1", "x2", "cx", "rx", "width"):
            return self.width
        if key == "r":
            return math.hypot(self.width, self.height) / math.sqrt(2)
        return self.height


def shape_path(element: Element, viewport: Viewport) -> str:
    """Spell a shape as path data; empty where the specification draws nothing.

    Raises
    ------
    ValueError
        If a length cannot be read.
    """
    return SHAPES[element.tag](element, viewport)


def _path(element: Element, _: Viewport) -> str:
    return element.get("d", "").strip()


def _line(element: Element, viewport: Viewport) -> str:
    x1, y1, x2, y2 = (viewport.length(element, key) for key in ("x1", "y1", "x2", "y2"))
    return f"M{x1},{y1} L{x2},{y2}"


def _polyline(element: Element, _: Viewport) -> str:
    points = element.get("points", "").strip()
    return f"M{points}" if points else ""


def _polygon(element: Element, viewport: Viewport) -> str:
    line = _polyline(element, viewport)
    return f"{line} z" if line else ""


def _rect(element: Element, viewport: Viewport) -> str:
    x, y, width, height = (viewport.length(element, key) for key in ("x", "y", "width", "height"))
    if width <= 0 or height <= 0:
        return ""
    rx, ry = _radii(element, viewport)
    rx, ry = min(rx, width / 2), min(ry, height / 2)
    right, bottom = x + width, y + height
    if rx == 0 or ry == 0:
        return f"M{x},{y} H{right} V{bottom} H{x} z"
    arc = f"A{rx},{ry} 0 0 1"
    return (
        f"M{x + rx},{y} H{right - rx} {arc} {right},{y + ry} V{bottom - ry} {arc} {right - rx},{bottom} "
        f"H{x + rx} {arc} {x},{bottom - ry} V{y + ry} {arc} {x + rx},{y} z"
    )


def _circle(element: Element, viewport: Viewport) -> str:
    radius = viewport.length(element, "r")
    return _oval(element, viewport, radius, radius)


def _ellipse(element: Element, viewport: Viewport) -> str:
    return _oval(element, viewport, *_radii(element, viewport))


def _oval(element: Element, viewport: Viewport, rx: float, ry: float) -> str:
    if rx <= 0 or ry <= 0:
        return ""
    x, y = viewport.length(element, "cx"), viewport.length(element, "cy")
    arc = f"A{rx},{ry} 0 0 1"
    quarters = f"{arc} {x},{y + ry} {arc} {x - rx},{y} {arc} {x},{y - ry} {arc} {x + rx},{y}"
    return f"M{x + rx},{y} {quarters} z"


def _radii(element: Element, viewport: Viewport) -> tuple[float, float]:
    """Read rx and ry, each of which stands for the other where that is missing, ``auto`` or negative."""
    found = []
    for key in ("rx", "ry"):
        given = element.get(key, "auto").strip() != "auto"
        found.append(viewport.length(element, key) if given else -1.0)
    rx, ry = found
    return max(rx if rx >= 0 else ry, 0.0), max(ry if ry >= 0 else rx, 0.0)


SHAPES: dict[str, Callable[[Element, Viewport], str]] = {
    "path": _path,
    "line": _line,
    "polyline": _polyline,
    "polygon": _polygon,
    "rect": _rect,
    "circle": _circle,
    "ellipse": _ellipse,
}
