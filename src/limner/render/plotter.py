"""Pages for pen plotters: SVG in millimetres, one layer per pen, the strokes in an order that saves travel.

Layers are Inkscape's groups, with names that start with a number, which AxiDraw's software reads as the
number of the pen. Lengths are millimetres unless their name says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypedDict
from xml.sax.saxutils import escape

import numpy as np

from limner.errors import LimnerError
from limner.files import write_text
from limner.render.layout import Box, place
from limner.render.lettering import one_line
from limner.render.options import PageSize
from limner.render.style import STROKE_INKS, Colour, parse_colour
from limner.strokes.drawing import Drawing
from limner.strokes.order import ordered
from limner.strokes.svg.writer import number, path_data

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Unpack

    from limner.strokes.drawing import Stroke

SIZES_MM: dict[PageSize, tuple[int, int]] = {
    "A3": (297, 420), "A4": (210, 297), "A5": (148, 210), "A6": (105, 148),
}  # fmt: skip
"""Width and height of each paper, upright."""
UNITS_PER_MM = 100
"""Boxes are whole numbers: pages are laid out in hundredths of a millimetre."""
GAP_SHARE = 0.08
"""Space between the cells of several drawings, as a share of a cell's shorter side."""
INKSCAPE = "http://www.inkscape.org/namespaces/inkscape"
"""Namespace of the attributes that make a group a layer."""


class Pen(NamedTuple):
    """A pen of the plotter, by its name and the colour that represents it on the screen."""

    name: str
    colour: Colour


BLACK = Pen("black", Colour(0, 0, 0))
"""The only pen of a page, unless others are given."""
PENS = tuple(Pen(f"pen {k + 1}", parse_colour(ink)) for k, ink in enumerate(STROKE_INKS))
"""A pen for each ink of ``colour_by="stroke"``."""


@dataclass(frozen=True, slots=True)
class PlotPage:
    """A sheet of paper.

    Parameters
    ----------
    size : {"A3", "A4", "A5", "A6"}
    landscape : bool, optional
        Whether the page lies on its long side; unless given, whichever lets the drawings be larger.
    margin_mm : float
        Space that stays free on every side.
    pen_mm : float
        Width of the pens.
    reorder : bool
        Whether the strokes of each pen are sorted and reversed so that the pen travels little.

    Raises
    ------
    ValueError
        If the size is unknown, or the margin or the pen leave no room.
    """

    size: PageSize = "A4"
    landscape: bool | None = None
    margin_mm: float = 15.0
    pen_mm: float = 0.4
    reorder: bool = True

    def __post_init__(self) -> None:
        if self.size not in SIZES_MM:
            raise ValueError(f"a page is A3, A4, A5 or A6, not {self.size!r}.")
        if not 0 < self.pen_mm <= 5:
            raise ValueError(f"a pen is above 0 and at most 5 mm wide, not {self.pen_mm}.")
        if not 0 <= self.margin_mm <= 0.4 * SIZES_MM[self.size][0]:
            raise ValueError(f"a margin of {self.margin_mm} mm leaves no room on {self.size}.")


class PlotOptions(TypedDict, total=False):
    """The options of a plotter page; all of them may be left out.

    Parameters
    ----------
    page : PlotPage
        A4 unless given.
    pens : sequence of Pen
        :data:`BLACK` alone unless given.
    pen_of : sequence of sequences of int, optional
        For each stroke of each drawing the index of its pen; the first pen for all unless given.
    title : str
    """

    page: PlotPage
    pens: Sequence[Pen]
    pen_of: Sequence[Sequence[int]] | None
    title: str


def plot_to_svg(drawings: Sequence[Drawing], **options: Unpack[PlotOptions]) -> str:
    """Lay drawings out on one page, as large as they fit, several of them in rows.

    Parameters
    ----------
    drawings : sequence of Drawing
        At least one.
    **options
        See :class:`PlotOptions`.

    Returns
    -------
    str
        An SVG document whose units are millimetres.

    Raises
    ------
    ValueError
        If there is no drawing, or ``pen_of`` does not fit the strokes or the pens.
    """
    page, pens, pen_of = options.get("page", PlotPage()), options.get("pens", (BLACK,)), options.get("pen_of")
    if not drawings:
        raise ValueError("A page needs at least one drawing.")
    if pen_of is None:
        pen_of = [[0] * len(drawing) for drawing in drawings]
    _check_pens(drawings, pen_of, len(pens))
    width, height, boxes = _plan(drawings, page)
    strokes = _strokes_of_pens(drawings, pen_of, boxes, page)
    layers = [(pens[k], _sorted(strokes[k], page)) for k in sorted(strokes)]
    return "\n".join(_document(width, height, layers, page.pen_mm, options.get("title", ""))) + "\n"


def plot(drawings: Sequence[Drawing], out: str | Path, **options: Unpack[PlotOptions]) -> Path:
    """Write a page for a plotter: SVG in millimetres; see :func:`plot_to_svg`.

    Returns
    -------
    Path
        ``out``.

    Raises
    ------
    LimnerError
        If the suffix is not ``.svg``, or the file cannot be written.
    ValueError
        As :func:`plot_to_svg`.
    """
    path = Path(out)
    if path.suffix.lower() != ".svg":
        raise LimnerError(f"Cannot write {path}: a page for a plotter is an .svg file.")
    write_text(path, plot_to_svg(drawings, **options))
    return path


def _strokes_of_pens(
    drawings: Sequence[Drawing], pen_of: Sequence[Sequence[int]], boxes: Sequence[Box], page: PlotPage
) -> dict[int, list[Stroke]]:
    """Return the strokes of each pen, placed in their boxes, in millimetres."""
    strokes: dict[int, list[Stroke]] = {}
    for drawing, pens, box in zip(drawings, pen_of, boxes, strict=True):
        placed = place(drawing, box, page.pen_mm * UNITS_PER_MM, 0.0)
        for stroke, pen in zip(placed, pens, strict=True):
            strokes.setdefault(pen, []).append(stroke / np.float32(UNITS_PER_MM))
    return strokes


def _check_pens(drawings: Sequence[Drawing], pen_of: Sequence[Sequence[int]], n_pens: int) -> None:
    if [len(pens) for pens in pen_of] != [len(drawing) for drawing in drawings]:
        raise ValueError("pen_of must name a pen for each stroke of each drawing.")
    if any(not 0 <= pen < n_pens for pens in pen_of for pen in pens):
        raise ValueError(f"pen_of must hold indices of {n_pens} pens.")


def _plan(drawings: Sequence[Drawing], page: PlotPage) -> tuple[int, int, list[Box]]:
    """Choose the orientation and the number of columns; return the size of the page in mm and the boxes."""
    short, long = SIZES_MM[page.size]
    orientations = (False, True) if page.landscape is None else (page.landscape,)
    plans = []
    for landscape in orientations:
        width, height = (long, short) if landscape else (short, long)
        for columns in range(1, len(drawings) + 1):
            boxes = _boxes(len(drawings), columns, width, height, page.margin_mm)
            plans.append((_smallest_scale(drawings, boxes), -columns, width, height, boxes))
    _, _, width, height, boxes = max(plans, key=lambda plan: plan[:2])
    return width, height, boxes


def _boxes(n: int, columns: int, width: int, height: int, margin_mm: float) -> list[Box]:
    rows = ceil(n / columns)
    room_x, room_y = ((side - 2 * margin_mm) * UNITS_PER_MM for side in (width, height))
    gap = 0.0 if n == 1 else GAP_SHARE * min(room_x / columns, room_y / rows)
    cell_x, cell_y = (room_x + gap) / columns, (room_y + gap) / rows
    left = top = margin_mm * UNITS_PER_MM
    return [
        Box(round(left + (k % columns) * cell_x), round(top + (k // columns) * cell_y),
            max(1, int(cell_x - gap)), max(1, int(cell_y - gap)))
        for k in range(n)
    ]  # fmt: skip


def _smallest_scale(drawings: Sequence[Drawing], boxes: Sequence[Box]) -> float:
    """Return the size of the smallest drawing: the length that its longer side may take in its box."""
    scales = []
    for drawing, box in zip(drawings, boxes, strict=True):
        x_min, y_min, x_max, y_max = drawing.bounds
        longest = max(x_max - x_min, y_max - y_min) or 1.0
        sides = ((box.width, (x_max - x_min) / longest), (box.height, (y_max - y_min) / longest))
        scales.append(min((side / extent for side, extent in sides if extent > 0), default=1.0))
    return min(scales)


def _sorted(strokes: list[Stroke], page: PlotPage) -> tuple[Stroke, ...]:
    return ordered(Drawing(tuple(strokes))).strokes if page.reorder else tuple(strokes)


def _document(
    width: int, height: int, layers: list[tuple[Pen, tuple[Stroke, ...]]], pen_mm: float, title: str
) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="{INKSCAPE}" '
        f'width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}">'
    )
    if one_line(title):
        yield f"<title>{_escaped(title)}</title>"
    for k, (pen, strokes) in enumerate(layers, 1):
        yield (
            f'<g id="pen-{k}" inkscape:groupmode="layer" inkscape:label="{k} {_escaped(pen.name)}" '
            f'fill="none" stroke="{pen.colour.hex}" stroke-width="{number(pen_mm)}" '
            'stroke-linecap="round" stroke-linejoin="round">'
        )
        yield from (f'<path d="{path_data(stroke)}"/>' for stroke in strokes)
        yield "</g>"
    yield "</svg>"


def _escaped(text: str) -> str:
    return escape(one_line(text), {'"': "&quot;"})
