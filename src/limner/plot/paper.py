"""Paper sizes and lengths with units, as people type them: ``A4``, ``200x300mm``, ``0.5in``, ``3m``."""

from __future__ import annotations

import math
import re

MM_PER_UNIT = {"mm": 1.0, "cm": 10.0, "m": 1000.0, "in": 25.4}
"""Millimetres of each unit of length."""
SIZES_MM: dict[str, tuple[float, float]] = {
    "A2": (420, 594), "A3": (297, 420), "A4": (210, 297), "A5": (148, 210), "A6": (105, 148),
    "letter": (215.9, 279.4), "legal": (215.9, 355.6), "tabloid": (279.4, 431.8),
}  # fmt: skip
"""Width and height of each paper, upright: ISO 216 and ANSI Y14.1."""
LARGEST_MM = 5000.0
"""Longest side of a paper."""
_LENGTH = re.compile(r"\s*(\d+(?:\.\d*)?|\.\d+)\s*(mm|cm|m|in)?\s*")
_SIZE = re.compile(r"\s*(\d+(?:\.\d*)?|\.\d+)\s*[x×]\s*(\d+(?:\.\d*)?|\.\d+)\s*(mm|cm|in)\s*")  # noqa: RUF001


def length_mm(text: str) -> float:
    """Return a length in millimetres.

    Parameters
    ----------
    text : str
        A number from 0 and ``mm``, ``cm``, ``m`` or ``in``; millimetres if there is no unit.

    Raises
    ------
    ValueError
        If it is none.
    """
    found = _LENGTH.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no length; write 15mm, 1.5cm, 3m or 0.5in.")
    return float(found[1]) * MM_PER_UNIT[found[2] or "mm"]


def paper_mm(size: str) -> tuple[float, float]:
    """Return width and height of a paper in millimetres.

    Parameters
    ----------
    size : str
        A key of :data:`SIZES_MM` in upper or lower case, or ``WxHmm``, ``WxHcm`` or ``WxHin``.

    Raises
    ------
    ValueError
        If it is none, or a side is not above 0 and at most :data:`LARGEST_MM`.
    """
    for name, sides in SIZES_MM.items():
        if size.lower() == name.lower():
            return sides
    found = _SIZE.fullmatch(size)
    if found is None:
        raise ValueError(f"a page is {', '.join(SIZES_MM)}, WxHmm or WxHin, not {size!r}.")
    width, height = (float(side) * MM_PER_UNIT[found[3]] for side in found.groups()[:2])
    if not 0 < min(width, height) <= max(width, height) <= LARGEST_MM:
        raise ValueError(f"a page is above 0 and at most {LARGEST_MM:g} mm long, not {size}.")
    return width, height


def is_named(size: str) -> bool:
    """Return whether a size is that of a sheet that may be turned, not one of given width and height."""
    return any(size.lower() == name.lower() for name in SIZES_MM)


def whole_or_tenths(length: float) -> str:
    """Write a length in millimetres to a tenth, without a trailing zero."""
    return f"{math.floor(length * 10 + 0.5) / 10:g}"
