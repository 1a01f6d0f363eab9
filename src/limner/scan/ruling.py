"""Printed lines, squares and dots are taken out of the darkness of a page; strokes across them stay whole.

Letters: ``H`` and ``W`` of the page, ``b`` rows of a band around a line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import scipy.ndimage as nd

from limner.scan.comb import find_comb
from limner.scan.dots import without_dots

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.scan.binarise import Dark
    from limner.scan.comb import Comb

ROUNDS = 3
"""Sets of lines that are looked for along rows, and along columns: finer ones among coarser ones."""

DARKER = (0.08, 0.6)
"""Ink on a line is darker than the line by this, and by this share of the line's darkness."""


Kind = Literal["lines", "squares", "dots"]


AS_DARK = 0.6
"""Ink that leads across a line is at least this share as dark on the line as beside it."""


@dataclass(frozen=True)
class Ruling:
    """What was printed on a page."""

    kind: Kind
    spacing: float
    """Of neighbouring lines or dots, in pixels of the picture."""
    shade: float
    """Darkness, from 0 to 1."""

    def __str__(self) -> str:
        """Return a few words about it."""
        what = {"lines": "lines every", "squares": "squares of", "dots": "dots every"}[self.kind]
        return f"printed {what} {self.spacing:.3g} pixels"


def without_ruling(dark: Dark) -> tuple[Dark, Ruling | None]:
    """Take printed lines out.

    Parameters
    ----------
    dark : float32 array of shape ``(H, W)``
        Darkness, about 0 on paper.

    Returns
    -------
    float32 array of shape ``(H, W)``
        The same array where there is no ruling.
    Ruling or None
    """
    dark, rows = _without_rows(dark)
    turned, columns = _without_rows(dark.T)
    combs = rows + columns
    if combs:
        shade = max(float(np.median(comb.shades)) for comb in combs)
        kind: Kind = "squares" if rows and columns else "lines"
        return np.ascontiguousarray(turned.T), Ruling(kind, combs[0].spacing, shade)
    dark, dots = without_dots(dark)
    return dark, Ruling("dots", *dots) if dots else None


def _without_rows(dark: Dark) -> tuple[Dark, list[Comb]]:
    """Take lines along rows out, and return them."""
    combs: list[Comb] = []
    for _ in range(ROUNDS):
        comb = find_comb(dark)
        if comb is None:
            break
        dark = without_comb(dark, comb)
        combs.append(comb)
    return dark, combs


def without_comb(dark: Dark, comb: Comb) -> Dark:
    """Take lines out; what is darker than they are stays, and what leads across them.

    Parameters
    ----------
    dark : float32 array of shape ``(H, W)``
    comb : Comb
    """
    found = dark.copy()
    reach = len(comb.profile) // 2
    offsets = np.arange(-reach - 1, reach + 2)[:, None]  # (b, 1); a line is seldom in the middle of a pixel
    profile = nd.maximum_filter1d(np.pad(comb.profile, 1), 3, mode="constant")
    columns = np.arange(dark.shape[1])
    for row, shade in zip(comb.rows, comb.shades, strict=True):
        middle = row + comb.course  # (W,)
        rows = middle.round().astype(int) + offsets  # (b, W)
        beside = np.clip(rows, 0, len(dark) - 1)
        band = found[beside, columns]
        darkest = band[reach : reach + 3].max(axis=0)  # in the middle and beside it: the comb's are means
        line = max(shade, float(np.median(darkest))) * np.interp(
            rows - middle, np.arange(-reach - 1, reach + 2), profile
        )
        across = _across(found, rows, columns)
        ink = np.maximum(_darker(band, line), np.where(band >= AS_DARK * across, across, 0))
        inside = rows == beside
        found[beside[inside], np.broadcast_to(columns, rows.shape)[inside]] = np.minimum(band, ink)[inside]
    return found


def _darker(band: NDArray[np.float32], line: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the ink that lies on a line, where it is darker than that; a line lets less light through."""
    clear = band - line > np.maximum(DARKER[0], DARKER[1] * line)
    return np.where(clear, (band - line) / np.maximum(1 - line, 1e-3), 0).clip(0, 1)


def _across(dark: Dark, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.float32]:
    """Return the ink that leads across a band, straight from what is above to what is below, at any slant.

    What is on one side only reaches to the middle of the band.
    """
    depth, width = rows.shape
    above, below = (
        np.where((row >= 0) & (row < len(dark)), dark[np.clip(row, 0, len(dark) - 1), columns], 0)
        for row in (rows[0] - 1, rows[-1] + 1)
    )
    share = (np.arange(depth)[:, None] + 1) / (depth + 1)  # (b, 1), from above to below
    found = np.where(share <= 0.5, above, below)
    if depth % 2:
        found[depth // 2] = np.minimum(above, below)
    for slant in range(-2 * depth, 2 * depth + 1, max(1, depth // 5)):
        up = np.clip(columns - (slant * share).round().astype(int), 0, width - 1)
        down = np.clip(columns + (slant * (1 - share)).round().astype(int), 0, width - 1)
        np.maximum(found, np.minimum(above[up], below[down]), out=found)
    return np.asarray(found)
