"""Drawings on a page: its orientation, the cells, and the strokes of each pen in millimetres.

Letters: ``D`` drawings.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from limner.plot.lettering import fitted_letters
from limner.plot.page import PlotPage
from limner.strokes.drawing import Drawing
from limner.strokes.svg.clip import clipped

Floats = NDArray[np.float64]

GAP_SHARE = 0.08
"""Space between the cells of several drawings, as a share of a cell's shorter side."""
CAPTION_LINES = 2.2
"""Space beneath a drawing for its caption, as a multiple of the letters' height."""
BASELINE = 0.5
"""Space beneath the baseline of a caption, as a multiple of the letters' height."""
SLACK_MM = 1e-6
"""Rounding error allowed for where the room is checked."""


class PlotCell(NamedTuple):
    """A rectangle on the page, in millimetres; ``x`` and ``y`` are its upper left corner."""

    x: float
    y: float
    width: float
    height: float


class Arrangement(NamedTuple):
    """A page and the cells on it."""

    width: float
    height: float
    cells: list[PlotCell]


def arrange(drawings: Sequence[Drawing], page: PlotPage, *, captions: bool = False) -> Arrangement:
    """Choose the orientation and the number of columns that let the smallest drawing be largest."""
    extents = np.array([_extent(drawing) for drawing in drawings])  # (D, 2)
    n = len(drawings)
    choices = range(1, n + 1) if page.columns is None else [min(page.columns, n)]
    plans = [
        (_smallest(extents, width, height, columns, page, captions), -columns, (width, height))
        for width, height in page.orientations_mm
        for columns in choices
    ]
    best = max(plans, key=lambda plan: plan[:2])
    if best[0] <= page.pen_mm:
        raise ValueError(f"{n} drawings and their margins leave no room on {page.size}; use a larger paper.")
    width, height = best[2]
    return Arrangement(width, height, _cells(n, -best[1], width, height, page))


def placed_strokes(
    drawings: Sequence[Drawing],
    pen_of: Sequence[Sequence[int]],
    captions: Sequence[str],
    arrangement: Arrangement,
    page: PlotPage,
) -> dict[int, list[Floats]]:
    """Return the strokes of each pen, placed in their cells, in millimetres, captions drawn by the first.

    Raises
    ------
    ValueError
        If a drawing leaves the margins at the scale of the page, and the page does not clip.
    """
    strokes: dict[int, list[Floats]] = {}
    for k, (drawing, pens, cell) in enumerate(zip(drawings, pen_of, arrangement.cells, strict=True)):
        room = _room(cell, page, captions=bool(captions))
        for stroke, pen in zip(_placed(drawing, room, page), pens, strict=True):
            strokes.setdefault(pen, []).append(stroke)
        if captions:
            strokes.setdefault(0, []).extend(_caption(captions[k], cell, page))
    within = {pen: _within(lines, arrangement, page) for pen, lines in strokes.items()}
    return {pen: lines for pen, lines in within.items() if lines}


def _extent(drawing: Drawing) -> tuple[float, float]:
    x_min, y_min, x_max, y_max = drawing.bounds
    return x_max - x_min, y_max - y_min


def _smallest(
    extents: Floats, width: float, height: float, columns: int, page: PlotPage, captions: bool
) -> float:
    """Return the size of the smallest drawing: the length that its longer side takes in its cell."""
    cell_x, cell_y, gap = _grid(len(extents), columns, width, height, page)
    room = _room(PlotCell(0.0, 0.0, cell_x - gap, cell_y - gap), page, captions=captions)
    longest = np.maximum(extents.max(axis=1, keepdims=True), 1e-30)
    shares = extents / longest
    with np.errstate(divide="ignore"):
        sizes = np.array([room.width, room.height]) / shares
    return float(sizes.min(axis=1).min()) if np.isfinite(sizes).any() else min(room.width, room.height)


def _grid(n: int, columns: int, width: float, height: float, page: PlotPage) -> tuple[float, float, float]:
    """Return the steps from cell to cell, to the right and down, and the gap that they include."""
    rows = ceil(n / columns)
    room_x, room_y = (side - 2 * page.margin_mm for side in (width, height))
    gap = 0.0 if n == 1 else GAP_SHARE * min(room_x / columns, room_y / rows)
    return (room_x + gap) / columns, (room_y + gap) / rows, gap


def _cells(n: int, columns: int, width: float, height: float, page: PlotPage) -> list[PlotCell]:
    cell_x, cell_y, gap = _grid(n, columns, width, height, page)
    return [
        PlotCell(
            page.margin_mm + k % columns * cell_x,
            page.margin_mm + k // columns * cell_y,
            cell_x - gap,
            cell_y - gap,
        )
        for k in range(n)
    ]


def _room(cell: PlotCell, page: PlotPage, *, captions: bool) -> PlotCell:
    """Return the part of a cell for the points of its drawing: without the caption and half a pen."""
    below = CAPTION_LINES * page.caption_mm if captions else 0.0
    pen = page.pen_mm
    return PlotCell(cell.x + pen / 2, cell.y + pen / 2, cell.width - pen, cell.height - pen - below)


def _placed(drawing: Drawing, room: PlotCell, page: PlotPage) -> list[Floats]:
    """Return the strokes of a drawing in the middle of a room, as large as they fit or to scale."""
    x_min, y_min, x_max, y_max = drawing.bounds
    middle = np.array([(x_min + x_max) / 2, (y_min + y_max) / 2])
    target = np.array([room.x + room.width / 2, room.y + room.height / 2])
    pairs = zip(_extent(drawing), (room.width, room.height), strict=True)
    scale = page.scale or min((side / extent for extent, side in pairs if extent > 0), default=1.0)
    return [(stroke.astype(np.float64) - middle) * scale + target for stroke in drawing]


def _caption(text: str, cell: PlotCell, page: PlotPage) -> list[Floats]:
    strokes, width = fitted_letters(text, page.caption_mm, cell.width - page.pen_mm)
    corner = (cell.x + (cell.width - width) / 2, cell.y + cell.height - BASELINE * page.caption_mm)
    return [stroke + corner for stroke in strokes]


def _within(strokes: list[Floats], arrangement: Arrangement, page: PlotPage) -> list[Floats]:
    """Return strokes that lie within the margins, clipped if the page clips."""
    edge = page.margin_mm + page.pen_mm / 2
    low, high = np.array([edge, edge]), np.array([arrangement.width - edge, arrangement.height - edge])
    if all((s >= low - SLACK_MM).all() and (s <= high + SLACK_MM).all() for s in strokes):
        return [np.clip(stroke, low, high) for stroke in strokes]
    if not page.clip:
        size = np.ptp(np.concatenate(strokes), axis=0)
        raise ValueError(
            f"what is drawn is {size[0]:.0f} x {size[1]:.0f} mm at this scale, and the margins leave "
            f"{high[0] - low[0]:.0f} x {high[1] - low[1]:.0f} mm; use a smaller scale, or clip."
        )
    window = np.array([(-1, 0, -low[0]), (0, -1, -low[1]), (1, 0, high[0]), (0, 1, high[1])])
    return [np.clip(part, low, high) for stroke in strokes for part in clipped(stroke, window)]
