"""SVG's transforms and view boxes as matrices of shape ``(3, 3)``, for points as column vectors."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from limner.strokes.svg.numbers import NUMBER, NUMBERS, ONE_NUMBER, SEPARATOR, SPACE, WHITE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]
    Box = tuple[float, float, float, float]

_ARGUMENTS = rf"{SPACE}{NUMBER}(?:{SEPARATOR}{NUMBER})*+{SPACE}"
FUNCTION = re.compile(rf"(matrix|translate|scale|rotate|skewX|skewY){SPACE}\(({_ARGUMENTS})\)")
TRANSFORM = re.compile(rf"{SPACE}(?:{FUNCTION.pattern}(?:{SEPARATOR}{FUNCTION.pattern})*+)?{SPACE}")
ALIGN = re.compile(
    "x(Min|Mid|Max)Y(Min|Mid|Max)(?:[ \t\r\n]+(meet|slice))?|none(?:[ \t\r\n]+(?:meet|slice))?"
)
ALIGNED = {"Min": 0.0, "Mid": 0.5, "Max": 1.0}
"""Share of the free space that lies before the view box."""


@lru_cache(maxsize=1 << 12)
def parse_transform(text: str) -> Matrix | None:
    """Parse a ``transform`` attribute: the product of its functions from left to right.

    So ``translate(0,100) scale(1,-1)`` first mirrors a point and then moves it: (0, 10) becomes (0, 90).

    Returns
    -------
    float64 array of shape ``(3, 3)``, or None
        None if the text holds anything but SVG's six functions with as many finite numbers as they take.
    """
    if text.strip(WHITE) == "none":
        return np.eye(3)
    if not TRANSFORM.fullmatch(text):
        return None
    product: Matrix | None = None
    for name, arguments in FUNCTION.findall(text):
        numbers = [float(number) for number in ONE_NUMBER.findall(arguments)]
        arities, matrix = FUNCTIONS[name]
        if len(numbers) not in arities or not all(map(math.isfinite, numbers)):
            return None
        product = matrix(*numbers) if product is None else product @ matrix(*numbers)
    return np.eye(3) if product is None else product


def viewbox_matrix(box: Box | None, width: float, height: float, fit: str) -> Matrix:
    """Return the matrix from a view box to a viewport at the origin; the identity if there is no view box.

    Parameters
    ----------
    box : tuple of float, optional
        x, y, width and height.
    width, height : float
        Size of the viewport.
    fit : str
        The ``preserveAspectRatio`` attribute. Source: SVG 2, 8.7.
    """
    if box is None:
        return np.eye(3)
    x, y, box_width, box_height = box
    sx, sy = width / box_width, height / box_height
    match = ALIGN.fullmatch(fit.strip(WHITE))
    if match and match[1] is None:
        return scaling(sx, sy) @ translation(-x, -y)
    along_x, along_y = (ALIGNED[match[1]], ALIGNED[match[2]]) if match else (0.5, 0.5)
    scale = max(sx, sy) if match and match[3] == "slice" else min(sx, sy)
    margin = translation(along_x * (width - scale * box_width), along_y * (height - scale * box_height))
    return margin @ scaling(scale) @ translation(-x, -y)


def parse_view_box(text: str) -> Box | None:
    """Parse a ``viewBox``: x, y, width and height.

    Return None if it is anything but four finite numbers, or a size is negative.
    """
    numbers = [float(number) for number in ONE_NUMBER.findall(text)] if NUMBERS.fullmatch(text) else []
    if len(numbers) != 4 or not np.isfinite(numbers).all() or min(numbers[2:]) < 0:
        return None
    x, y, width, height = numbers
    return (x, y, width, height)


def affine(a: float, b: float, c: float, d: float, e: float, f: float) -> Matrix:
    """Return the matrix of SVG's ``matrix(a b c d e f)``."""
    return np.array([[a, c, e], [b, d, f], [0, 0, 1]], dtype=np.float64)


def translation(dx: float, dy: float = 0.0) -> Matrix:
    """Return the matrix that moves points."""
    return affine(1, 0, 0, 1, dx, dy)


def scaling(sx: float, sy: float | None = None) -> Matrix:
    """Return the matrix that scales points about the origin; ``sy`` is ``sx`` unless given."""
    return affine(sx, 0, 0, sx if sy is None else sy, 0, 0)


def rotation(degrees: float, x: float = 0.0, y: float = 0.0) -> Matrix:
    """Return the matrix that rotates points about ``(x, y)``, clockwise where y grows downward."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return translation(x, y) @ affine(cosine, sine, -sine, cosine, 0, 0) @ translation(-x, -y)


def skewing(degrees_x: float, degrees_y: float = 0.0) -> Matrix:
    """Return the matrix that skews points along x and y."""
    return affine(1, math.tan(math.radians(degrees_y)), math.tan(math.radians(degrees_x)), 1, 0, 0)


FUNCTIONS: Mapping[str, tuple[tuple[int, ...], Callable[..., Matrix]]] = {
    "matrix": ((6,), affine),
    "translate": ((1, 2), translation),
    "scale": ((1, 2), scaling),
    "rotate": ((1, 3), rotation),
    "skewX": ((1,), skewing),
    "skewY": ((1,), lambda degrees: skewing(0, degrees)),
}
"""Functions of the attribute: how many numbers they take, and their matrix."""
