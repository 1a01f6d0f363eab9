"""Values of CSS properties in attributes and declarations; what they may be is in ``properties``."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import tinycss2

from limner.strokes.svg.paint import keyword_of
from limner.strokes.svg.properties import FONT_SIZES, PARSERS, parse_font_size

if TYPE_CHECKING:
    from collections.abc import Sequence

    Tokens = Sequence[Any]

CSS_WIDE = ("inherit", "initial", "unset", "revert", "revert-layer")
"""Keywords that are values of every property. Source: CSS Cascade 5, 7.3."""


class Pending(NamedTuple):
    """A value that refers to variables; it is parsed once these are known."""

    tokens: tuple[Any, ...]


class Declarations(NamedTuple):
    """Declarations of a style rule or a ``style`` attribute.

    Parameters
    ----------
    usual, important : dict of str to value
        By property; those marked ``!important`` apart. Variables keep their tokens.
    invalid : int
        Number of declarations that could not be parsed.
    """

    usual: dict[str, Any]
    important: dict[str, Any]
    invalid: int


@lru_cache(maxsize=1 << 14)
def parse_attribute(name: str, text: str) -> Any:
    """Parse a presentation attribute; return None if its value is invalid."""
    return parse_value(name, tinycss2.parse_component_value_list(text, skip_comments=True))


def parse_value(name: str, tokens: Tokens) -> Any:
    """Parse the value of a property; return None if it is invalid.

    Returns
    -------
    str, float, :class:`Paint`, :class:`Pending`, a length, or functions of a transform
        One of ``CSS_WIDE`` for any property; what the property's parser returns otherwise.
    """
    values = [token for token in tokens if token.type not in ("whitespace", "comment")]
    if not values:
        return None
    if any(map(refers_to_variable, values)):
        return Pending(tuple(tokens))
    word = keyword_of(values)
    return word if word in CSS_WIDE else PARSERS[name](values)


def refers_to_variable(token: Any) -> bool:
    """Return whether a token is, or contains, a reference to a variable."""
    if token.type == "function":
        return token.lower_name == "var" or any(map(refers_to_variable, token.arguments))
    return token.type.endswith("block") and any(map(refers_to_variable, token.content))


def parse_declarations(content: str | Tokens) -> Declarations:
    """Parse declarations of those properties that matter here; others are ignored."""
    parsed = Declarations({}, {}, 0)
    invalid = 0
    for node in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if node.type != "declaration":
            invalid += node.type == "error"
            continue
        target = parsed.important if node.important else parsed.usual
        if node.name.startswith("--"):
            target[node.name] = tuple(node.value)
            continue
        for name, value in _longhands(node.lower_name, node.value):
            if value is None:
                invalid += 1
            else:
                target[name] = value
    return parsed._replace(invalid=invalid)


def _longhands(name: str, tokens: Tokens) -> list[tuple[str, Any]]:
    """Split a shorthand; browsers decide by ``overflow-x`` alone whether a viewport clips."""
    if name == "font":
        return [("font-size", size)] if (size := _size_in_font(tokens)) is not None else []
    if name == "marker":
        value = parse_value(name, tokens)
        return [(f"marker-{position}", value) for position in ("start", "mid", "end")]
    if name == "overflow-x":
        return [("overflow", parse_value("overflow", tokens))]
    return [(name, parse_value(name, tokens))] if name in PARSERS else []


def _size_in_font(tokens: Tokens) -> Any:
    """Return the size in ``font: italic bold 30px/2 serif``."""
    for token in tokens:
        if token.type in ("dimension", "percentage") or getattr(token, "lower_value", "") in FONT_SIZES:
            return parse_font_size([token])
    return None
