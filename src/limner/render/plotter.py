"""Pages for pen plotters: SVG in millimetres, one layer a pen, the strokes in an order that saves travel.

Layers are groups as Inkscape knows them, with names that begin with a number, which AxiDraw's software reads
as the number of the pen. Lengths are millimetres unless their name says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Literal, NamedTuple
from xml.sax.saxutils import escape

import numpy as np

from limner.render.layout import Box, place
from limner.render.lettering import one_line
from limner.render.style import STROKE_INKS, Colour, parse_colour
from limner.strokes.drawing import Drawing
from limner.strokes.order import ordered
from limner.strokes.svg.writer import number, path_data

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from limner.strokes.drawing import Stroke

PageName = Literal["A3", "A4", "A5", "A6"]
SIZES_MM: dict[PageName, tuple[int, int]] = {
    "A3": (297, 420), "A4": (210, 297), "A5": (148, 210), "A6": (105, 148),
}  # fmt: skip
FINE = 100
"""Pages are laid out in hundredths of a millimetre."""
GAP_SHARE = 0.08
"""Space between the cells of several drawings, as a share of a cell's shorter side."""
INKSCAPE = "http://www.inkscape.org/namespaces/inkscape"


class Pen(NamedTuple):
    """A pen of the plotter, by its name and the colour that stands for it on the screen."""

    name: str
    colour: Colour


BLACK = Pen("black", Colour(0, 0, 0))
PENS = tuple(Pen(f"pen {k + 1}", parse_colour(ink)) for k, ink in enumerate(STROKE_INKS))


@dataclass(frozen=True, slots=True)
class PlotPage:
    """A sheet of paper.

    Parameters
    ----------
    size : {"A3", "A4", "A5", "A6"}
    landscape : bool, optional
        Whether it lies on its long side; whichever lets the drawings be larger unless given.
    margin_mm : float
        What stays free on every side.
    pen_mm : float
        Width of the pens.
    reorder : bool
        Whether the strokes of each pen are put into an order, and turned, so that the pen travels little.

    Raises
    ------
    ValueError
        If the size is unknown, or the margin or the pen leave no room.
    """

    size: PageName = "A4"
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


def plot_to_svg(
    drawings: Sequence[Drawing],
    page: PlotPage | None = None,
    *,
    pens: Sequence[Pen] = (BLACK,),
    pen_of: Sequence[Sequence[int]] | None = None,
    title: str = "",
) -> str:
    """Lay drawings out on one page, as large as they fit, several of them in rows.

    Parameters
    ----------
    drawings : sequence of Drawing
        At least one.
    page : PlotPage, optional
        A4 unless given.
    pens : sequence of Pen
    pen_of : sequence of sequences of int, optional
        For each stroke of each drawing its pen; the first pen for all unless given.
    title : str

    Returns
    -------
    str
        An SVG document whose units are millimetres.

    Raises
    ------
    ValueError
        If there is no drawing, or ``pen_of`` does not fit the strokes or the pens.
    """
    page = page or PlotPage()
    if not drawings:
        raise ValueError("A page needs at least one drawing.")
    given = [[0] * len(d) for d in drawings] if pen_of is None else pen_of
    _check_pens(drawings, given, len(pens))
    width, height, boxes = _plan(drawings, page)
    strokes: dict[int, list[Stroke]] = {}
    for drawing, own, box in zip(drawings, given, boxes, strict=True):
        placed = place(drawing, box, page.pen_mm * FINE, 0.0)
        for stroke, pen in zip(placed, own, strict=True):
            strokes.setdefault(pen, []).append(stroke / np.float32(FINE))
    layers = [(pens[k], _in_order(strokes[k], page)) for k in sorted(strokes)]
    return "\n".join(_document(width, height, layers, page.pen_mm, title)) + "\n"


def _check_pens(drawings: Sequence[Drawing], pen_of: Sequence[Sequence[int]], n_pens: int) -> None:
    if [len(own) for own in pen_of] != [len(drawing) for drawing in drawings]:
        raise ValueError("pen_of must name a pen for each stroke of each drawing.")
    if any(not 0 <= pen < n_pens for own in pen_of for pen in own):
        raise ValueError(f"pen_of must count into {n_pens} pens.")


def _plan(drawings: Sequence[Drawing], page: PlotPage) -> tuple[int, int, list[Box]]:
    """Choose how the page lies and how many columns it has; give its size in mm and the boxes."""
    short, long = SIZES_MM[page.size]
    ways = {None: (False, True), True: (True,), False: (False,)}[page.landscape]
    plans = []
    for lies in ways:
        width, height = (long, short) if lies else (short, long)
        for columns in range(1, len(drawings) + 1):
            boxes = _boxes(len(drawings), columns, width, height, page.margin_mm)
            plans.append((_smallest_scale(drawings, boxes), -columns, width, height, boxes))
    _, _, width, height, boxes = max(plans, key=lambda plan: plan[:2])
    return width, height, boxes


def _boxes(n: int, columns: int, width: int, height: int, margin_mm: float) -> list[Box]:
    rows = ceil(n / columns)
    room_x, room_y = ((side - 2 * margin_mm) * FINE for side in (width, height))
    gap = 0.0 if n == 1 else GAP_SHARE * min(room_x / columns, room_y / rows)
    cell_x, cell_y = (room_x + gap) / columns, (room_y + gap) / rows
    left = top = margin_mm * FINE
    return [
        Box(round(left + (k % columns) * cell_x), round(top + (k // columns) * cell_y),
            max(1, int(cell_x - gap)), max(1, int(cell_y - gap)))
        for k in range(n)
    ]  # fmt: skip


def _smallest_scale(drawings: Sequence[Drawing], boxes: Sequence[Box]) -> float:
    """Say how large the smallest drawing becomes: the share of its box that its longer side may take."""
    scales = []
    for drawing, box in zip(drawings, boxes, strict=True):
        x_min, y_min, x_max, y_max = drawing.bounds
        longest = max(x_max - x_min, y_max - y_min) or 1.0
        sides = ((box.width, (x_max - x_min) / longest), (box.height, (y_max - y_min) / longest))
        scales.append(min((side / extent for side, extent in sides if extent > 0), default=1.0))
    return min(scales)


def _in_order(strokes: list[Stroke], page: PlotPage) -> tuple[Stroke, ...]:
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
