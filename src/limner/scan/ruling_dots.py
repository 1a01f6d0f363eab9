"""Printed dots at the crossings of even rows and columns are erased from the darkness of a page.

Letters: ``H`` and ``W`` of the page, ``D`` dots, ``r`` reach of a dot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limner.scan.ruling_lines import find_printed_lines
from limner.scan.stroke_bridges import bridge_strokes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.scan.ruling_lines import PrintedLines
    from limner.scan.thresholds import Dark

ALIKE = 0.03
"""Rows and columns have the same spacing, up to this share."""

MIN_DOTTED = 0.6
"""Share of the crossings at which there is a dot."""

DOT_END = 0.15
"""A dot ends where it has less than this share of its darkness, ..."""

CLEAR = 0.4
"""... and is isolated if all around it is less dark than this share."""

MAX_DARKER = 2.0
"""Pixels darker than dots by this factor are ink."""


DIRECTIONS = 8
"""Directions in which strokes are continued across a dot."""


def erase_dots(dark: Dark) -> tuple[Dark, tuple[float, float] | None]:
    """Erase dots; return the page, and their spacing and darkness if there are any.

    Parameters
    ----------
    dark : float32 array of shape ``(H, W)``
        Darkness, about 0 on paper.
    """
    rows = find_printed_lines(dark, dotted=True)
    columns = find_printed_lines(dark.T, dotted=True) if rows else None
    if rows is None or columns is None or abs(rows.spacing - columns.spacing) > ALIKE * rows.spacing:
        return dark, None
    most = max(1, int(rows.spacing / 2) - 1)
    pixels = _dot_pixels(dark, rows, columns, most)  # (2, D, 2 most + 1, 2 most + 1)
    patches = dark[pixels[0], pixels[1]]
    middle = patches[:, most - 1 : most + 2, most - 1 : most + 2].max(axis=(1, 2))
    shade, reach = float(np.median(middle)), _reach(np.median(patches, axis=0))
    if reach is None or (middle > CLEAR * shade).mean() < MIN_DOTTED:
        return dark, None
    ring = _distance(most) == reach + 1
    isolated = patches[:, ring].max(axis=1) < CLEAR * shade
    inside = slice(most - reach, most + reach + 1)
    dots = pixels[..., inside, inside]
    return _without_dots(dark, dots[:, isolated], dots[:, ~isolated], MAX_DARKER * shade), (
        rows.spacing,
        shade,
    )


def _without_dots(dark: Dark, isolated: NDArray[np.intp], touched: NDArray[np.intp], darkest: float) -> Dark:
    """Erase dots, isolated ones and such that strokes touch; strokes are continued across the latter."""
    is_dot = np.zeros(dark.shape, dtype=bool)
    is_dot[isolated[0], isolated[1]] = is_dot[touched[0], touched[1]] = True
    is_dot &= dark < darkest
    erased = np.where(is_dot, 0, dark)
    if touched.size:
        reach = touched.shape[-1] + 2
        angles = np.arange(DIRECTIONS) * np.pi / DIRECTIONS
        across = bridge_strokes(erased, reach * np.stack([np.sin(angles), np.cos(angles)], axis=1))
        at = tuple(touched)
        erased[at] = np.where(is_dot[at], np.minimum(dark[at], across[at]), erased[at])
    return erased


def _dot_pixels(dark: Dark, rows: PrintedLines, columns: PrintedLines, reach: int) -> NDArray[np.intp]:
    """Return rows and columns of the pixels around every crossing, of shape ``(2, D, 2 r + 1, 2 r + 1)``."""
    y, x = (grid.ravel() for grid in np.meshgrid(rows.rows, columns.rows, indexing="ij"))
    down, right = y.copy(), x.copy()
    for _ in range(3):  # courses depend on each other
        down = y + np.interp(right, np.arange(dark.shape[1]), rows.course)
        right = x + np.interp(down, np.arange(dark.shape[0]), columns.course)
    on_page = (down > -1) & (down < dark.shape[0]) & (right > -1) & (right < dark.shape[1])
    around = np.arange(-reach, reach + 1)
    down, right = (middle[on_page].round().astype(int)[:, None, None] for middle in (down, right))
    near_down, near_right = np.broadcast_arrays(down + around[:, None], right + around)
    bounds = zip((near_down, near_right), dark.shape, strict=True)
    return np.stack([np.clip(near, 0, size - 1) for near, size in bounds])


def _distance(most: int) -> NDArray[np.intp]:
    """Return the chessboard distance from the middle of a patch, of shape ``(2 most + 1, 2 most + 1)``."""
    away = np.abs(np.arange(-most, most + 1))
    return np.asarray(np.maximum.outer(away, away))


def _reach(patch: NDArray[np.float32]) -> int | None:
    """Return how many pixels from its middle a dot is dark, or None where it has no end."""
    most = len(patch) // 2
    distance = _distance(most)
    darkest = [float(patch[distance == r].max()) for r in range(most + 1)]
    ends = [r for r in range(1, most + 1) if darkest[r] < DOT_END * max(darkest[:2])]
    return ends[0] if ends and ends[0] < most else None
