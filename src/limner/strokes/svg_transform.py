"""SVG's transforms as matrices of shape ``(3, 3)`` for points as column vectors."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree.ElementTree import Element

    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]

FUNCTION = re.compile(r"[\s,]*(\w+)\s*\(([^()]*)\)[\s,]*")
NUMBER = re.compile(r"[\s,]*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?:px|deg)?[\s,]*")
ALIGNED = {"Min": 0.0, "Mid": 0.5, "Max": 1.0}


def parse_transform(text: str) -> Matrix:
    """Read a ``transform`` attribute: the product of its functions from left to right.

    So ``translate(0,100) scale(1,-1)`` first mirrors a point and then moves it: (0, 10) comes to (0, 90).

    Returns
    -------
    float64 array of shape ``(3, 3)``

    Raises
    ------
    ValueError
        If the text holds anything but SVG's six functions with as many finite numbers as they take.
    """
    if text.strip() == "none":
        return np.eye(3)
    if FUNCTION.sub("", text).strip():
        raise ValueError(f"the transform {text!r} cannot be read")
    product = np.eye(3)
    for name, arguments in FUNCTION.findall(text):
        numbers = [float(number) for number in NUMBER.findall(arguments)]
        takes, matrix = FUNCTIONS.get(name, ((), _affine))
        if len(numbers) not in takes or NUMBER.sub("", arguments).strip() or not np.isfinite(numbers).all():
            raise ValueError(f"the transform {text!r} cannot be read")
        product = product @ matrix(*numbers)
    return product


def viewbox_matrix(element: Element, width: float, height: float) -> Matrix:
    """Give the matrix from the view box of an element to a place of ``width`` by ``height`` at the origin.

    It follows ``preserveAspectRatio``, and is the identity where there is no view box.
    """
    box = view_box(element)
    if box is None:
        return np.eye(3)
    x, y, box_width, box_height = box
    sx, sy = width / box_width, height / box_height
    how = element.get("preserveAspectRatio", "xMidYMid").split() or ["xMidYMid"]
    if how[0] == "none":
        return scaling(sx, sy) @ translation(-x, -y)
    scale = max(sx, sy) if "slice" in how else min(sx, sy)
    along, down = ALIGNED.get(how[0][1:4], 0.5), ALIGNED.get(how[0][5:8], 0.5)
    margin = translation(along * (width - scale * box_width), down * (height - scale * box_height))
    return margin @ scaling(scale) @ translation(-x, -y)


def view_box(element: Element) -> tuple[float, float, float, float] | None:
    """Read the ``viewBox``: x, y, width and height; None if it is missing or spans nothing.

    Raises
    ------
    ValueError
        If it is not made of four finite numbers.
    """
    text = element.get("viewBox", "").strip()
    if not text:
        return None
    numbers = [float(number) for number in NUMBER.findall(text)]
    if len(numbers) != 4 or NUMBER.sub("", text).strip() or not np.isfinite(numbers).all():
        raise ValueError(f"the viewBox {text!r} cannot be read")
    x, y, width, height = numbers
    return (x, y, width, height) if width > 0 and height > 0 else None


def _affine(a: float, b: float, c: float, d: float, e: float, f: float) -> Matrix:
    return np.array([[a, c, e], [b, d, f], [0, 0, 1]], dtype=np.float64)


def translation(dx: float, dy: float = 0.0) -> Matrix:
    """Give the matrix that moves points."""
    return _affine(1, 0, 0, 1, dx, dy)


def scaling(sx: float, sy: float | None = None) -> Matrix:
    """Give the matrix that scales points about the origin."""
    return _affine(sx, 0, 0, sx if sy is None else sy, 0, 0)


def _rotation(degrees: float, x: float = 0.0, y: float = 0.0) -> Matrix:
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return translation(x, y) @ _affine(cosine, sine, -sine, cosine, 0, 0) @ translation(-x, -y)


FUNCTIONS: dict[str, tuple[tuple[int, ...], Callable[..., Matrix]]] = {
    "matrix": ((6,), _affine),
    "translate": ((1, 2), translation),
    "scale": ((1, 2), scaling),
    "rotate": ((1, 3), _rotation),
    "skewX": ((1,), lambda degrees: _affine(1, 0, math.tan(math.radians(degrees)), 1, 0, 0)),
    "skewY": ((1,), lambda degrees: _affine(1, math.tan(math.radians(degrees)), 0, 1, 0, 0)),
}
