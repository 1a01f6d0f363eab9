"""CSS's transforms: functions and origins as values of properties, and their matrices.

Matrices are of shape ``(3, 3)``, for points as column vectors.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from limner.strokes.svg.lengths import parse_length_tokens
from limner.strokes.svg.transform import affine, rotation, scaling, skewing, translation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from limner.strokes.svg.lengths import Length, Units
    from limner.strokes.svg.transform import Matrix

    TransformFunction = tuple[str, tuple[Any, ...]]
    Tokens = Sequence[Any]

SIDES = {"left": 0.0, "top": 0.0, "center": 50.0, "right": 100.0, "bottom": 100.0}
"""Keywords of an origin in percent of the box."""
ANGLES = {"": 1.0, "deg": 1.0, "rad": 180 / math.pi, "grad": 0.9, "turn": 360.0}
"""Units of angles in degrees."""
CENTRE = ((50.0, "%"),)


def parse_css_transform(tokens: Tokens) -> tuple[TransformFunction, ...] | None:
    """Parse the value of CSS's ``transform``; return None if it is invalid.

    Functions of three dimensions are projected onto the plane. Source: CSS Transforms 1 and 2.

    Returns
    -------
    tuple of (name, arguments), or None
        Arguments are numbers, lengths or angles in degrees.
    """
    values = [token for token in tokens if token.type != "whitespace"]
    if len(values) == 1 and values[0].type == "ident" and values[0].lower_value == "none":
        return ()
    functions = [_parse_function(token) for token in values]
    valid = tuple(function for function in functions if function is not None)
    return valid if valid and len(valid) == len(functions) else None


def css_matrix(functions: Sequence[TransformFunction], units: Units) -> Matrix:
    """Return the product of transform functions; ``units`` resolve their lengths."""
    product = np.eye(3)
    for name, values in functions:
        product = product @ CSS_FUNCTIONS[name][2](units, *values)
    return product


def parse_angle(tokens: Tokens) -> float | None:
    """Parse an angle in degrees; return None if it is invalid. Only zero may lack a unit."""
    if len(tokens) != 1 or tokens[0].type not in ("dimension", "number"):
        return None
    (token,) = tokens
    if token.type == "number":
        return 0.0 if token.value == 0 else None
    return token.value * ANGLES[token.lower_unit] if token.lower_unit in ANGLES else None


def parse_number(tokens: Tokens) -> float | None:
    """Parse a number, or a percentage as its hundredth; return None if it is invalid."""
    if len(tokens) != 1 or tokens[0].type not in ("number", "percentage"):
        return None
    value = float(tokens[0].value)
    return value / 100 if tokens[0].type == "percentage" else value


def parse_strict_length(tokens: Tokens) -> Length | None:
    """Parse a length; return None if it is invalid. Only zero may lack a unit."""
    length = parse_length_tokens(tokens)
    return length if length is not None and all(unit or not value for value, unit in length) else None


def parse_origin(tokens: Tokens) -> tuple[Length, Length] | None:
    """Parse ``transform-origin``; return its x and y, or None if it is invalid.

    The second value may be missing, which means the centre; a third one, along z, is ignored.
    """
    if not 1 <= len(tokens) <= 3:
        return None
    if len(tokens) == 3 and parse_length_tokens(tokens[2:]) is None:
        return None
    words = [getattr(token, "lower_value", "") if token.type == "ident" else "" for token in tokens[:2]]
    if words[0] in ("top", "bottom") or (len(words) == 2 and words[1] in ("left", "right")):
        tokens, words = tokens[1::-1] if len(words) == 2 else tokens, words[::-1]
        x = _side(tokens[0], words[0], ("left", "right", "center")) if len(words) == 2 else CENTRE
        y = _side(tokens[-1], words[-1], ("top", "bottom", "center"))
    else:
        x = _side(tokens[0], words[0], ("left", "right", "center"))
        y = _side(tokens[1], words[1], ("top", "bottom", "center")) if len(words) == 2 else CENTRE
    return None if x is None or y is None else (x, y)


def _side(token: Any, word: str, words: tuple[str, ...]) -> Length | None:
    if word:
        return ((SIDES[word], "%"),) if word in words else None
    return parse_length_tokens([token])


def _parse_function(token: Any) -> TransformFunction | None:
    if token.type != "function" or token.lower_name not in CSS_FUNCTIONS:
        return None
    arities, kind, _ = CSS_FUNCTIONS[token.lower_name]
    arguments = _arguments(token)
    values = tuple(ARGUMENTS[kind](argument) for argument in arguments)
    if len(arguments) not in arities or any(value is None for value in values):
        return None
    return token.lower_name, values


def _arguments(function: Any) -> list[list[Any]]:
    parts: list[list[Any]] = [[]]
    for token in function.arguments:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        elif token.type not in ("whitespace", "comment"):
            parts[-1].append(token)
    return parts


def _translate(units: Units, x: Length, y: Length = (), _: Length = ()) -> Matrix:
    return translation(units.resolve(x, "x"), units.resolve(y, "y"))


ARGUMENTS: Mapping[str, Callable[[Tokens], Any]] = {
    "number": parse_number,
    "length": parse_strict_length,
    "angle": parse_angle,
}
"""Parsers of the kinds of arguments."""

CSS_FUNCTIONS: Mapping[str, tuple[tuple[int, ...], str, Callable[..., Matrix]]] = {
    "matrix": ((6,), "number", lambda _, *m: affine(*m)),
    "matrix3d": ((16,), "number", lambda _, *m: affine(m[0], m[1], m[4], m[5], m[12], m[13])),
    "perspective": ((1,), "length", lambda *_: np.eye(3)),
    "translate": ((1, 2), "length", _translate),
    "translatex": ((1,), "length", _translate),
    "translatey": ((1,), "length", lambda units, y: _translate(units, (), y)),
    "translate3d": ((3,), "length", _translate),
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
    "skew": ((1, 2), "angle", lambda _, *a: skewing(*a)),
    "skewx": ((1,), "angle", lambda _, a: skewing(a)),
    "skewy": ((1,), "angle", lambda _, a: skewing(0, a)),
}
"""Functions of the property: numbers of arguments allowed, their kind, and the matrix."""
