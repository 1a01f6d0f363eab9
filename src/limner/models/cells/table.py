"""The table of recurrent cells by name. Torch is imported when a cell is asked for, not before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limner.registry import Registry

if TYPE_CHECKING:
    from limner.models.cells.base import Cell


def _is_cell(entry: object) -> bool:
    from limner.models.cells.base import Cell

    return isinstance(entry, type) and issubclass(entry, Cell)


CELLS: Registry[type[Cell]] = Registry(
    "limner.cells",
    "recurrent cell",
    {
        "lstm": "limner.models.cells.lstm:LSTM",
        "layer_norm": "limner.models.cells.layer_norm:LayerNormLSTM",
        "hyper": "limner.models.cells.hyper:HyperLSTM",
    },
    accepts=_is_cell,
)
