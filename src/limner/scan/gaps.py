"""Gaps in a line where the ink was thin or the pen left the paper for a moment.

Lengths count in widths of the pen. Letters: ``n`` points of a line.
"""

from __future__ import annotations

from math import radians
from typing import TYPE_CHECKING

import numpy as np
import scipy.ndimage as nd

from limner.strokes.join import EndPair, end_pairs, join

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from limner.scan.graph import Points

TOUCH = 1.0
"""Ends so near to each other touch: they are one line whatever its turn."""

HOP = 2.5
HOP_BEND = radians(30)
HOP_TURN = radians(80)
"""Over this gap a line goes on if both sides of it lie in one direction, nearly, and in one line, roughly."""

SKIP = 4.0
SKIP_TURN = radians(80)
LEAP = 10.0
LEAP_TURN = radians(40)
"""Over gaps up to these it goes on if it turns no more, and there is a trace of ink all the way:"""

LEAST_TRACE = 0.015
GRAIN_MARGIN = 2.5
"""so much darker than the paper beside it, and so many standard deviations of that paper."""

BESIDE = 2.5
"""Where that paper is, on both sides."""

LOOK = 3.0
"""Length over which directions are taken."""


def bridged(lines: Sequence[Points], dark: NDArray[np.float32], pen_px: float) -> list[Points]:
    """Join lines over gaps, those with the shortest and straightest way first.

    Parameters
    ----------
    lines : sequence of float64 arrays of shape ``(n, 2)``
    dark : float32 array of shape ``(H, W)``
        Darkness of the page, about 0 on paper; where it ends, the page does.
    pen_px : float
    """
    pairs = end_pairs(lines, LEAP * pen_px, look=LOOK * pen_px)
    good = [pair for pair in pairs if _goes_on(pair, lines, dark, pen_px)]
    return join(lines, sorted(good, key=lambda pair: pair.distance * (1 + pair.turn)))


def _goes_on(pair: EndPair, lines: Sequence[Points], dark: NDArray[np.float32], pen_px: float) -> bool:
    if pair.distance <= TOUCH * pen_px:
        return True
    if pair.distance <= HOP * pen_px and pair.bend < HOP_BEND and pair.turn < HOP_TURN:
        return True
    limit = float(np.interp(pair.distance / pen_px, [SKIP, LEAP], [SKIP_TURN, LEAP_TURN]))
    return pair.turn < limit and (_is_cut(pair, lines, dark, pen_px) or _has_trace(pair, lines, dark, pen_px))


def _is_cut(pair: EndPair, lines: Sequence[Points], dark: NDArray[np.float32], pen_px: float) -> bool:
    """Tell whether both ends lie at one side of the page, behind which the line went on."""
    ends = np.stack([lines[end // 2][-(end % 2)] for end in (pair.one, pair.two)])
    sides = np.hstack([ends, np.array(dark.shape[::-1]) - ends])
    return bool((sides < pen_px).all(axis=0).any())


def _has_trace(pair: EndPair, lines: Sequence[Points], dark: NDArray[np.float32], pen_px: float) -> bool:
    """Tell whether the way over is darker than the paper on both sides of it."""
    one, two = (lines[end // 2][-(end % 2)] for end in (pair.one, pair.two))
    share = np.linspace(0, 1, int(pair.distance) + 3)[1:-1, None]
    across = np.array([one[1] - two[1], two[0] - one[0]]) / pair.distance * pen_px
    way = one + share * (two - one)  # (n, 2)
    around = [way + offset * across for offset in (-BESIDE, -0.3, 0.0, 0.3, BESIDE)]
    left, *middle, right = (
        nd.map_coordinates(dark, p.T[::-1] - 0.5, order=1, mode="nearest") for p in around
    )
    beside = np.concatenate([left, right])
    least = np.median(beside) + max(LEAST_TRACE, GRAIN_MARGIN * float(beside.std()))
    return bool(np.max(middle, axis=0).min() > least)
