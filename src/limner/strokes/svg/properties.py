"""The CSS properties that decide what an SVG shows, and where: parsers, inheritance and initial values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limner.strokes.svg.css_transform import (
    parse_angle,
    parse_css_transform,
    parse_number,
    parse_origin,
    parse_strict_length,
)
from limner.strokes.svg.lengths import parse_length_tokens
from limner.strokes.svg.paint import NONE, Paint, keyword_of, parse_colour, parse_paint, url_of
from limner.strokes.svg.path import MAX_POINTS, parse_path

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Tokens = Sequence[Any]

DISPLAYS = frozenset((
    "none", "contents", "inline", "block", "inline-block", "list-item", "table", "inline-table",
    "table-row-group", "table-header-group", "table-footer-group", "table-row", "table-column-group",
    "table-column", "table-cell", "table-caption", "flow-root", "flex", "inline-flex", "grid", "inline-grid",
    "run-in", "flow", "ruby", "math",
))  # fmt: skip
"""Keywords of ``display``. Source: CSS Display 3."""
FONT_SIZES = {
    "xx-small": 9.0,
    "x-small": 10.0,
    "small": 13.0,
    "medium": 16.0,
    "large": 18.0,
    "x-large": 24.0,
    "xx-large": 32.0,
    "xxx-large": 48.0,
}
"""Font sizes of browsers in pixels."""
RELATIVE_SIZES = {"larger": 1.2, "smaller": 1 / 1.2}
"""Factors on the parent's font size."""


def _one_of(*words: str) -> Callable[[Tokens], str | None]:
    return lambda tokens: word if (word := keyword_of(tokens)) in words else None


def _display(tokens: Tokens) -> str | None:
    words = [token.lower_value for token in tokens if token.type == "ident"]
    if len(words) != len(tokens) or not set(words) <= DISPLAYS:
        return None
    return words[0] if len(words) == 1 else "block"


def _opacity(tokens: Tokens) -> float | None:
    value = parse_number(tokens)
    return None if value is None else min(max(value, 0.0), 1.0)


def _reference(tokens: Tokens) -> str | None:
    """Return the address of what is referred to; ``none``, or ``shape`` for a basic shape of CSS."""
    if keyword_of(tokens) == "none":
        return "none"
    return next((url for token in tokens if (url := url_of(token)) is not None), "shape")


def _size(tokens: Tokens) -> Any:
    """Parse a length that is not negative."""
    length = parse_length_tokens(tokens)
    is_plain = length is not None and len(length) == 1
    return None if is_plain and length is not None and length[0][0] < 0 else length


def _auto_size(tokens: Tokens) -> Any:
    return "auto" if keyword_of(tokens) == "auto" else _size(tokens)


def parse_font_size(tokens: Tokens) -> Any:
    """Parse a ``font-size``: a keyword, or a length; return None if it is invalid."""
    word = keyword_of(tokens)
    return word if word in FONT_SIZES or word in RELATIVE_SIZES else _size(tokens)


def _data(tokens: Tokens) -> str | None:
    """Parse ``path("M0 0...")``; data with an error is invalid."""
    if keyword_of(tokens) == "none":
        return ""
    if len(tokens) != 1 or tokens[0].type != "function" or tokens[0].lower_name != "path":
        return None
    strings = [token.value for token in tokens[0].arguments if token.type == "string"]
    return strings[0] if len(strings) == 1 and parse_path(strings[0], MAX_POINTS).is_complete else None


def _translate(tokens: Tokens) -> Any:
    lengths = [parse_strict_length([token]) for token in tokens]
    if keyword_of(tokens) == "none":
        return ()
    return (("translate", tuple(lengths[:2])),) if len(lengths) <= 3 and all(lengths) else None


def _rotate(tokens: Tokens) -> Any:
    angle = parse_angle(tokens)
    if keyword_of(tokens) == "none":
        return ()
    return None if angle is None else (("rotate", (angle,)),)


def _scale(tokens: Tokens) -> Any:
    numbers = [parse_number([token]) for token in tokens]
    if keyword_of(tokens) == "none":
        return ()
    return (("scale", tuple(numbers[:2])),) if len(numbers) <= 3 and None not in numbers else None


def _dashes(tokens: Tokens) -> str:
    return "none" if keyword_of(tokens) == "none" else "dashes"


PARSERS: Mapping[str, Callable[[Tokens], Any]] = {
    "display": _display,
    "visibility": _one_of("visible", "hidden", "collapse"),
    "overflow": lambda tokens: _one_of("visible", "hidden", "scroll", "auto", "clip")(tokens[:1]),
    "opacity": _opacity,
    "color": parse_colour,
    "fill": parse_paint,
    "fill-opacity": _opacity,
    "stroke": parse_paint,
    "stroke-opacity": _opacity,
    "stroke-width": _size,
    "stroke-dasharray": _dashes,
    "font-size": parse_font_size,
    "transform": parse_css_transform,
    "transform-origin": parse_origin,
    "transform-box": _one_of("view-box", "fill-box", "stroke-box", "content-box", "border-box"),
    "translate": _translate,
    "rotate": _rotate,
    "scale": _scale,
    "cx": parse_length_tokens,
    "cy": parse_length_tokens,
    "x": parse_length_tokens,
    "y": parse_length_tokens,
    "r": _size,
    "rx": _auto_size,
    "ry": _auto_size,
    "width": _auto_size,
    "height": _auto_size,
    "d": _data,
    "clip-path": _reference,
    "mask": _reference,
    "marker": _reference,
    "marker-start": _reference,
    "marker-mid": _reference,
    "marker-end": _reference,
}
"""Parsers of the properties' values; they return None for an invalid one."""
INHERITED = frozenset((
    "visibility", "color", "fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width",
    "stroke-dasharray", "font-size", "marker-start", "marker-mid", "marker-end",
))  # fmt: skip
"""Properties that children inherit."""
INITIAL: Mapping[str, Any] = {
    "display": "inline",
    "visibility": "visible",
    "overflow": "visible",
    "opacity": 1.0,
    "color": Paint(),
    "fill": Paint(),
    "fill-opacity": 1.0,
    "stroke": NONE,
    "stroke-opacity": 1.0,
    "stroke-width": ((1.0, "px"),),
    "stroke-dasharray": "none",
    "transform": (),
    "translate": (),
    "rotate": (),
    "scale": (),
    "clip-path": "none",
    "mask": "none",
    "marker-start": "none",
    "marker-mid": "none",
    "marker-end": "none",
}
"""Values of properties that nothing sets; None for those that are missing here."""
