"""``scan``: a picture of a drawing in, the strokes of the hand out.

Letters: ``H`` and ``W`` of the picture.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from math import ceil, pi
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from skimage.morphology import skeletonize

from limner.errors import DataError
from limner.scan.binarise import find_ink
from limner.scan.centre import centred
from limner.scan.clean import Cleaned, cleaned
from limner.scan.gaps import bridged
from limner.scan.graph import pixel_graph
from limner.scan.junctions import Junctions
from limner.scan.paper import darkness
from limner.scan.picture import grey_of_array, grey_of_image, read_pages
from limner.scan.result import ScanResult
from limner.scan.retrace import link_retraced
from limner.scan.settings import DEFAULT_SETTINGS
from limner.scan.spurs import prune_spurs
from limner.scan.trace import chain, with_dots
from limner.scan.widths import Widths
from limner.strokes.drawing import Drawing
from limner.strokes.filters import without_short
from limner.strokes.order import ordered
from limner.strokes.simplify import simplify_strokes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    from limner.scan.binarise import Ink
    from limner.scan.graph import Points
    from limner.scan.settings import ScanSettings

    Grey = NDArray[np.float32]
    Mask = NDArray[np.bool_]

FINE_PEN_PX = 3.0
"""Lines thinner than this are looked at enlarged, ..."""

MOST_ENLARGED = 3
MOST_PIXELS = 4_000_000
"""... as far as the page stays below this many pixels."""

MANY_STROKES = 2000
"""From here on it is asked whether the picture is one of lines."""


def scan(
    image: str | Path | Image.Image | ArrayLike, settings: ScanSettings = DEFAULT_SETTINGS
) -> ScanResult:
    """Read a picture of a drawing as the strokes that the hand made.

    Parameters
    ----------
    image : path, Pillow image or array of shape ``(H, W)``, ``(H, W, 3)`` or ``(H, W, 4)``
        Dark lines on light paper or the other way round. Of a TIFF of several pages the first is read.
    settings : ScanSettings

    Returns
    -------
    ScanResult
        Its drawing is in pixels of the upright picture; the first pixel's centre is (0.5, 0.5).

    Raises
    ------
    DataError
        If a file cannot be read, is too large, or the page is blank.
    ValueError
        If an array is of another shape, or holds what is no finite number.
    """
    if isinstance(image, (str, Path)):
        path = Path(image)
        return scan_grey(next(read_pages(path)), settings, name=path.name)
    grey = grey_of_image(image) if isinstance(image, Image.Image) else grey_of_array(image)
    return scan_grey(grey, settings, name="The picture")


def scan_grey(grey: Grey, settings: ScanSettings = DEFAULT_SETTINGS, *, name: str) -> ScanResult:
    """Read a page from 0 (black) to 255 (white), of shape ``(H, W)``; see :func:`scan`.

    Parameters
    ----------
    name : str
        Begins the sentence about a page that is refused.
    """
    began = time.perf_counter()
    sight = look(grey, name=name)
    page = pick(sight, drop_marks=settings.drop_marks, name=name)
    followed = Thinned(page, sight).follow(single_line=settings.single_line)
    drawing = followed.drawing(settings.tolerance_px, settings.shortest_px)
    return ScanResult(
        drawing=drawing,
        width=grey.shape[1],
        height=grey.shape[0],
        pen_px=followed.pen_px,
        method=sight.ink.method,
        seconds=time.perf_counter() - began,
        warnings=notes_on(page, followed.filled, len(drawing)),
    )


@dataclass(frozen=True)
class Sight:
    """A page as it is looked at: fine lines enlarged, ink told from paper."""

    dark: Grey
    """Of shape ``(factor H, factor W)``, as :func:`limner.scan.paper.darkness` gives it."""
    ink: Ink
    factor: int
    """How many times larger than the picture."""


@dataclass(frozen=True)
class Followed:
    """The lines of a page."""

    strokes: list[Points]
    """In pixels of the picture."""
    pen_px: float
    filled: int
    """Number of filled areas."""

    def drawing(self, tolerance_px: float, shortest_px: float) -> Drawing:
        """Simplify the lines, leave out short ones, and put the rest in order."""
        strokes = simplify_strokes(self.strokes, tolerance_px)
        return ordered(without_short(Drawing.from_polylines(strokes), shortest_px))


def look(grey: Grey, *, strictness: float = 1.0, name: str) -> Sight:
    """Tell ink from paper; see :func:`scan_grey`.

    Parameters
    ----------
    strictness : float
        See :func:`limner.scan.binarise.find_ink`.

    Raises
    ------
    DataError
        If the page is blank.
    """
    dark = darkness(grey)
    ink = find_ink(dark, strictness=strictness)
    if ink is None:
        raise DataError(f"{name} is blank: all of the page has one tone.")
    factor = enlargement(pen_width(ink.mask), dark.size)
    if factor > 1:
        larger = _enlarged(dark, factor)
        finer = find_ink(larger, ink.method, strictness=strictness)
        if finer is not None:
            return Sight(larger, finer, factor)
    return Sight(dark, ink, 1)


def pick(sight: Sight, *, pen: float = 1.0, drop_marks: bool = False, name: str) -> Cleaned:
    """Take away what is no drawing; see :func:`limner.scan.clean.cleaned`.

    Parameters
    ----------
    pen : float
        The pen counts as so many times as wide as it looks.

    Raises
    ------
    DataError
        If nothing is left.
    """
    page = cleaned(sight.ink, sight.dark, pen * pen_width(sight.ink.mask), drop_marks=drop_marks)
    if not page.mask.any():
        raise DataError(f"{name} holds no drawing: there are only specks.")
    return page


class Thinned:
    """The middle of the ink, one pixel wide.

    Parameters
    ----------
    page : Cleaned
    sight : Sight
        What the page was picked from.
    pen : float
        As for :func:`pick`.
    """

    def __init__(self, page: Cleaned, sight: Sight, pen: float = 1.0) -> None:
        part = inked_part(page.mask, ceil(2 * pen_width(page.mask)))
        self.lines = skeletonize(page.mask[part])
        self._widths = Widths(page.mask[part], self.lines)
        self._widths.pen_px *= pen
        self._dark, self._factor = sight.dark[part], sight.factor
        self._corner = np.array([part[1].start, part[0].start])

    def follow(self, *, single_line: bool = False) -> Followed:
        """Follow the lines; see :func:`trace`."""
        strokes = trace(self.lines, self._dark, self._widths, single_line=single_line)
        found = [(stroke + self._corner) / self._factor for stroke in strokes]
        return Followed(found, self._widths.pen_px / self._factor, self._widths.filled)


def trace(thin: Mask, dark: Grey, widths: Widths, *, single_line: bool = False) -> list[Points]:
    """Give the lines of a thinned page as the hand drew them.

    Parameters
    ----------
    thin : bool array of shape ``(H, W)``
    dark : float32 array of shape ``(H, W)``
        Darkness of the page, for the middle of the ink.
    widths : Widths
        Of the ink that was thinned.
    single_line : bool
        Whether each connected figure is one line.
    """
    pen = widths.pen_px
    graph = pixel_graph(thin)
    junctions = Junctions(graph, widths)
    prune_spurs(graph, junctions.radius, junctions.is_cusp)
    reading = junctions.read()
    link_retraced(graph, junctions, reading)
    if single_line:
        from limner.scan.route import Router  # networkx is slow to load

        Router(graph, junctions, reading).run()
    lines = chain(graph, reading, pen)
    return bridged(with_dots(lines, centred(lines, dark, pen), pen), dark, pen)


def inked_part(mask: Mask, margin_px: int) -> tuple[slice, slice]:
    """Give the rows and columns between which all ink lies, with a margin where there is room for one."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    top, left = (max(0, int(line[0]) - margin_px) for line in (rows, columns))
    return slice(top, int(rows[-1]) + margin_px + 1), slice(left, int(columns[-1]) + margin_px + 1)


def pen_width(mask: Mask) -> float:
    """Estimate the width of the pen: area of the ink over half the length of its rim.

    The rim of a line at any slant has, by rows and columns, 4 / pi times its length.
    """
    rim = int(np.count_nonzero(mask[1:] != mask[:-1]) + np.count_nonzero(mask[:, 1:] != mask[:, :-1]))
    return 8 / pi * int(np.count_nonzero(mask)) / max(rim, 1)


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


def notes_on(page: Cleaned, filled: int, n_strokes: int) -> tuple[str, ...]:
    """Say what was left out of a page, and what could not be read well."""
    return tuple(_notes(page, filled, n_strokes))


def _notes(page: Cleaned, filled: int, n_strokes: int) -> Iterator[str]:
    if page.edges:
        yield f"left out {_count(page.edges, 'band')} along the edge of the page"
    if page.marks:
        yield f"left out {_count(page.marks, 'small mark')} far from the drawing"
    if page.specks:
        yield f"left out {_count(page.specks, 'speck')}"
    if filled:
        yield f"{_count(filled, 'filled area')}, read along the middle, not along the outline"
    if n_strokes > MANY_STROKES:
        yield f"{n_strokes} strokes: is this a drawing of lines?"


def _count(n: int, thing: str) -> str:
    return f"{n} {thing}{'' if n == 1 else 's'}"
