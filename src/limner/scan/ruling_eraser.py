"""Printed lines are erased; ink that is darker stays, and strokes are continued across lines.

Letters: ``H`` and ``W`` of the page, ``b`` rows of a band around a line.
"""

from __future__ import annotations

from math import ceil, cos, pi, sin
from typing import TYPE_CHECKING

import numpy as np
import scipy.ndimage as nd

from limner.scan.stroke_bridges import bridge_strokes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from limner.scan.ruling_lines import PrintedLines
    from limner.scan.thresholds import Dark

DARKER = (0.08, 0.6)
"""Ink on a line is darker than the line by this, and by this share of the line's darkness."""

AS_DARK = 0.6
"""Ink that leads across a line is at least this share as dark on the line as beside it."""

DIRECTIONS = 12
"""Directions in which strokes are continued across lines: a stroke of two pixels is hit by one of them."""

FLATTEST = 0.55
"""Sine of the least angle between a line and a direction in which strokes are continued across it. Flatter
ones join ends of strokes along dark lines: on squares of 10 pixels they doubled the false ink."""


def erase_lines(dark: Dark, rows: Sequence[PrintedLines], columns: Sequence[PrintedLines]) -> Dark:
    """Erase lines along rows and along columns.

    Parameters
    ----------
    dark : float32 array of shape ``(H, W)``
    rows, columns : sequences of PrintedLines
    """
    printed = np.zeros_like(dark)
    for lines in rows:
        np.maximum(printed, printed_darkness(dark, lines), out=printed)
    for lines in columns:
        np.maximum(printed, printed_darkness(dark.T, lines).T, out=printed)
    ink = _darker_ink(dark, printed)
    across = bridge_strokes(ink, _gaps(rows, columns))
    kept = np.maximum(ink, np.where(dark >= AS_DARK * across, across, 0))
    return np.where(printed > 0, np.minimum(dark, kept), dark)


def erase_set(dark: Dark, lines: PrintedLines) -> Dark:
    """Erase lines along rows together with what leads across them, to find further sets of lines."""
    return _darker_ink(dark, printed_darkness(dark, lines))


def printed_darkness(dark: Dark, lines: PrintedLines) -> Dark:
    """Return how dark lines along rows are in each pixel, 0 beside them, of shape ``(H, W)``."""
    printed = np.zeros_like(dark)
    reach = len(lines.profile) // 2
    offsets = np.arange(-reach - 1, reach + 2)[:, None]  # (b, 1); a line is seldom in the middle of a pixel
    profile = nd.maximum_filter1d(np.pad(lines.profile, 1), 3, mode="constant")
    columns = np.arange(dark.shape[1])
    for row, shade in zip(lines.rows, lines.shades, strict=True):
        middle = row + lines.course  # (W,)
        rows = middle.round().astype(int) + offsets  # (b, W)
        inside = (rows >= 0) & (rows < len(dark))
        if not inside.any():
            continue
        clipped = np.clip(rows, 0, len(dark) - 1)
        darkest = dark[clipped, columns][reach : reach + 3].max(axis=0)  # the shade is a mean over rows
        shape = np.interp(rows - middle, offsets[:, 0], profile)
        line = max(shade, float(np.median(darkest[inside[reach + 1]]))) * shape
        positions = clipped[inside], np.broadcast_to(columns, rows.shape)[inside]
        printed[positions] = np.maximum(printed[positions], line[inside])
    return printed


def _darker_ink(dark: Dark, printed: Dark) -> Dark:
    """Return ink where it is darker than what is printed; both absorb light independently."""
    clear = dark - printed > np.maximum(DARKER[0], DARKER[1] * printed)
    ink = np.where(clear, (dark - printed) / np.maximum(1 - printed, 1e-3), 0).clip(0, 1)
    return np.where(printed > 0, ink, dark).astype(np.float32)


def _gaps(rows: Sequence[PrintedLines], columns: Sequence[PrintedLines]) -> list[NDArray[np.float64]]:
    """Return, for each direction, the vector from side to side of the gaps that erased lines leave."""
    vectors = []
    for angle in np.arange(DIRECTIONS) * pi / DIRECTIONS:
        slopes = (abs(sin(angle)), rows), (abs(cos(angle)), columns)
        lengths = [
            (len(lines.profile) + 3) / slope for slope, sets in slopes for lines in sets if slope >= FLATTEST
        ]
        if lengths:
            vectors.append(ceil(max(lengths)) * np.array([sin(angle), cos(angle)]))
    return vectors
