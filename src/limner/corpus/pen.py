"""The pen in stroke-3 rows: what the third column means, and rows whose file means the opposite.

Letters: ``n`` points of a drawing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from limner.corpus.corpus import Split
    from limner.corpus.formats.format import Pen

_NEARLY_EVERY = (
    0.6  # of the points that are not the last of their drawing; strokes of two points lift at half
)

SEEMS_DOWN = 'Nearly every row lifts the pen; the third column seems to mean "down": --pen down reads it so.'


def lifted(rows: NDArray[Any], pen: Pen) -> NDArray[Any]:
    """Return stroke-3 rows of shape ``(n, 3)`` whose third column says where the pen lifts.

    Rows of another width, and a column that holds more than 0 and 1, are returned as they are.
    """
    if pen == "lift" or rows.ndim != 2 or rows.shape[1] != 3 or not np.isin(rows[:, 2], (0, 1)).all():
        return rows
    turned = rows.astype(np.float64)
    turned[:, 2] = 1 - turned[:, 2]
    return turned


def pen_notes(parts: Iterable[Split]) -> tuple[str, ...]:
    """Say that the third column seems to mean the opposite, if the pen lifts at nearly every inner point."""
    inner, lifts = 0, 0.0
    for part in parts:
        column = part.rows[:, 2]
        inner += len(column) - len(part)
        lifts += float(column.sum(dtype=np.float64) - column[part.offsets[1:] - 1].sum(dtype=np.float64))
    return (SEEMS_DOWN,) if inner and lifts > _NEARLY_EVERY * inner else ()
