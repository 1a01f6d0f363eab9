"""Lengths of SVG and CSS, and the sizes that relative ones are taken from."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from limner.strokes.svg_pen import NUMBER, WHITE

if TYPE_CHECKING:
    from collections.abc import Sequence

Length = tuple[tuple[float, str], ...]
"""Numbers with their units, to be added up: ``calc(50% - 1em)`` has two."""

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
FONT_SHARES = {"em": 1.0, "ex": 0.5, "ch": 0.5}
"""In sizes of the font. Source: CSS Values 4, 6.1.1, for fonts that cannot be measured."""
WINDOW = re.compile("[sld]?v(w|h|min|max|i|b)")
LENGTH = re.compile(rf"[{WHITE}]*+({NUMBER})(%|[a-zA-Z]*)[{WHITE}]*+")
ACROSS = ("x", "x1", "x2", "cx", "rx", "width")
DOWN = ("y", "y1", "y2", "cy", "ry", "height")


@dataclass(frozen=True, slots=True)
class Frame:
    """What relative lengths are taken from, in user units.

    Parameters
    ----------
    width, height : float
        Of the view port.
    window : pair of float
        Width and height of the whole page.
    font, root_font : float
        Sizes of the fonts here and at the root.
    """

    width: float
    height: float
    window: tuple[float, float]
    font: float = 16.0
    root_font: float = 16.0

    def measure(self, length: Length, key: str = "") -> float:
        """Return a length in user units; percentages are of what ``key`` counts along. It may be infinite."""
        return math.fsum(value * self._unit(unit, key) for value, unit in length) if length else 0.0

    def _unit(self, unit: str, key: str) -> float:
        if unit in UNITS_PX:
            return UNITS_PX[unit]
        if unit == "%":
            return self.whole(key) / 100
        if unit == "rem":
            return self.root_font
        if unit in FONT_SHARES:
            return self.font * FONT_SHARES[unit]
        width, height = self.window
        side = unit.lstrip("sld").removeprefix("v")
        return {"w": width, "i": width, "h": height, "b": height}.get(
            side, min(self.window) if side == "min" else max(self.window)
        ) / 100

    def whole(self, key: str) -> float:
        """Return what 100 % are along the direction of an attribute."""
        if key in ACROSS:
            return self.width
        if key in DOWN:
            return self.height
        return math.hypot(self.width, self.height) / math.sqrt(2)


@lru_cache(maxsize=1 << 14)
def parse_length(text: str) -> Length | None:
    """Read a length with or without unit; None if it is none."""
    match = LENGTH.fullmatch(text)
    if match:
        return _length(float(match[1]), match[2])
    if "(" not in text:
        return None
    from tinycss2 import parse_component_value_list

    return length_of(parse_component_value_list(text, skip_comments=True))


def length_of(tokens: Sequence[Any]) -> Length | None:
    """Read a length out of the tokens of CSS; None if it is none."""
    found = [token for token in tokens if token.type != "whitespace"]
    if len(found) != 1:
        return None
    (token,) = found
    if token.type == "number":
        return _length(token.value, "")
    if token.type == "percentage":
        return _length(token.value, "%")
    if token.type == "dimension":
        return _length(token.value, token.lower_unit)
    if token.type == "function" and token.lower_name == "calc":
        return _sum([t for t in token.arguments if t.type != "comment"])
    return None


def _length(value: float, unit: str) -> Length | None:
    unit = unit.lower()
    is_unit = unit in UNITS_PX or unit in FONT_SHARES or unit in ("%", "rem") or WINDOW.fullmatch(unit)
    return ((value, unit),) if is_unit and math.isfinite(value) else None


def _sum(tokens: Sequence[Any]) -> Length | None:
    """Read what stands in ``calc``: sums of products. A sign is one if white space stands around it."""
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
    """Read factors: numbers, and at most one length."""
    found = [token for token in tokens if token.type != "whitespace"]
    product: Length = ((1.0, ""),)
    for i, token in enumerate(found):
        if i % 2:
            if token.type != "literal" or token.value not in "*/":
                return None
            continue
        is_bracket = token.type == "() block"
        factor = _sum(token.content) if is_bracket else length_of([token])
        divided = i > 0 and found[i - 1].value == "/"
        product_or_none = None if factor is None else _times(product, factor, divided)
        if product_or_none is None:
            return None
        product = product_or_none
    return product if len(found) % 2 else None


def _times(a: Length, b: Length, divided: bool) -> Length | None:
    if all(unit == "" for _, unit in b):
        number = math.fsum(value for value, _ in b)
        if divided and number == 0:
            return None
        number = 1 / number if divided else number
        return tuple((value * number, unit) for value, unit in a)
    if divided or any(unit != "" for _, unit in a):
        return None
    return _times(b, a, False)
