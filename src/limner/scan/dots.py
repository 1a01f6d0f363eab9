"""Printed dots at the crossings of even rows and columns are taken out of the darkness of a page.

Letters: ``H`` and ``W`` of the page, ``D`` dots, ``r`` reach of a dot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limner.scan.comb import find_comb

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.scan.binarise import Dark
    from limner.scan.comb import Comb

ALIKE = 0.03
"""Rows and columns have the same spacing, up to this share."""

LEAST_DOTTED = 0.6
"""Share of the crossings at which there is a dot."""

RIM = 0.15
"""A dot ends where it has less than this share of its darkness, ..."""

CLEAR = 0.4
"""... and lies by itself if around it there is less than this share."""

MOST_DARKER = 2.0
"""What is darker than dots by this factor is ink."""


def without_dots(dark: Dark) -> tuple[Dark, tuple[float, float] | None]:
    """Take dots out that lie by themselves; return the page, and their spacing and darkness if there are any.

    Parameters
    ----------
    dark : float32 array of shape ``(H, W)``
        Darkness, about 0 on paper.
    """
    rows = find_comb(dark, dotted=True)
    columns = find_comb(dark.T, dotted=True) if rows else None
    if rows is None or columns is None or abs(rows.spacing - columns.spacing) > ALIKE * rows.spacing:
        return dark, None
    most = max(1, int(rows.spacing / 2) - 1)
    places = _places(dark, rows, columns, most)  # (2, D, 2 most + 1, 2 most + 1)
    patches = dark[places[0], places[1]]
    middle = patches[:, most - 1 : most + 2, most - 1 : most + 2].max(axis=(1, 2))
    shade, reach = float(np.median(middle)), _reach(np.median(patches, axis=0))
    if reach is None or (middle > CLEAR * shade).mean() < LEAST_DOTTED:
        return dark, None
    outside = np.abs(np.arange(-most, most + 1)) == reach + 1
    outside = outside[:, None] | outside  # sides of a square, and their continuations
    near = np.maximum.outer(*2 * [np.abs(np.arange(-most, most + 1))]) <= reach + 1
    alone = patches[:, outside & near].max(axis=1) < CLEAR * shade
    inside = slice(most - reach, most + reach + 1)
    gone = places[:, alone & (middle < MOST_DARKER * shade)][..., inside, inside]
    found = dark.copy()
    found[gone[0], gone[1]] = 0
    return found, (rows.spacing, shade)


def _places(dark: Dark, rows: Comb, columns: Comb, reach: int) -> NDArray[np.intp]:
    """Return rows and columns of the pixels around every crossing, of shape ``(2, D, 2 r + 1, 2 r + 1)``."""
    y, x = (grid.ravel() for grid in np.meshgrid(rows.rows, columns.rows, indexing="ij"))
    down, right = y.copy(), x.copy()
    for _ in range(3):
        down = y + np.interp(right, np.arange(dark.shape[1]), rows.course)
        right = x + np.interp(down, np.arange(dark.shape[0]), columns.course)
    around = np.arange(-reach, reach + 1)
    down, right = (middle.round().astype(int)[:, None, None] for middle in (down, right))
    near_down, near_right = np.broadcast_arrays(down + around[:, None], right + around)
    bounds = zip((near_down, near_right), dark.shape, strict=True)
    return np.stack([np.clip(near, 0, size - 1) for near, size in bounds])


def _reach(patch: NDArray[np.float32]) -> int | None:
    """Return how many pixels from its middle a dot is dark, or None where it has no end."""
    most = len(patch) // 2
    away = np.abs(np.arange(-most, most + 1))
    square = np.maximum.outer(away, away)
    darkest = [float(patch[square == r].max()) for r in range(most + 1)]
    ends = [r for r in range(1, most + 1) if darkest[r] < RIM * max(darkest[:2])]
    return ends[0] if ends and ends[0] < most else None
