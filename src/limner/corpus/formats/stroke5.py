"""Stroke-5 rows as files have them: padded, cut, with or without a start row.

Letters: ``n`` points of a drawing, ``T`` rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from limner.strokes.formats import START_TOKEN, stroke5_to_stroke3

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

_WIDTH = 5


def is_stroke5(array: NDArray[Any]) -> bool:
    """Return whether an array is of shape ``(T, 5)``."""
    return array.ndim == 2 and array.shape[1] == _WIDTH


def all_have_start_rows(arrays: Iterable[NDArray[Any] | None]) -> bool:
    """Return whether all arrays are stroke-5 and begin with the start token (0, 0, 1, 0, 0)."""
    any_array = False
    for array in arrays:
        if array is None or not is_stroke5(array) or not len(array) or tuple(array[0]) != START_TOKEN:
            return False
        any_array = True
    return any_array


def stroke3_of(array: NDArray[Any], *, has_start_row: bool) -> NDArray[np.float32]:
    """Return the points of a drawing as stroke-3, ``(n, 3)``.

    What follows its first end row is padding, and so are rows of zeros at its end.

    Parameters
    ----------
    array : array of shape ``(T, 5)``
    has_start_row : bool
        Whether its first row is the start token.

    Raises
    ------
    ValueError
        As :func:`limner.strokes.formats.stroke5_to_stroke3`.
    """
    rows = array[1:] if has_start_row else array
    over = np.flatnonzero(rows[:, 4] == 1)
    if len(over):
        return stroke5_to_stroke3(rows[: over[0]])
    drawn = np.flatnonzero((rows != 0).any(axis=1))
    return stroke5_to_stroke3(rows[: drawn[-1] + 1] if len(drawn) else rows)
