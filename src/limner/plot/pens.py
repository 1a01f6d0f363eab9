"""Pens of a plotter, and AxiDraw's codes in names of layers: pause, speed, height and delay."""

from __future__ import annotations

import re
from typing import NamedTuple

from limner.render.style import STROKE_INKS, Colour, parse_colour

_CODE = re.compile(r"\+([SHD])(\d{1,5})")
_LIMITS = {"S": (1, 100), "H": (0, 100), "D": (0, 10_000)}
"""Smallest and largest value of a code: percent of the speed, percent of the height, milliseconds."""


class Pen(NamedTuple):
    """A pen of the plotter, by its name and the colour that represents it on the screen.

    Parameters
    ----------
    name : str
    colour : Colour
    codes : str
        AxiDraw's codes for its layer: ``+S30`` draws at 30 % of the highest speed, ``+H40`` lowers the pen to
        40 % of the height, ``+D500`` waits for half a second before.
    pause : bool
        Whether the plotter waits for somebody before this pen, even if it is the first one.
    """

    name: str
    colour: Colour
    codes: str = ""
    pause: bool = False

    @property
    def speed(self) -> int | None:
        """Return the speed in percent, if a code says so."""
        found = dict(_CODE.findall(self.codes)).get("S")
        return None if found is None else int(found)


BLACK = Pen("black", Colour(0, 0, 0))
"""The only pen of a page, unless others are given."""
PENS = tuple(Pen(f"pen {k + 1}", parse_colour(ink)) for k, ink in enumerate(STROKE_INKS))
"""A pen for each ink of ``colour_by="stroke"``."""


def parse_pen(text: str) -> Pen:
    """Return the pen that a text describes: ``COLOUR``, ``NAME=COLOUR``, and codes behind: ``red+S30+H40!``.

    Raises
    ------
    ValueError
        If the colour or a code is unknown, or a value is out of range.
    """
    pause = text.endswith("!")
    before, plus, after = text.removesuffix("!").partition("+")
    codes = plus + after
    found = _CODE.findall(codes)
    if "".join(f"+{code}{value}" for code, value in found) != codes:
        raise ValueError(
            f"{codes!r} behind a pen is no code; write +S30 (speed), +H40 (height), +D500 (delay)."
        )
    for code, value in found:
        low, high = _LIMITS[code]
        if not low <= int(value) <= high:
            raise ValueError(f"+{code} takes {low} to {high}, not {value}.")
    name, named, colour = before.rpartition("=")
    if named and not name.strip():
        raise ValueError(f"the pen {text!r} has no name before its =.")
    return Pen((name if named else colour).strip(), parse_colour(colour.strip()), codes, pause)


def layer_name(number: int, pen: Pen, pause: bool) -> str:
    """Return the name of a layer that AxiDraw's software reads: ``!2+S30 red``.

    The number is that of the layer; ``!`` waits for somebody before it, so that pens can be changed.
    """
    return f"{'!' if pause else ''}{number}{pen.codes} {pen.name}"
