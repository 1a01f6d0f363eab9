"""From a cell's name to the cell."""

from __future__ import annotations

from limner.models.cells.base import Cell
from limner.models.cells.hyper import HyperLSTM
from limner.models.cells.layer_norm import LayerNormLSTM
from limner.models.cells.lstm import LSTM
from limner.models.config import CellName

CELLS: dict[CellName, type[LSTM | LayerNormLSTM | HyperLSTM]] = {
    "lstm": LSTM,
    "layer_norm": LayerNormLSTM,
    "hyper": HyperLSTM,
}


def build_cell(
    name: CellName, input_size: int, size: int, recurrent_keep: float, *, norm_learnable: bool = True
) -> Cell:
    """Make a cell with fresh weights."""
    if name == "lstm":
        return LSTM(input_size, size, recurrent_keep)
    normed = LayerNormLSTM if name == "layer_norm" else HyperLSTM
    return normed(input_size, size, recurrent_keep, learnable=norm_learnable)
