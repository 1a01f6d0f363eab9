"""Paints of fills and strokes, as values of CSS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tinycss2.color5 import parse_color

if TYPE_CHECKING:
    from collections.abc import Sequence

    Tokens = Sequence[Any]


class Paint(NamedTuple):
    """Paint of a fill or a stroke.

    Parameters
    ----------
    alpha : float
        Opacity from 0 to 1; of the fallback colour, where a paint server is named.
    is_current : bool
        Whether it is the element's ``color``.
    server : str
        Address of a gradient or a pattern; empty for none.
    is_none : bool
        Whether there is no paint but that of the server.
    """

    alpha: float = 1.0
    is_current: bool = False
    server: str = ""
    is_none: bool = False


NONE = Paint(0.0, is_none=True)


def keyword_of(tokens: Tokens) -> str:
    """Return a single keyword in lower case; an empty text if the tokens are anything else."""
    return str(tokens[0].lower_value) if len(tokens) == 1 and tokens[0].type == "ident" else ""


def parse_colour(tokens: Tokens) -> Paint | None:
    """Parse a colour; return None if it is invalid. Mixed colours count as opaque."""
    if len(tokens) != 1:
        return None
    colour = parse_color(tokens[0])
    if colour == "currentcolor":
        return Paint(is_current=True)
    if colour is not None:
        return Paint(float(colour.alpha))
    is_function = tokens[0].type == "function"
    return Paint() if is_function and tokens[0].lower_name in ("color-mix", "light-dark") else None


def parse_paint(tokens: Tokens) -> Paint | None:
    """Parse the value of ``fill`` or ``stroke``; return None if it is invalid."""
    keyword = keyword_of(tokens)
    if keyword in ("none", "context-fill", "context-stroke"):  # the latter two: only markers have a context
        return NONE
    server = url_of(tokens[0])
    if server is None:
        return parse_colour(tokens)
    fallback = parse_paint(tokens[1:]) if tokens[1:] else NONE
    return None if fallback is None else fallback._replace(server=server)


def url_of(token: Any) -> str | None:
    """Return the address in ``url(...)``; None if the token is something else."""
    if token.type == "url":
        return str(token.value)
    if token.type == "function" and token.lower_name == "url" and token.arguments:
        return str(getattr(token.arguments[0], "value", ""))
    return None
