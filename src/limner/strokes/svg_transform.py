"""SVG's and CSS's transforms as matrices of shape ``(3, 3)`` for points as column vectors."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from limner.strokes.svg_lengths import length_of
from limner.strokes.svg_pen import NUMBER, NUMBERS, ONE_NUMBER, WHITE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from limner.strokes.svg_lengths import Frame, Length

    Matrix = NDArray[np.float64]
    Box = tuple[float, float, float, float]
    Step = tuple[str, tuple[Any, ...]]

_SPACE = f"[{WHITE}]*+"
_ARGUMENTS = rf"{_SPACE}{NUMBER}(?:{_SPACE},?{_SPACE}{NUMBER})*+{_SPACE}"
FUNCTION = re.compile(rf"(matrix|translate|scale|rotate|skewX|skewY){_SPACE}\(({_ARGUMENTS})\)")
TRANSFORM = re.compile(rf"{_SPACE}(?:{FUNCTION.pattern}(?:{_SPACE},?{_SPACE}{FUNCTION.pattern})*+)?{_SPACE}")
ALIGN = re.compile(
    "x(Min|Mid|Max)Y(Min|Mid|Max)(?:[ \t\r\n]+(meet|slice))?|none(?:[ \t\r\n]+(?:meet|slice))?"
)
ALIGNED = {"Min": 0.0, "Mid": 0.5, "Max": 1.0}
SIDES = {"left": 0.0, "top": 0.0, "center": 50.0, "right": 100.0, "bottom": 100.0}
ANGLES = {"": 1.0, "deg": 1.0, "rad": 180 / math.pi, "grad": 0.9, "turn": 360.0}


@lru_cache(maxsize=1 << 12)
def parse_transform(text: str) -> Matrix | None:
    """Read a ``transform`` attribute: the product of its functions from left to right.

    So ``translate(0,100) scale(1,-1)`` first mirrors a point and then moves it: (0, 10) comes to (0, 90).

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
        takes, matrix = FUNCTIONS[name]
        if len(numbers) not in takes or not all(map(math.isfinite, numbers)):
            return None
        product = matrix(*numbers) if product is None else product @ matrix(*numbers)
    return np.eye(3) if product is None else product


def viewbox_matrix(
    box: tuple[float, float, float, float] | None, width: float, height: float, fit: str
) -> Matrix:
    """Return the matrix from a view box to a place of ``width`` by ``height`` at the origin.

    It follows ``preserveAspectRatio``, and is the identity where there is no view box.
    """
    if box is None:
        return np.eye(3)
    x, y, box_width, box_height = box
    sx, sy = width / box_width, height / box_height
    match = ALIGN.fullmatch(fit.strip(WHITE))
    if match and match[1] is None:
        return scaling(sx, sy) @ translation(-x, -y)
    along, down = (ALIGNED[match[1]], ALIGNED[match[2]]) if match else (0.5, 0.5)
    scale = max(sx, sy) if match and match[3] == "slice" else min(sx, sy)
    margin = translation(along * (width - scale * box_width), down * (height - scale * box_height))
    return margin @ scaling(scale) @ translation(-x, -y)


def parse_view_box(text: str) -> Box | None:
    """Read a ``viewBox``: x, y, width and height; None if it is not four finite numbers, or has no size."""
    numbers = [float(number) for number in ONE_NUMBER.findall(text)] if NUMBERS.fullmatch(text) else []
    if len(numbers) != 4 or not np.isfinite(numbers).all() or min(numbers[2:]) < 0:
        return None
    x, y, width, height = numbers
    return (x, y, width, height)


def steps_of(tokens: Sequence[Any]) -> tuple[Step, ...] | None:
    """Read the value of CSS's ``transform``: functions with their lengths and angles; None if it is none.

    Source: CSS Transforms 1 and 2. What leaves the plane is flattened onto it.
    """
    found = [token for token in tokens if token.type != "whitespace"]
    if len(found) == 1 and found[0].type == "ident" and found[0].lower_value == "none":
        return ()
    steps = []
    for token in found:
        arguments = _arguments(token) if token.type == "function" else None
        kind = CSS_FUNCTIONS.get(token.lower_name) if arguments is not None else None
        if arguments is None or kind is None or len(arguments) not in kind[0]:
            return None
        values = [_read(argument, kind[1]) for argument in arguments]
        if any(value is None for value in values):
            return None
        steps.append((token.lower_name, tuple(values)))
    return tuple(steps) or None


def css_matrix(steps: Sequence[Step], frame: Frame) -> Matrix:
    """Multiply the functions of CSS; percentages are of the frame."""
    product = np.eye(3)
    for name, values in steps:
        product = product @ CSS_FUNCTIONS[name][2](frame, *values)
    return product


def angle_of(tokens: Sequence[Any]) -> float | None:
    """Read an angle in degrees; only zero needs no unit."""
    if len(tokens) != 1 or tokens[0].type not in ("dimension", "number"):
        return None
    (token,) = tokens
    if token.type == "number":
        return 0.0 if token.value == 0 else None
    return token.value * ANGLES[token.lower_unit] if token.lower_unit in ANGLES else None


def number_of(tokens: Sequence[Any]) -> float | None:
    """Read a number, or a percentage as its hundredth."""
    if len(tokens) != 1 or tokens[0].type not in ("number", "percentage"):
        return None
    value = float(tokens[0].value)
    return value / 100 if tokens[0].type == "percentage" else value


def strict_length_of(tokens: Sequence[Any]) -> Length | None:
    """Read a length; only zero needs no unit."""
    length = length_of(tokens)
    return length if length is not None and all(unit or not value for value, unit in length) else None


def origin_of(tokens: Sequence[Any]) -> Any:
    """Read ``transform-origin``: two lengths, the second and third of which may be missing."""
    across: Any = None
    down: Any = None
    if not 1 <= len(tokens) <= 3:
        return None
    if len(tokens) == 3 and length_of(tokens[2:]) is None:
        return None
    words = [getattr(token, "lower_value", "") if token.type == "ident" else "" for token in tokens[:2]]
    if words[0] in ("top", "bottom") or (len(words) == 2 and words[1] in ("left", "right")):
        tokens, words = tokens[1::-1] if len(words) == 2 else tokens, words[::-1]
        across = _side(tokens[0], words[0], ("left", "right", "center")) if len(words) == 2 else _CENTRE
        down = _side(tokens[-1], words[-1], ("top", "bottom", "center"))
    else:
        across = _side(tokens[0], words[0], ("left", "right", "center"))
        down = _side(tokens[1], words[1], ("top", "bottom", "center")) if len(words) == 2 else _CENTRE
    return None if across is None or down is None else (across, down)


_CENTRE = ((50.0, "%"),)


def _side(token: Any, word: str, words: tuple[str, ...]) -> Any:
    if word:
        return ((SIDES[word], "%"),) if word in words else None
    return length_of([token])


def _arguments(function: Any) -> list[list[Any]]:
    parts: list[list[Any]] = [[]]
    for token in function.arguments:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        elif token.type not in ("whitespace", "comment"):
            parts[-1].append(token)
    return parts


def _read(tokens: list[Any], kind: str) -> Any:
    readers: dict[str, Callable[[Sequence[Any]], Any]] = {
        "number": number_of,
        "length": strict_length_of,
        "angle": angle_of,
    }
    return readers[kind](tokens)


def _affine(a: float, b: float, c: float, d: float, e: float, f: float) -> Matrix:
    return np.array([[a, c, e], [b, d, f], [0, 0, 1]], dtype=np.float64)


def translation(dx: float, dy: float = 0.0) -> Matrix:
    """Return the matrix that moves points."""
    return _affine(1, 0, 0, 1, dx, dy)


def scaling(sx: float, sy: float | None = None) -> Matrix:
    """Return the matrix that scales points about the origin."""
    return _affine(sx, 0, 0, sx if sy is None else sy, 0, 0)


def rotation(degrees: float, x: float = 0.0, y: float = 0.0) -> Matrix:
    """Return the matrix that turns points about one of them."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return translation(x, y) @ _affine(cosine, sine, -sine, cosine, 0, 0) @ translation(-x, -y)


def _skew(across: float, down: float = 0.0) -> Matrix:
    return _affine(1, math.tan(math.radians(down)), math.tan(math.radians(across)), 1, 0, 0)


def _move(frame: Frame, x: Length, y: Length = (), _: Length = ()) -> Matrix:
    return translation(frame.measure(x, "x"), frame.measure(y, "y"))


FUNCTIONS: dict[str, tuple[tuple[int, ...], Callable[..., Matrix]]] = {
    "matrix": ((6,), _affine),
    "translate": ((1, 2), translation),
    "scale": ((1, 2), scaling),
    "rotate": ((1, 3), rotation),
    "skewX": ((1,), _skew),
    "skewY": ((1,), lambda degrees: _skew(0, degrees)),
}
"""Of the attribute: how many numbers they take, and what they do."""

CSS_FUNCTIONS: dict[str, tuple[tuple[int, ...], str, Callable[..., Matrix]]] = {
    "matrix": ((6,), "number", lambda _, *m: _affine(*m)),
    "matrix3d": ((16,), "number", lambda _, *m: _affine(m[0], m[1], m[4], m[5], m[12], m[13])),
    "perspective": ((1,), "length", lambda *_: np.eye(3)),
    "translate": ((1, 2), "length", _move),
    "translatex": ((1,), "length", _move),
    "translatey": ((1,), "length", lambda frame, y: _move(frame, (), y)),
    "translate3d": ((3,), "length", _move),
    "translatez": ((1,), "length", lambda *_: np.eye(3)),
    "scale": ((1, 2), "number", lambda _, *s: scaling(*s)),
    "scalex": ((1,), "number", lambda _, s: scaling(s, 1)),
    "scaley": ((1,), "number", lambda _, s: scaling(1, s)),
    "scale3d": ((3,), "number", lambda _, x, y, z: scaling(x, y)),  # noqa: ARG005
    "scalez": ((1,), "number", lambda *_: np.eye(3)),
    "rotate": ((1,), "angle", lambda _, a: rotation(a)),
    "rotatez": ((1,), "angle", lambda _, a: rotation(a)),
    "rotatex": ((1,), "angle", lambda _, a: scaling(1, math.cos(math.radians(a)))),
    "rotatey": ((1,), "angle", lambda _, a: scaling(math.cos(math.radians(a)), 1)),
    "skew": ((1, 2), "angle", lambda _, *a: _skew(*a)),
    "skewx": ((1,), "angle", lambda _, a: _skew(a)),
    "skewy": ((1,), "angle", lambda _, a: _skew(0, a)),
}
"""Of the property: how many arguments they take, of what kind, and what they do."""
