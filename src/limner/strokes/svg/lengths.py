"""Lengths of SVG and CSS, and the sizes that relative units resolve against."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from limner.strokes.svg.numbers import NUMBER, WHITE

if TYPE_CHECKING:
    from collections.abc import Sequence

Length = tuple[tuple[float, str], ...]
"""Terms of a sum, each a number with its unit: ``calc(50% - 1em)`` has two."""

UNITS_PX = {
    "": 1.0,
    "px": 1.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 96 / 25.4,
    "q": 96 / 101.6,
    "pt": 96 / 72,
    "pc": 16.0,
}
"""Absolute units in pixels, 96 to the inch."""
FONT_SHARES = {"em": 1.0, "ex": 0.5, "ch": 0.5}
"""Units relative to the font size. Source: CSS Values 4, 6.1.1, for fonts that cannot be measured."""
VIEWPORT_UNIT = re.compile("[sld]?v(w|h|min|max|i|b)")
LENGTH = re.compile(rf"[{WHITE}]*+({NUMBER})(%|[a-zA-Z]*)[{WHITE}]*+")
HORIZONTAL = ("x", "x1", "x2", "cx", "rx", "width")
"""Attributes whose percentages are of the viewport's width."""
VERTICAL = ("y", "y1", "y2", "cy", "ry", "height")
"""Attributes whose percentages are of the viewport's height."""


@dataclass(frozen=True, slots=True)
class Units:
    """Sizes that relative units resolve against, in user units.

    Parameters
    ----------
    width, height : float
        Size of the nearest viewport.
    window : pair of float
        Width and height of the whole page.
    font, root_font : float
        Font sizes of the element and of the root.
    """

    width: float
    height: float
    window: tuple[float, float]
    font: float = 16.0
    root_font: float = 16.0

    def resolve(self, length: Length, key: str = "") -> float:
        """Return a length in user units, possibly infinite; ``key`` decides what percentages refer to."""
        return math.fsum(value * self._unit(unit, key) for value, unit in length) if length else 0.0

    def _unit(self, unit: str, key: str) -> float:
        if unit in UNITS_PX:
            return UNITS_PX[unit]
        if unit == "%":
            return self.percentage_base(key) / 100
        if unit == "rem":
            return self.root_font
        if unit in FONT_SHARES:
            return self.font * FONT_SHARES[unit]
        width, height = self.window
        side = unit.lstrip("sld").removeprefix("v")
        return {"w": width, "i": width, "h": height, "b": height}.get(
            side, min(self.window) if side == "min" else max(self.window)
        ) / 100

    def percentage_base(self, key: str) -> float:
        """Return the length that is 100 % for an attribute."""
        if key in HORIZONTAL:
            return self.width
        if key in VERTICAL:
            return self.height
        return math.hypot(self.width, self.height) / math.sqrt(2)


@lru_cache(maxsize=1 << 14)
def parse_length(text: str) -> Length | None:
    """Parse a length with or without unit; return None if it is invalid."""
    match = LENGTH.fullmatch(text)
    if match:
        return _term(float(match[1]), match[2])
    if "(" not in text:
        return None
    from tinycss2 import parse_component_value_list

    return parse_length_tokens(parse_component_value_list(text, skip_comments=True))


def parse_length_tokens(tokens: Sequence[Any]) -> Length | None:
    """Parse a length from the tokens of CSS; return None if it is invalid."""
    values = [token for token in tokens if token.type != "whitespace"]
    if len(values) != 1:
        return None
    (token,) = values
    if token.type == "number":
        return _term(token.value, "")
    if token.type == "percentage":
        return _term(token.value, "%")
    if token.type == "dimension":
        return _term(token.value, token.lower_unit)
    if token.type == "function" and token.lower_name == "calc":
        return _sum([t for t in token.arguments if t.type != "comment"])
    return None


def _term(value: float, unit: str) -> Length | None:
    unit = unit.lower()
    is_unit = unit in UNITS_PX or unit in FONT_SHARES or unit in ("%", "rem") or VIEWPORT_UNIT.fullmatch(unit)
    return ((value, unit),) if is_unit and math.isfinite(value) else None


def _sum(tokens: Sequence[Any]) -> Length | None:
    """Parse the argument of ``calc``: sums of products. A sign is an operator if white space surrounds it."""
    total: list[tuple[float, str]] = []
    sign, term = 1.0, list[Any]()
    for token in [*tokens, None]:
        if token is not None and not (token.type == "literal" and token.value in "+-" and term):
            term.append(token)
            continue
        product = _product(term)
        if product is None:
            return None
        total += [(sign * value, unit) for value, unit in product]
        sign, term = (-1.0 if token is not None and token.value == "-" else 1.0), []
    return tuple(total)


def _product(tokens: Sequence[Any]) -> Length | None:
    """Parse factors: numbers, and at most one length."""
    values = [token for token in tokens if token.type != "whitespace"]
    product: Length = ((1.0, ""),)
    for i, token in enumerate(values):
        if i % 2:
            if token.type != "literal" or token.value not in "*/":
                return None
            continue
        is_bracket = token.type == "() block"
        factor = _sum(token.content) if is_bracket else parse_length_tokens([token])
        divided = i > 0 and values[i - 1].value == "/"
        product_or_none = None if factor is None else _times(product, factor, divided)
        if product_or_none is None:
            return None
        product = product_or_none
    return product if len(values) % 2 else None


def _times(a: Length, b: Length, divided: bool) -> Length | None:
    """Multiply or divide two factors, of which one is a plain number; return None for anything else."""
    if all(unit == "" for _, unit in b):
        number = math.fsum(value for value, _ in b)
        if divided and number == 0:
            return None
        number = 1 / number if divided else number
        return tuple((value * number, unit) for value, unit in a)
    if divided or any(unit != "" for _, unit in a):
        return None
    return _times(b, a, False)
