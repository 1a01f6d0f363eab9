"""How much is followed on a page: places where lines end or meet, counted before there is a graph of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.ndimage as nd

from limner.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_KNOTS = 15_000
"""Time grows faster than their number, and memory with it."""

MOST_SINGLE_KNOTS = 2_000
"""As many are drawn in one line: its routes would take too long."""


def count_knots(lines: NDArray[np.bool_]) -> int:
    """Count the pixels of thin lines, of shape ``(H, W)``, in which one ends or several meet."""
    near = nd.convolve(lines.astype(np.uint8), np.ones((3, 3), np.uint8), mode="constant")
    return int(np.count_nonzero(lines & (near != 3)))  # a pixel inside a line has two neighbours


def check_knots(knots: int, most: int, *, name: str, photograph: bool = False, single: bool = False) -> None:
    """Refuse a page on which there are more knots than are followed.

    Parameters
    ----------
    knots, most : int
    name : str
        Of the page.
    photograph : bool
        Whether it looks like one.
    single : bool
        Whether lines are drawn in one.

    Raises
    ------
    DataError
    """
    if knots <= most:
        return
    if photograph:
        raise DataError(f"{name} looks like a photograph, and only drawings of lines are read.")
    done = "drawn in one line" if single else "followed"
    raise DataError(
        f"{name}: lines end or meet in {knots} places, and up to {most} are {done}; "
        "is it a drawing of lines? Make the picture smaller, or cut it."
    )
