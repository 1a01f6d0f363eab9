"""A page as it is looked at: halftones smoothed, ruling taken out, fine lines enlarged, ink told from paper.

Letters: ``H`` and ``W`` of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from limner.errors import DataError
from limner.scan.binarise import FAINTEST, find_ink, pen_width
from limner.scan.paper import darkness
from limner.scan.ruling import without_ruling
from limner.scan.settings import DEFAULT_SETTINGS
from limner.scan.tones import halftone_spacing, is_photograph, smoothed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.scan.binarise import Ink
    from limner.scan.ruling import Ruling
    from limner.scan.settings import RulingChoice

    Grey = NDArray[np.float32]

FINE_PEN_PX = 3.0
"""Lines thinner than this are looked at enlarged, ..."""

MOST_ENLARGED = 3
MOST_PIXELS = 4_000_000
"""... as far as the page stays below this many pixels."""


RESIDUE = 0.75
"""What is left of ruling is fainter than this share of it."""


@dataclass(frozen=True)
class Sight:
    """A page as it is looked at."""

    dark: Grey
    """Of shape ``(factor H, factor W)``, as :func:`limner.scan.paper.darkness` returns it."""
    ink: Ink
    factor: int
    """How many times larger than the picture."""
    ruling: Ruling | None = None
    """What was printed on the paper, and was taken out."""
    halftone: bool = False
    """Whether the page was a halftone, and was smoothed."""
    photograph: bool = False
    """Whether the page is full of tones."""


def look(
    grey: Grey, *, strictness: float = 1.0, ruling: RulingChoice = DEFAULT_SETTINGS.ruling, name: str
) -> Sight:
    """Tell ink from paper.

    Parameters
    ----------
    grey : float32 array of shape ``(H, W)``
        From 0 (black) to 255 (white).
    strictness : float
        See :func:`limner.scan.binarise.find_ink`.
    ruling : {"auto", "keep"}
        See :class:`limner.scan.settings.ScanSettings`.
    name : str
        Begins the sentence about a page that is refused.

    Raises
    ------
    DataError
        If there is no ink on the page.
    """
    dark = darkness(grey)
    spacing = halftone_spacing(dark)
    if spacing is not None and is_photograph(dark):
        spacing = None
    if spacing is not None:
        dark = darkness(smoothed(grey, spacing))
    halftone = spacing is not None
    printed = None
    if ruling == "auto":
        dark, printed = without_ruling(dark)
    photograph = is_photograph(dark)
    faintest = max(FAINTEST, RESIDUE * printed.shade) if printed else FAINTEST
    ink = find_ink(dark, "otsu" if halftone else None, strictness=strictness, faintest=faintest)
    if ink is None:
        raise DataError(_why_nothing(name, printed, halftone=halftone, photograph=photograph))
    factor = enlargement(pen_width(ink.mask), dark.size)
    if factor > 1:
        larger = _enlarged(dark, factor)
        finer = find_ink(larger, ink.method, strictness=strictness, faintest=faintest)
        if finer is not None:
            dark, ink = larger, finer
    return Sight(dark, ink, dark.shape[0] // grey.shape[0], printed, halftone, photograph)


def _why_nothing(name: str, ruling: Ruling | None, *, halftone: bool, photograph: bool) -> str:
    """Return the sentence about a page on which no ink was found."""
    if photograph:
        return f"{name} looks like a photograph, and only drawings of lines are read."
    if ruling:
        return f"{name} is blank but for {ruling}; ask for its ruling to be kept if that is the drawing."
    if halftone:
        return f"{name} is blank: all of the page is one fine pattern."
    return f"{name} is blank: all of the page has one tone."


def enlargement(pen_px: float, n_pixels: int) -> int:
    """Tell how many times larger a page is looked at."""
    factor = min(MOST_ENLARGED, ceil(FINE_PEN_PX / pen_px))
    while factor > 1 and n_pixels * factor * factor > MOST_PIXELS:
        factor -= 1
    return max(1, factor)


def _enlarged(dark: Grey, factor: int) -> Grey:
    height, width = dark.shape
    size = (width * factor, height * factor)
    return np.array(Image.fromarray(dark).resize(size, Image.Resampling.BICUBIC), dtype=np.float32)
