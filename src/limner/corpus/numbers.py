"""Numbers from Python objects; nothing is converted that is no number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def as_numbers(values: Sequence[Any]) -> NDArray[np.float64]:
    """Return Python numbers as a float64 array; text that looks like a number is refused.

    Raises
    ------
    ValueError
        If a value is not a number, or too large for float64.
    """
    if not all(isinstance(value, (int, float)) for value in values):
        raise ValueError("the values are not numbers in even rows")
    try:
        return np.array(values, np.float64)
    except OverflowError:
        raise ValueError("an offset is too large") from None


def rows_of_lists(item: object) -> NDArray[np.float64]:
    """Return a list of ``[dx, dy, lift]`` as an array of shape ``(n, 3)``, of stroke-5 rows as ``(n, 5)``.

    Raises
    ------
    ValueError
        If it is not a list of rows, a row is not three wide, or a value is not a number.
    """
    if not isinstance(item, (list, tuple)) or not all(isinstance(row, (list, tuple)) for row in item):
        raise ValueError("the values are not numbers in even rows")
    width = len(item[0]) if item else 3
    if width not in (3, 5) or any(len(row) != width for row in item):
        raise ValueError("stroke-3 rows must be three wide (dx, dy, lift)")
    return as_numbers([value for row in item for value in row]).reshape(-1, width)


def numbers_of_texts(texts: Sequence[str | None]) -> list[float]:
    """Return texts as finite numbers.

    Raises
    ------
    ValueError
        If one of them is no number or missing.
    """
    try:
        numbers = [float(text) for text in texts if text is not None]
    except ValueError:
        raise ValueError("a coordinate is no number") from None
    if len(numbers) != len(texts):
        raise ValueError("a point has no x or no y")
    return numbers
