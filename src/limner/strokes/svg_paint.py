"""What fills and strokes are made of, as values of CSS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tinycss2.color5 import parse_color

if TYPE_CHECKING:
    from collections.abc import Sequence

    Tokens = Sequence[Any]


class Paint(NamedTuple):
    """What a fill or a stroke is made of.

    Parameters
    ----------
    alpha : float
        From 0, none, to 1; of a server that is not there, that of what stands for it.
    is_current : bool
        Whether it is the colour of the element.
    server : str
        The address of a gradient or a pattern.
    is_none : bool
        Whether there shall be no paint, or none but the server.
    """

    alpha: float = 1.0
    is_current: bool = False
    server: str = ""
    is_none: bool = False


NONE = Paint(0.0, is_none=True)


def word_of(tokens: Tokens) -> str:
    """Return the only word in small letters; nothing if there is anything else."""
    return str(tokens[0].lower_value) if len(tokens) == 1 and tokens[0].type == "ident" else ""


def colour_of(tokens: Tokens) -> Paint | None:
    """Read a colour; None if it is none. Mixed ones are taken as opaque."""
    if len(tokens) != 1:
        return None
    colour = parse_color(tokens[0])
    if colour == "currentcolor":
        return Paint(is_current=True)
    if colour is not None:
        return Paint(float(colour.alpha))
    is_function = tokens[0].type == "function"
    return Paint() if is_function and tokens[0].lower_name in ("color-mix", "light-dark") else None


def paint_of(tokens: Tokens) -> Paint | None:
    """Read the value of ``fill`` or ``stroke``; None if it is none."""
    word = word_of(tokens)
    if word in ("none", "context-fill", "context-stroke"):  # the latter two: only markers have a context
        return NONE
    server = address_of(tokens[0])
    if server is None:
        return colour_of(tokens)
    fallback = paint_of(tokens[1:]) if tokens[1:] else NONE
    return None if fallback is None else fallback._replace(server=server)


def address_of(token: Any) -> str | None:
    """Return the address in ``url(...)``; None if the token is something else."""
    if token.type == "url":
        return str(token.value)
    if token.type == "function" and token.lower_name == "url" and token.arguments:
        return str(getattr(token.arguments[0], "value", ""))
    return None
