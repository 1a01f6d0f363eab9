"""``Style``: what CSS makes of the values that are declared for an element of an SVG document."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from limner.strokes.svg_paint import Paint
from limner.strokes.svg_values import (
    FONT_SIZES,
    INHERITED,
    INITIAL,
    RELATIVE_SIZES,
    WIDE,
    Pending,
    parse_value,
    refers,
)

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from limner.strokes.svg_lengths import Frame

MOST_TOKENS = 1000
"""Of a value, when its variables have been put in."""


@dataclass(frozen=True, slots=True)
class Style:
    """The values of an element's properties, as far as they matter here.

    Parameters
    ----------
    handed : mapping
        Those that its children inherit, variables among them.
    own : mapping
        The others.
    font : float
        Size of the font in user units.
    """

    handed: Mapping[str, Any] = field(default_factory=dict)
    own: Mapping[str, Any] = field(default_factory=dict)
    font: float = 16.0

    def __getitem__(self, name: str) -> Any:
        """Return a value, or what it is unless anybody says so; None if that is nothing."""
        place = self.handed if name in INHERITED else self.own
        return place[name] if name in place else INITIAL.get(name)

    def child(self, declared: Mapping[str, Any], frame: Frame) -> Style:
        """Return the style of a child.

        Parameters
        ----------
        declared : mapping
            See :meth:`limner.strokes.svg_stylesheet.Sheet.declared`.
        frame : Frame
            For the size of the font.
        """
        if not declared:
            return Style(self.handed, {}, self.font)
        variables = {name: value for name, value in declared.items() if name.startswith("--")}
        handed, own, font = dict(self.handed) | variables, dict[str, Any](), self.font
        for name, given in declared.items():
            if name in variables:
                continue
            value = _known(name, given, handed)
            if value in WIDE:
                value = self._wide(name, value)
            if name == "font-size":
                font = _font_size(value, self.font, frame)
            elif name in INHERITED:
                current = name == "color" and isinstance(value, Paint) and value.is_current
                handed[name] = self["color"] if current else value
            elif value is not None:
                own[name] = value
        return Style(handed, own, font)

    def is_stroked(self, servers: Container[str], frame: Frame) -> bool:
        """Tell whether a line can be seen; ``servers`` are the addresses of gradients and patterns."""
        width = frame.measure(self["stroke-width"])
        return width > 0 and self["stroke-opacity"] > 0 and self._alpha("stroke", servers) > 0

    def is_filled(self, servers: Container[str]) -> bool:
        """Tell whether a filling can be seen."""
        return bool(self["fill-opacity"] > 0 and self._alpha("fill", servers) > 0)

    @property
    def is_bare(self) -> bool:
        """Whether it has neither fill nor stroke: nobody says how it looks, but it is not transparent."""
        return all(self[name].is_none and not self[name].server for name in ("fill", "stroke"))

    def _alpha(self, name: str, servers: Container[str]) -> float:
        paint: Paint = self[name]
        if paint.server and paint.server in servers:
            return 1.0
        return float(self["color"].alpha if paint.is_current else paint.alpha)

    def _wide(self, name: str, word: str) -> Any:
        """Return what ``inherit`` and the like stand for."""
        if word == "inherit" or (word != "initial" and (name in INHERITED or name == "font-size")):
            return ((self.font, "px"),) if name == "font-size" else self[name]
        return "medium" if name == "font-size" else INITIAL.get(name)


def _known(name: str, value: Any, variables: Mapping[str, Any]) -> Any:
    """Put in variables; a value that cannot be read then is as if it were unset."""
    if not isinstance(value, Pending):
        return value
    tokens = _filled(value.tokens, variables, 0)
    found = None if tokens is None else parse_value(name, tokens)
    return "unset" if found is None or isinstance(found, Pending) else found


def _filled(tokens: Iterable[Any], variables: Mapping[str, Any], depth: int) -> list[Any] | None:
    """Put variables into tokens at their top; None if one is missing, too long or refers to itself."""
    found: list[Any] = []
    for token in tokens:
        if not refers(token):
            found.append(token)
            continue
        if depth > 20 or token.type != "function" or token.lower_name != "var":
            return None
        value = _variable(token, variables, depth)
        if value is None or len(found) + len(value) > MOST_TOKENS:
            return None
        found += value
    return found


def _variable(reference: Any, variables: Mapping[str, Any], depth: int) -> list[Any] | None:
    arguments = [token for token in reference.arguments if token.type != "comment"]
    names = [token.value for token in arguments if token.type == "ident"][:1]
    value = _filled(variables[names[0]], variables, depth + 1) if names and names[0] in variables else None
    if value is not None:
        return value
    commas = [i for i, token in enumerate(arguments) if token.type == "literal" and token.value == ","]
    return _filled(arguments[commas[0] + 1 :], variables, depth + 1) if commas else None


def _font_size(value: Any, parent: float, frame: Frame) -> float:
    if isinstance(value, str):
        return FONT_SIZES[value] if value in FONT_SIZES else parent * RELATIVE_SIZES.get(value, 1.0)
    if value is None:
        return parent
    whole = sum(number for number, unit in value if unit == "%") / 100 * parent
    rest = tuple(part for part in value if part[1] != "%")
    return float(whole + replace(frame, font=parent).measure(rest))
