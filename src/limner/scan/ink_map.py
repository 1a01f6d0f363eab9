"""``InkMap``: the ink of a page; halftones are smoothed, ruling is erased, pages of fine lines are enlarged.

Letters: ``H`` and ``W`` of the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PIL import Image

from limner.errors import DataError
from limner.scan.binarize import FAINTEST, find_ink, pen_width
from limner.scan.halftone import halftone_spacing, is_photograph, smooth_halftone, smoothing_px
from limner.scan.paper import darkness
from limner.scan.ruling import erase_ruling
from limner.scan.settings import InkSettings

if TYPE_CHECKING:
    from limner.scan.binarize import Ink, Method
    from limner.scan.page import GreyPage
    from limner.scan.ruling import Ruling
    from limner.scan.thresholds import Dark

FINE_PEN_PX = 3.0
"""Pages of thinner lines are enlarged: the skeleton of lines of one or two pixels is jagged."""

MAX_ENLARGEMENT = 3
"""Factor by which a page is enlarged at most, ..."""

MAX_ENLARGED_PIXELS = 4_000_000
"""... and the pixels that it then has at most."""

RESIDUE = 0.75
"""What is left of erased ruling is fainter than this share of it."""


@dataclass(frozen=True)
class InkMap:
    """Where the ink of a page is."""

    page: GreyPage
    dark: Dark
    """Of shape ``(factor H, factor W)``, as :func:`limner.scan.paper.darkness` returns it."""
    ink: Ink
    factor: int
    """How many times larger than the page the map is."""
    ruling: Ruling | None = None
    """What was printed on the paper, and was erased."""
    halftone: bool = False
    """Whether the page was a halftone, and was smoothed."""
    photograph: bool = False
    """Whether the page is full of tones."""


class _BarePage(NamedTuple):
    """Darkness of a page without halftone and ruling."""

    dark: Dark
    ruling: Ruling | None
    blur_px: float
    """Standard deviation of the filter that smoothed a halftone, 0 where there was none."""
    photograph: bool


def map_ink(page: GreyPage, settings: InkSettings = InkSettings()) -> InkMap:  # noqa: B008 - it is frozen
    """Separate ink from paper.

    Parameters
    ----------
    page : GreyPage
    settings : InkSettings

    Raises
    ------
    DataError
        If there is no ink on the page.
    """
    bare = _bare_page(page, settings)
    faintest = max(FAINTEST, RESIDUE * bare.ruling.shade) if bare.ruling else FAINTEST
    method: Method | None = "otsu" if bare.blur_px else None
    ink = find_ink(bare.dark, method, strictness=settings.strictness, faintest=faintest, blur_px=bare.blur_px)
    if ink is None:
        raise DataError(_why_blank(page.name, bare))
    dark = bare.dark
    factor = enlargement(pen_width(ink.mask), dark.size)
    if factor > 1:
        larger = _enlarged(dark, factor)
        blur_px = factor * bare.blur_px
        finer = find_ink(
            larger, ink.method, strictness=settings.strictness, faintest=faintest, blur_px=blur_px
        )
        if finer is not None:
            dark, ink = larger, finer
    factor = dark.shape[0] // page.grey.shape[0]
    return InkMap(page, dark, ink, factor, bare.ruling, bare.blur_px > 0, bare.photograph)


def _bare_page(page: GreyPage, settings: InkSettings) -> _BarePage:
    """Return the darkness of a page, halftones smoothed and ruling erased."""
    dark, blur_px = darkness(page.grey), 0.0
    spacing = halftone_spacing(dark)
    if spacing is not None and not is_photograph(dark):
        blur_px = smoothing_px(spacing)
        dark = darkness(smooth_halftone(page.grey, spacing))
    ruling = None
    if settings.ruling == "auto":
        dark, ruling = erase_ruling(dark)
    return _BarePage(dark, ruling, blur_px, is_photograph(dark))


def _why_blank(name: str, bare: _BarePage) -> str:
    """Return the sentence about a page on which no ink was found."""
    if bare.photograph:
        return f"{name} looks like a photograph, and only drawings of lines are read."
    if bare.ruling:
        kept = "ask for its ruling to be kept if that is the drawing"
        return f"{name} is blank but for {bare.ruling}; {kept}."
    if bare.blur_px:
        return f"{name} is blank: all of the page is one fine pattern."
    return f"{name} is blank: all of the page has one tone."


def enlargement(pen_px: float, n_pixels: int) -> int:
    """Return the factor by which a page of so many pixels, with a pen of that width, is enlarged."""
    factor = min(MAX_ENLARGEMENT, ceil(FINE_PEN_PX / pen_px))
    while factor > 1 and n_pixels * factor * factor > MAX_ENLARGED_PIXELS:
        factor -= 1
    return max(1, factor)


def _enlarged(dark: Dark, factor: int) -> Dark:
    height, width = dark.shape
    size = (width * factor, height * factor)
    return np.array(Image.fromarray(dark).resize(size, Image.Resampling.BICUBIC), dtype=np.float32)
