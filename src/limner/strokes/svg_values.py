"""The values of those CSS properties that decide what an SVG shows, and where."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import tinycss2

from limner.strokes.svg_lengths import length_of
from limner.strokes.svg_paint import NONE, Paint, address_of, colour_of, paint_of, word_of
from limner.strokes.svg_transform import angle_of, number_of, origin_of, steps_of, strict_length_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Tokens = Sequence[Any]

WIDE = ("inherit", "initial", "unset", "revert", "revert-layer")
DISPLAYS = frozenset(
    [
        "none",
        "contents",
        "inline",
        "block",
        "inline-block",
        "list-item",
        "table",
        "inline-table",
        "table-row-group",
        "table-header-group",
        "table-footer-group",
        "table-row",
        "table-column-group",
        "table-column",
        "table-cell",
        "table-caption",
        "flow-root",
        "flex",
        "inline-flex",
        "grid",
        "inline-grid",
        "run-in",
        "flow",
        "ruby",
        "math",
    ]
)
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
RELATIVE_SIZES = {"larger": 1.2, "smaller": 1 / 1.2}


class Pending(NamedTuple):
    """A value that refers to variables, and so is read when these are known."""

    tokens: tuple[Any, ...]


@lru_cache(maxsize=1 << 14)
def parse_attribute(name: str, text: str) -> Any:
    """Read a presentation attribute; None if its value is none of the property's."""
    return parse_value(name, tinycss2.parse_component_value_list(text, skip_comments=True))


def parse_value(name: str, tokens: Tokens) -> Any:
    """Read the value of a property; None if it is none of the property's.

    Returns
    -------
    str, float, :class:`Paint`, :class:`Pending`, a length, or steps of a transform
        One of ``WIDE`` for any property; what the property's reader returns otherwise.
    """
    found = [token for token in tokens if token.type not in ("whitespace", "comment")]
    if not found:
        return None
    if any(map(refers, found)):
        return Pending(tuple(tokens))
    word = word_of(found)
    return word if word in WIDE else READERS[name](found)


def refers(token: Any) -> bool:
    """Tell whether a token refers to a variable somewhere."""
    if token.type == "function":
        return token.lower_name == "var" or any(map(refers, token.arguments))
    return token.type.endswith("block") and any(map(refers, token.content))


def parse_declarations(content: str | Tokens) -> tuple[dict[str, Any], dict[str, Any], int]:
    """Read declarations as far as they matter here.

    Returns
    -------
    usual, important : dict of str to value
        By property; those marked ``!important`` apart. Variables are there with their tokens.
    bad : int
        How many could not be read.
    """
    usual: dict[str, Any] = {}
    important: dict[str, Any] = {}
    bad = 0
    for node in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if node.type != "declaration":
            bad += node.type == "error"
            continue
        target = important if node.important else usual
        if node.name.startswith("--"):
            target[node.name] = tuple(node.value)
            continue
        for name, value in _longhands(node.lower_name, node.value):
            if value is None:
                bad += 1
            else:
                target[name] = value
    return usual, important, bad


def _longhands(name: str, tokens: Tokens) -> list[tuple[str, Any]]:
    if name == "font":
        return [("font-size", size)] if (size := _font(tokens)) is not None else []
    if name == "marker":
        value = parse_value(name, tokens)
        return [(f"marker-{place}", value) for place in ("start", "mid", "end")]
    return [(name, parse_value(name, tokens))] if name in READERS else []


def _one_of(*words: str) -> Callable[[Tokens], str | None]:
    return lambda tokens: word if (word := word_of(tokens)) in words else None


def _display(tokens: Tokens) -> str | None:
    words = [token.lower_value for token in tokens if token.type == "ident"]
    if len(words) != len(tokens) or not set(words) <= DISPLAYS:
        return None
    return words[0] if len(words) == 1 else "block"


def _opacity(tokens: Tokens) -> float | None:
    value = number_of(tokens)
    return None if value is None else min(max(value, 0.0), 1.0)


def _reference(tokens: Tokens) -> str | None:
    """Return whether something is referred to: its address, or ``none``."""
    if word_of(tokens) == "none":
        return "none"
    return next((address for token in tokens if (address := address_of(token)) is not None), "shape")


def _size(tokens: Tokens) -> Any:
    """Read a length from zero."""
    length = length_of(tokens)
    is_plain = length is not None and len(length) == 1
    return None if is_plain and length is not None and length[0][0] < 0 else length


def _auto_size(tokens: Tokens) -> Any:
    return "auto" if word_of(tokens) == "auto" else _size(tokens)


def _font_size(tokens: Tokens) -> Any:
    word = word_of(tokens)
    return word if word in FONT_SIZES or word in RELATIVE_SIZES else _size(tokens)


def _font(tokens: Tokens) -> Any:
    """Read the size out of ``font: italic bold 30px/2 serif``."""
    for token in tokens:
        if token.type in ("dimension", "percentage") or getattr(token, "lower_value", "") in FONT_SIZES:
            return _font_size([token])
    return None


def _data(tokens: Tokens) -> str | None:
    """Read ``path("M0 0...")``; data with an error is none."""
    from limner.strokes.svg_path import parse_path
    from limner.strokes.svg_shapes import MOST_POINTS

    if word_of(tokens) == "none":
        return ""
    if len(tokens) != 1 or tokens[0].type != "function" or tokens[0].lower_name != "path":
        return None
    strings = [token.value for token in tokens[0].arguments if token.type == "string"]
    return strings[0] if len(strings) == 1 and parse_path(strings[0], MOST_POINTS).is_whole else None


def _translate(tokens: Tokens) -> Any:
    lengths = [strict_length_of([token]) for token in tokens]
    if word_of(tokens) == "none":
        return ()
    return (("translate", tuple(lengths[:2])),) if len(lengths) <= 3 and all(lengths) else None


def _rotate(tokens: Tokens) -> Any:
    angle = angle_of(tokens)
    if word_of(tokens) == "none":
        return ()
    return None if angle is None else (("rotate", (angle,)),)


def _scale(tokens: Tokens) -> Any:
    numbers = [number_of([token]) for token in tokens]
    if word_of(tokens) == "none":
        return ()
    return (("scale", tuple(numbers[:2])),) if len(numbers) <= 3 and None not in numbers else None


def _dashes(tokens: Tokens) -> str:
    return "none" if word_of(tokens) == "none" else "dashes"


READERS: Mapping[str, Callable[[Tokens], Any]] = {
    "display": _display,
    "visibility": _one_of("visible", "hidden", "collapse"),
    "overflow": lambda tokens: _one_of("visible", "hidden", "scroll", "auto", "clip")(tokens[:1]),
    "opacity": _opacity,
    "color": colour_of,
    "fill": paint_of,
    "fill-opacity": _opacity,
    "stroke": paint_of,
    "stroke-opacity": _opacity,
    "stroke-width": _size,
    "stroke-dasharray": _dashes,
    "font-size": _font_size,
    "transform": steps_of,
    "transform-origin": origin_of,
    "transform-box": _one_of("view-box", "fill-box", "stroke-box", "content-box", "border-box"),
    "translate": _translate,
    "rotate": _rotate,
    "scale": _scale,
    "cx": length_of,
    "cy": length_of,
    "x": length_of,
    "y": length_of,
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

INHERITED = frozenset(
    (
        "visibility",
        "color",
        "fill",
        "fill-opacity",
        "stroke",
        "stroke-opacity",
        "stroke-width",
        "stroke-dasharray",
        "font-size",
        "marker-start",
        "marker-mid",
        "marker-end",
    )
)
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
