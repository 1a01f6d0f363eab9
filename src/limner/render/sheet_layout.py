"""Layout of a sheet: a grid of square cells with captions, row headings and a title."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil, sqrt
from typing import TYPE_CHECKING, TypedDict

from limner.render.layout import PADDING, Box, Label, Layout, fit_scale, place
from limner.render.lettering import shortened, width_px
from limner.render.style import DEFAULT_STYLE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Unpack

    from limner.render.style import Style
    from limner.strokes.drawing import Drawing

CELL_PX = 180
"""Default side of a cell."""
NOTHING = "nothing drawn"
"""What stands in the cell of a drawing without points."""


class SheetOptions(TypedDict, total=False):
    """The options of a sheet; all of them may be left out.

    Parameters
    ----------
    columns : int, optional
        Cells in a row; unless given, a block about as wide as high with few gaps.
    captions : sequence of str, optional
        One below each cell, cut to its width.
    row_headings : sequence of str, optional
        One to the left of each row.
    title : str, optional
        Above the grid.
    cell_px : int
        Side of a cell.
    padding : float
        Share of the cell that stays free on every side, from 0 to below 0.5.
    common_scale : bool
        Whether all drawings share one scale and so keep their relative sizes; otherwise each fills its cell.
    """

    columns: int | None
    captions: Sequence[str] | None
    row_headings: Sequence[str] | None
    title: str | None
    cell_px: int
    padding: float
    common_scale: bool


def plan_sheet(
    drawings: Sequence[Drawing], style: Style = DEFAULT_STYLE, **options: Unpack[SheetOptions]
) -> Layout:
    """Lay drawings out in rows, from the upper left.

    Parameters
    ----------
    drawings : sequence of Drawing
        The cell of one without points says so.
    style : Style
        Its pen and letters determine what fits.
    **options
        See :class:`SheetOptions`.

    Raises
    ------
    ValueError
        If there is no drawing, captions or headings are too few or too many, or an option is out of range.
    """
    if not drawings:
        raise ValueError("A sheet needs at least one drawing.")
    grid = _grid(len(drawings), style, options)
    cells = [grid.cell(index) for index in range(len(drawings))]
    pen_px, padding = style.pen_px(grid.cell_px), options.get("padding", PADDING)
    scale = fit_scale(drawings, cells[0], pen_px, padding) if options.get("common_scale") else None
    placed = [place(d, cell, pen_px, padding, scale=scale) for d, cell in zip(drawings, cells, strict=True)]
    empty = tuple(grid.nothing(cell) for d, cell in zip(drawings, cells, strict=True) if not d.n_points)
    return Layout(grid.width, grid.height, tuple(cells), tuple(placed), grid.labels() + empty, pen_px)


def good_columns(n: int, together: int = 1) -> int:
    """Choose the columns for ``n`` cells: from the square root up, with few gaps in the last row.

    Parameters
    ----------
    together : int
        Cells that must stay in one row: the number of columns is a multiple of it.
    """
    widest = max(together, int(1.5 * sqrt(n)) + 1)
    fit = [columns for columns in range(ceil(sqrt(n)), widest + 1) if columns % together == 0] or [together]
    return min(fit, key=lambda columns: (-n % columns, columns))


def _grid(n: int, style: Style, options: SheetOptions) -> _Grid:
    columns, cell_px = options.get("columns"), options.get("cell_px", CELL_PX)
    columns = good_columns(n) if columns is None else min(columns, n)
    if columns < 1 or cell_px < 1:
        raise ValueError(f"A sheet cannot have {columns} columns of {cell_px} pixels.")
    rows = ceil(n / columns)
    captions, headings = options.get("captions") or (), options.get("row_headings") or ()
    if captions and len(captions) != n:
        raise ValueError(f"There are {len(captions)} captions for {n} drawings.")
    if headings and len(headings) != rows:
        raise ValueError(f"There are {len(headings)} row headings for {rows} rows.")
    return _Grid(
        columns, rows, cell_px, style.caption_px(cell_px), options.get("title") or "", headings, captions
    )


@dataclass(frozen=True)
class _Grid:
    """The arithmetic of rows, columns and lettering."""

    columns: int
    rows: int
    cell_px: int
    label_px: float
    title: str
    headings: Sequence[str]
    captions: Sequence[str]

    @property
    def title_px(self) -> int:
        return round(1.8 * self.label_px)

    @property
    def margin(self) -> int:
        return round(0.22 * self.cell_px)

    @property
    def gap(self) -> int:
        return round(0.06 * self.cell_px)

    @property
    def row_height(self) -> int:
        return self.cell_px + self.gap + (round(2.1 * self.label_px) if self.captions else 0)

    @cached_property
    def heading_width(self) -> int:
        if not self.headings:
            return 0
        widest = max(width_px(text, self.label_px) for text in self.headings)
        return ceil(min(1.1 * widest, 1.2 * self.cell_px) + self.label_px)  # other fonts may be wider

    @property
    def left(self) -> int:
        return self.margin + self.heading_width

    @property
    def top(self) -> int:
        return self.margin + (round(2.2 * self.title_px) if self.title else 0)

    @property
    def width(self) -> int:
        return self.left + self.columns * (self.cell_px + self.gap) - self.gap + self.margin

    @property
    def height(self) -> int:
        return self.top + self.rows * self.row_height - self.gap + self.margin

    def cell(self, index: int) -> Box:
        row, column = divmod(index, self.columns)
        x = self.left + column * (self.cell_px + self.gap)
        return Box(x, self.top + row * self.row_height, self.cell_px, self.cell_px)

    def labels(self) -> tuple[Label, ...]:
        headings = [self._heading(row, text) for row, text in enumerate(self.headings)]
        captions = [self._caption(index, text) for index, text in enumerate(self.captions)]
        return tuple(label for label in (self._title(), *headings, *captions) if label.text)

    def nothing(self, cell: Box) -> Label:
        """Return the label in the cell of a drawing without points."""
        text = shortened(NOTHING, 0.94 * cell.width, self.label_px)
        x, y = cell.x + cell.width / 2, cell.y + cell.height / 2
        return Label(text, x, y, self.label_px, "middle", "caption")

    def _title(self) -> Label:
        text = shortened(self.title, self.width - 2 * self.margin, self.title_px)
        return Label(text, self.margin, self.margin + self.title_px, self.title_px, "start", "title")

    def _heading(self, row: int, text: str) -> Label:
        text = shortened(text, self.heading_width - self.label_px, self.label_px)
        y = self.top + row * self.row_height + self.cell_px / 2 + 0.35 * self.label_px
        return Label(text, self.left - self.label_px, y, self.label_px, "end", "heading")

    def _caption(self, index: int, text: str) -> Label:
        cell = self.cell(index)
        text = shortened(text, 0.94 * cell.width, self.label_px)
        y = cell.y + cell.height + 1.15 * self.label_px
        return Label(text, cell.x + cell.width / 2, y, self.label_px, "middle", "caption")
