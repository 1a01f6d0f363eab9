"""A natural order of strokes: from the top left, each next one near to the pen.

Letters: ``S`` strokes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from limner.strokes.drawing import Drawing, Stroke

    Floats = NDArray[np.float64]

MAX_IMPROVED = 200
"""Strokes up to which the order is improved by 2-opt, whose steps take a time quadratic in their number."""

MIN_GAIN = 1e-6
"""Shortening of the travel, in the drawing's units, below which it counts as rounding error."""

SWAPS_PER_STROKE = 4
"""2-opt ends after so many reversals for each stroke, if not sooner."""


def ordered(drawing: Drawing) -> Drawing:
    """Order and reverse the strokes so that the pen travels little between them.

    The first stroke starts at the end nearest to the top-left corner of the drawing. From there on the stroke
    with the nearest end follows; then stretches of the order are reversed while that shortens the travel.
    Closed strokes are rotated to start at their point nearest to the pen.

    Parameters
    ----------
    drawing : Drawing

    Returns
    -------
    Drawing
        The same strokes, some of them reversed.
    """
    if not len(drawing):
        return drawing
    ends = np.array([[s[0], s[-1]] for s in drawing], dtype=np.float64)  # (S, 2, 2)
    order, reverse = _nearest_next(ends, np.asarray(drawing.bounds[:2]))
    if len(order) <= MAX_IMPROVED:
        order, reverse = _two_opt(ends, order, reverse)
    strokes = [drawing.strokes[i][:: -1 if back else 1] for i, back in zip(order, reverse, strict=True)]
    return drawing.replace(strokes=tuple(_rotated_rings(strokes)))


def travel(drawing: Drawing) -> float:
    """Return the distance that the lifted pen travels from stroke to stroke, in the drawing's units."""
    pairs = zip(drawing.strokes, drawing.strokes[1:], strict=False)
    return float(sum(np.hypot(*(b[0].astype(np.float64) - a[-1])) for a, b in pairs))


def _nearest_next(ends: Floats, start: Floats) -> tuple[list[int], list[bool]]:
    """Return an order, and which strokes are reversed in it: the nearest end is always next."""
    left = np.ones(len(ends), dtype=bool)
    pen, order, reverse = start, list[int](), list[bool]()
    for _ in range(len(ends)):
        distances = np.where(left[:, None], np.hypot(*np.moveaxis(ends - pen, 2, 0)), np.inf)  # (S, 2)
        stroke, end = divmod(int(distances.argmin()), 2)
        left[stroke] = False
        order.append(stroke)
        reverse.append(end == 1)
        pen = ends[stroke, 1 - end]
    return order, reverse


def _two_opt(ends: Floats, order: list[int], reverse: list[bool]) -> tuple[list[int], list[bool]]:
    """Reverse stretches of the order, and the strokes in them, while that shortens the travel."""
    index, back = np.array(order), np.array(reverse)
    for _ in range(SWAPS_PER_STROKE * len(index)):
        first = ends[index, back.astype(int)]  # (S, 2), where each stroke begins
        last = ends[index, 1 - back.astype(int)]
        after = np.concatenate([first[1:], np.full((1, 2), np.nan)])
        now = _distances(last, after)  # (S,), from each stroke to the next
        # strokes i + 1 to j reversed: from last i to last j, and from first i + 1 to first j + 1
        gain = now[:, None] + now[None]
        gain = gain - _distances(last[:, None], last[None]) - _distances(after[:, None], after[None])
        gain = np.triu(gain, 1)
        i, j = divmod(int(gain.argmax()), len(index))
        if gain[i, j] <= MIN_GAIN:
            break
        index[i + 1 : j + 1] = index[i + 1 : j + 1][::-1]
        back[i + 1 : j + 1] = ~back[i + 1 : j + 1][::-1]
    return index.tolist(), back.tolist()


def _distances(one: Floats, two: Floats) -> Floats:
    """Return distances between points; 0 to NaN, which stands for the end of the drawing."""
    return np.asarray(np.nan_to_num(np.hypot(*np.moveaxis(one - two, -1, 0)), nan=0.0))


def _rotated_rings(strokes: Sequence[Stroke]) -> list[Stroke]:
    """Let each closed stroke start at its point nearest to the end of the stroke before."""
    rotated: list[Stroke] = []
    for stroke in strokes:
        if rotated and len(stroke) > 3 and (stroke[0] == stroke[-1]).all():
            start = int(np.hypot(*(stroke - rotated[-1][-1]).T).argmin())
            rotated.append(np.concatenate([stroke[start:-1], stroke[: start + 1]]))
        else:
            rotated.append(stroke)
    return rotated
