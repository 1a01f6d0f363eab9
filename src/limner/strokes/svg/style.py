"""``SvgStyle``: computed values of the CSS properties of an element of an SVG document."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from limner.strokes.svg.paint import Paint
from limner.strokes.svg.properties import FONT_SIZES, INHERITED, INITIAL, RELATIVE_SIZES
from limner.strokes.svg.values import CSS_WIDE, Pending, parse_value, refers_to_variable

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from limner.strokes.svg.lengths import Units

MAX_TOKENS = 1000
"""Tokens of a value in which variables have been substituted."""
MAX_VARIABLE_DEPTH = 20
"""Variables that may refer to each other; a circle ends there."""


@dataclass(frozen=True, slots=True)
class SvgStyle:
    """Values of an element's properties.

    Parameters
    ----------
    inherited : mapping
        Values that the element's children inherit, variables among them.
    own : mapping
        The other values.
    font : float
        Font size in user units.
    """

    inherited: Mapping[str, Any] = field(default_factory=dict)
    own: Mapping[str, Any] = field(default_factory=dict)
    font: float = 16.0

    def __getitem__(self, name: str) -> Any:
        """Return the value of a property; its initial value, or None, if nothing sets it."""
        values = self.inherited if name in INHERITED else self.own
        return values[name] if name in values else INITIAL.get(name)

    def child(self, declared: Mapping[str, Any], units: Units) -> SvgStyle:
        """Return the style of a child.

        Parameters
        ----------
        declared : mapping
            See :meth:`limner.strokes.svg.stylesheet.Stylesheet.declared`.
        units : Units
            Resolve the font size.
        """
        if not declared:
            return SvgStyle(self.inherited, {}, self.font)
        variables = {name: value for name, value in declared.items() if name.startswith("--")}
        inherited, own, font = dict(self.inherited) | variables, dict[str, Any](), self.font
        for name, declaration in declared.items():
            if name in variables:
                continue
            value = _substituted(name, declaration, inherited)
            if value in CSS_WIDE:
                value = self._css_wide(name, value)
            if name == "font-size":
                font = _font_size(value, self.font, units)
            elif name in INHERITED:
                is_current = name == "color" and isinstance(value, Paint) and value.is_current
                inherited[name] = self["color"] if is_current else value
            elif value is not None:
                own[name] = value
        return SvgStyle(inherited, own, font)

    def is_stroked(self, servers: Container[str], units: Units) -> bool:
        """Return whether a stroke can be seen; ``servers`` are the addresses of usable paint servers."""
        width = units.resolve(self["stroke-width"])
        return width > 0 and self["stroke-opacity"] > 0 and self._alpha("stroke", servers) > 0

    def is_filled(self, servers: Container[str]) -> bool:
        """Return whether a fill can be seen; ``servers`` are the addresses of usable paint servers."""
        return bool(self["fill-opacity"] > 0 and self._alpha("fill", servers) > 0)

    @property
    def is_unpainted(self) -> bool:
        """Whether there is neither fill nor stroke, which differs from transparent ones."""
        return all(self[name].is_none and not self[name].server for name in ("fill", "stroke"))

    def _alpha(self, name: str, servers: Container[str]) -> float:
        paint: Paint = self[name]
        if paint.server and paint.server in servers:
            return 1.0
        return float(self["color"].alpha if paint.is_current else paint.alpha)

    def _css_wide(self, name: str, word: str) -> Any:
        """Return the value that ``inherit``, ``unset`` or the like stands for."""
        if word == "inherit" or (word != "initial" and (name in INHERITED or name == "font-size")):
            return ((self.font, "px"),) if name == "font-size" else self[name]
        return "medium" if name == "font-size" else INITIAL.get(name)


def _substituted(name: str, value: Any, variables: Mapping[str, Any]) -> Any:
    """Substitute variables in a value; an invalid result counts as unset."""
    if not isinstance(value, Pending):
        return value
    tokens = _filled(value.tokens, variables, 0)
    parsed = None if tokens is None else parse_value(name, tokens)
    return "unset" if parsed is None or isinstance(parsed, Pending) else parsed


def _filled(tokens: Iterable[Any], variables: Mapping[str, Any], depth: int) -> list[Any] | None:
    """Substitute the variables among tokens; None if one is missing, too long or refers to itself."""
    filled: list[Any] = []
    for token in tokens:
        if not refers_to_variable(token):
            filled.append(token)
            continue
        if depth > MAX_VARIABLE_DEPTH or token.type != "function" or token.lower_name != "var":
            return None
        value = _variable(token, variables, depth)
        if value is None or len(filled) + len(value) > MAX_TOKENS:
            return None
        filled += value
    return filled


def _variable(reference: Any, variables: Mapping[str, Any], depth: int) -> list[Any] | None:
    """Return the tokens that ``var(--name, fallback)`` stands for; None if there are none."""
    arguments = [token for token in reference.arguments if token.type != "comment"]
    names = [token.value for token in arguments if token.type == "ident"][:1]
    value = _filled(variables[names[0]], variables, depth + 1) if names and names[0] in variables else None
    if value is not None:
        return value
    commas = [i for i, token in enumerate(arguments) if token.type == "literal" and token.value == ","]
    return _filled(arguments[commas[0] + 1 :], variables, depth + 1) if commas else None


def _font_size(value: Any, parent: float, units: Units) -> float:
    """Return a font size in user units; ``parent`` is that of the parent element."""
    if isinstance(value, str):
        return FONT_SIZES[value] if value in FONT_SIZES else parent * RELATIVE_SIZES.get(value, 1.0)
    if value is None:
        return parent
    percent = sum(number for number, unit in value if unit == "%") / 100 * parent
    rest = tuple(term for term in value if term[1] != "%")
    return float(percent + replace(units, font=parent).resolve(rest))
