"""Printed ruling, lines, squares or dots, is taken out of the darkness of a page; strokes across it stay whole.

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

DARKER = (0.08, 0.35)
"""Ink on a line is darker than the line by this, and by this share of the line's darkness."""


Kind = Literal["lines", "squares", "dots"]


@dataclass(frozen=True)
class Ruling:
    """What was printed on a page."""

    kind: Kind
    spacing: float
    """Of neighbouring lines or dots, in pixels of the picture."""

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
    if rows or columns:
        return np.ascontiguousarray(turned.T), Ruling(
            "squares" if rows and columns else "lines", min(rows + columns)
        )
    dark, spacing = without_dots(dark)
    return dark, Ruling("dots", spacing) if spacing else None


def _without_rows(dark: Dark) -> tuple[Dark, list[float]]:
    """Take lines along rows out, and return how far apart they were, one number for each set of them."""
    spacings: list[float] = []
    for _ in range(ROUNDS):
        comb = find_comb(dark)
        if comb is None:
            break
        dark = without_comb(dark, comb)
        spacings.append(comb.spacing)
    return dark, spacings


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
        line = shade * np.interp(rows - middle, np.arange(-reach - 1, reach + 2), profile)
        ink = np.maximum(_darker(band, line), _across(found, beside, columns))
        found[beside, columns] = np.minimum(band, ink)
    return found


def _darker(band: NDArray[np.float32], line: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the ink that lies on a line, where it is darker than that; a line lets less light through."""
    clear = band - line > np.maximum(DARKER[0], DARKER[1] * line)
    return np.where(clear, (band - line) / np.maximum(1 - line, 1e-3), 0).clip(0, 1)


def _across(dark: Dark, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.float32]:
    """Return the ink that leads across a band: straight between what is above and what is below, at any slant.

    What is on one side only reaches to the middle of the band.
    """
    depth, width = rows.shape
    above = dark[np.maximum(rows[0] - 1, 0), columns]
    below = dark[np.minimum(rows[-1] + 1, len(dark) - 1), columns]
    share = (np.arange(depth)[:, None] + 1) / (depth + 1)  # (b, 1), from above to below
    found = np.where(share <= 0.5, above, below)
    if depth % 2:
        found[depth // 2] = np.minimum(above, below)
    for slant in range(-2 * depth, 2 * depth + 1, max(1, depth // 5)):
        up = np.clip(columns - (slant * share).round().astype(int), 0, width - 1)
        down = np.clip(columns + (slant * (1 - share)).round().astype(int), 0, width - 1)
        np.maximum(found, np.minimum(above[up], below[down]), out=found)
    return found
