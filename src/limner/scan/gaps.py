"""Gaps in a line where the ink was thin or the pen left the paper for a moment.

Lengths are multiples of the width of the pen. Letters: ``n`` points of a line.
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
"""Ends this near to each other are joined whatever the turn."""

HOP = 2.5
"""Ends this near are joined without a trace of ink between them, ..."""

HOP_BEND = radians(30)
"""... if the directions of both lines differ by less than this ..."""

HOP_TURN = radians(80)
"""... and the pen turns less than this on its way."""

SKIP, SKIP_TURN = 4.0, radians(80)
"""Gaps of this length are bridged over a trace of ink if the pen turns less than this; ..."""

LEAP, LEAP_TURN = 10.0, radians(40)
"""... gaps up to this, if it turns less than this; in between the limit is interpolated."""

MIN_TRACE = 0.015
"""A trace of ink is darker by this than the paper beside it, ..."""

GRAIN_MARGIN = 2.5
"""... and by this many standard deviations of that paper."""

BESIDE = 2.5
"""Distance from the gap at which the paper is sampled, on both sides."""

WINDOW = 3.0
"""Length over which directions are measured."""


def bridge_gaps(lines: Sequence[Points], dark: NDArray[np.float32], pen_px: float) -> list[Points]:
    """Join lines over gaps, the shortest and straightest first.

    Parameters
    ----------
    lines : sequence of float64 arrays of shape ``(n, 2)``
    dark : float32 array of shape ``(H, W)``
        Darkness of the page, about 0 on paper; its border is that of the page.
    pen_px : float
    """
    pairs = end_pairs(lines, LEAP * pen_px, look=WINDOW * pen_px)
    accepted = [pair for pair in pairs if _continues(pair, lines, dark, pen_px)]
    return join(lines, sorted(accepted, key=lambda pair: pair.distance * (1 + pair.turn)))


def _continues(pair: EndPair, lines: Sequence[Points], dark: NDArray[np.float32], pen_px: float) -> bool:
    if pair.distance <= TOUCH * pen_px:
        return True
    if pair.distance <= HOP * pen_px and pair.bend < HOP_BEND and pair.turn < HOP_TURN:
        return True
    limit = float(np.interp(pair.distance / pen_px, [SKIP, LEAP], [SKIP_TURN, LEAP_TURN]))
    return pair.turn < limit and (_is_cut(pair, lines, dark, pen_px) or _has_trace(pair, lines, dark, pen_px))


def _is_cut(pair: EndPair, lines: Sequence[Points], dark: NDArray[np.float32], pen_px: float) -> bool:
    """Return whether both ends lie at one side of the page, beyond which the line went on."""
    ends = np.stack([lines[end // 2][-(end % 2)] for end in (pair.one, pair.two)])
    sides = np.hstack([ends, np.array(dark.shape[::-1]) - ends])
    return bool((sides < pen_px).all(axis=0).any())


def _has_trace(pair: EndPair, lines: Sequence[Points], dark: NDArray[np.float32], pen_px: float) -> bool:
    """Return whether the path across a gap is darker than the paper on both sides of it."""
    one, two = (lines[end // 2][-(end % 2)] for end in (pair.one, pair.two))
    share = np.linspace(0, 1, int(pair.distance) + 3)[1:-1, None]
    normal = np.array([one[1] - two[1], two[0] - one[0]]) / pair.distance * pen_px
    path = one + share * (two - one)  # (n, 2)
    parallel = [path + offset * normal for offset in (-BESIDE, -0.3, 0.0, 0.3, BESIDE)]
    left, *middle, right = (
        nd.map_coordinates(dark, p.T[::-1] - 0.5, order=1, mode="nearest") for p in parallel
    )
    beside = np.concatenate([left, right])
    threshold = np.median(beside) + max(MIN_TRACE, GRAIN_MARGIN * float(beside.std()))
    return bool(np.max(middle, axis=0).min() > threshold)
