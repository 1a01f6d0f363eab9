"""``scan``: a picture of a drawing in, the strokes of the hand out.

Letters: ``H`` and ``W`` of the picture.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from skimage.morphology import skeletonize

from limner.errors import DataError
from limner.scan.binarise import pen_width
from limner.scan.centre import centred
from limner.scan.clean import Cleaned, cleaned, without_marks
from limner.scan.gaps import bridged
from limner.scan.graph import pixel_graph
from limner.scan.junctions import Junctions
from limner.scan.knots import MOST_KNOTS, MOST_SINGLE_KNOTS, check_knots, count_knots
from limner.scan.look import Sight, look
from limner.scan.notes import notes_on
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
    from numpy.typing import ArrayLike, NDArray

    from limner.scan.graph import Points
    from limner.scan.settings import ScanSettings

    Grey = NDArray[np.float32]
    Mask = NDArray[np.bool_]


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
        If a file cannot be read, is too large, the page is blank, or holds too much to be followed.
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
    sight = look(grey, ruling=settings.ruling, name=name)
    page = pick(sight, drop_marks=settings.drop_marks, name=name)
    followed = Thinned(page, sight, name=name).follow(single_line=settings.single_line)
    drawing = followed.drawing(settings.tolerance_px, settings.shortest_px)
    return ScanResult(
        drawing=drawing,
        width=grey.shape[1],
        height=grey.shape[0],
        pen_px=followed.pen_px,
        method=sight.ink.method,
        seconds=time.perf_counter() - began,
        ruling=sight.ruling,
        warnings=notes_on(sight, page, followed.filled, len(drawing)),
    )


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


def pick(
    sight: Sight, *, pen: float = 1.0, drop_marks: bool = False, name: str, most_knots: int = MOST_KNOTS
) -> Cleaned:
    """Take away what is no drawing; see :func:`limner.scan.clean.cleaned`.

    Parameters
    ----------
    pen : float
        The pen counts as so many times as wide as it looks.

    Raises
    ------
    DataError
        If nothing is left, or more pieces than knots are followed.
    """
    page = cleaned(sight.ink, sight.dark, pen * pen_width(sight.ink.mask))
    if not page.parts:
        raise DataError(f"{name} holds no drawing: there are only specks.")
    check_knots(page.parts, most_knots, name=name, photograph=sight.photograph)
    return without_marks(page) if drop_marks else page


class Thinned:
    """The middle of the ink, one pixel wide.

    Parameters
    ----------
    page : Cleaned
    sight : Sight
        What the page was picked from.
    pen : float
        As for :func:`pick`.
    name : str
        Of the page.
    most_knots : int
        Pixels in which lines end or meet that are followed at most.

    Raises
    ------
    DataError
        If there are more.
    """

    def __init__(
        self, page: Cleaned, sight: Sight, pen: float = 1.0, *, name: str, most_knots: int = MOST_KNOTS
    ) -> None:
        part = inked_part(page.mask, ceil(2 * pen_width(page.mask)))
        self.lines = skeletonize(page.mask[part])
        self._knots, self._name = count_knots(self.lines), name
        check_knots(self._knots, most_knots, name=name, photograph=sight.photograph)
        self._widths = Widths(page.mask[part], self.lines)
        self._widths.pen_px *= pen
        self._dark, self._factor = sight.dark[part], sight.factor
        self._corner = np.array([part[1].start, part[0].start])

    def follow(self, *, single_line: bool = False) -> Followed:
        """Follow the lines; see :func:`trace`.

        Raises
        ------
        DataError
            If there is too much for a single line.
        """
        if single_line:
            check_knots(self._knots, MOST_SINGLE_KNOTS, name=self._name, single=True)
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
