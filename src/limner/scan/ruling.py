"""Printed lines, squares and dots are erased from the darkness of a page; strokes across them stay whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from limner.scan.ruling_dots import erase_dots
from limner.scan.ruling_eraser import erase_lines, erase_set
from limner.scan.ruling_lines import find_printed_lines

if TYPE_CHECKING:
    from limner.scan.ruling_lines import PrintedLines
    from limner.scan.thresholds import Dark

MAX_SETS = 3
"""Sets of lines that are looked for along rows, and along columns: finer ones among coarser ones."""

RulingKind = Literal["lines", "squares", "dots"]


@dataclass(frozen=True)
class Ruling:
    """What was printed on a page."""

    kind: RulingKind
    spacing: float
    """Of neighboring lines or dots, in pixels of the picture."""
    shade: float
    """Darkness, from 0 to 1."""

    def __str__(self) -> str:
        """Describe it in a few words."""
        what = {"lines": "lines every", "squares": "squares of", "dots": "dots every"}[self.kind]
        return f"printed {what} {self.spacing:.3g} pixels"


def erase_ruling(dark: Dark) -> tuple[Dark, Ruling | None]:
    """Erase printed lines, squares or dots.

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
    rows, columns = _find_rows(dark), _find_rows(dark.T)
    sets = rows + columns
    if sets:
        shade = max(float(np.median(lines.shades)) for lines in sets)
        kind: RulingKind = "squares" if rows and columns else "lines"
        return erase_lines(dark, rows, columns), Ruling(kind, sets[0].spacing, shade)
    dark, dots = erase_dots(dark)
    return dark, Ruling("dots", *dots) if dots else None


def _find_rows(dark: Dark) -> list[PrintedLines]:
    """Find all sets of lines along rows."""
    sets: list[PrintedLines] = []
    while len(sets) < MAX_SETS:
        lines = find_printed_lines(dark)
        if lines is None:
            break
        dark = erase_set(dark, lines)
        sets.append(lines)
    return sets
