"""Widths of text, so that captions stay inside their cells. The font is the one that comes with Pillow."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from PIL import ImageFont

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

ELLIPSIS = "…"
DASHES_AND_CROSSES = str.maketrans(dict.fromkeys(range(0x2010, 0x2016), "-") | {0x2212: "-", 0xD7: "x"})


@lru_cache(maxsize=16)
def font(size_px: float) -> FreeTypeFont:
    """Return the font at ``size_px`` per em."""
    return cast("FreeTypeFont", ImageFont.load_default(size_px))


def width_px(text: str, size_px: float) -> float:
    """Return the width of a line of text in pixels."""
    return font(size_px).getlength(plain_letters(text))


def one_line(text: str) -> str:
    """Return a text on one line, without what cannot be printed."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def shortened(text: str, room_px: float, size_px: float) -> str:
    """Return a text cut to one line of ``room_px`` at most, with an ellipsis where text is missing."""
    text = one_line(text)
    if width_px(text, size_px) <= room_px:
        return text
    kept = len(text)
    while kept and width_px(text[:kept].rstrip() + ELLIPSIS, size_px) > room_px:
        kept -= 1
    return text[:kept].rstrip() + ELLIPSIS if kept else ""


def plain_letters(text: str) -> str:
    """Replace accented letters, dashes and crosses by letters of Pillow's font; other scripts stay."""
    return "".join(map(_plain, text.translate(DASHES_AND_CROSSES)))


def _plain(letter: str) -> str:
    base = "".join(c for c in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(c))
    return base if base.isascii() and letter != ELLIPSIS else letter
