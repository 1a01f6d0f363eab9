"""From a cell's name to the cell."""

from __future__ import annotations

from limner.models.cells.base import Cell
from limner.models.cells.table import CELLS
from limner.models.config import CellName


def build_cell(
    name: CellName, input_size: int, size: int, recurrent_keep: float, *, norm_learnable: bool = True
) -> Cell:
    """Return a cell with fresh weights.

    Raises
    ------
    LimnerError
        If there is no such cell.
    """
    return CELLS[name].build(input_size, size, recurrent_keep, norm_learnable=norm_learnable)
