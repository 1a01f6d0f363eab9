"""A natural order of strokes: from the top left, each next one near to where the pen is.

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

MOST_UNTANGLED = 200
"""Drawings of more strokes are ordered by the nearest next stroke alone."""

LEAST_GAIN = 1e-6


def ordered(drawing: Drawing) -> Drawing:
    """Order and turn the strokes so that the pen travels little between them.

    The first stroke starts at the end nearest to the top-left corner of the drawing. From there on the stroke
    with the nearest end follows; then stretches of the order are turned round while that shortens the travel.
    Closed strokes start anew at their point nearest to the pen.

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
    order, turned = _nearest(ends, np.asarray(drawing.bounds[:2]))
    if len(order) <= MOST_UNTANGLED:
        order, turned = _untangled(ends, order, turned)
    strokes = [drawing.strokes[i][:: -1 if back else 1] for i, back in zip(order, turned, strict=True)]
    return drawing.replace(strokes=tuple(_rings_turned(strokes)))


def travel(drawing: Drawing) -> float:
    """Give the way of the lifted pen from stroke to stroke, in the drawing's units."""
    pairs = zip(drawing.strokes, drawing.strokes[1:], strict=False)
    return float(sum(np.hypot(*(b[0].astype(np.float64) - a[-1])) for a, b in pairs))


def _nearest(ends: Floats, start: Floats) -> tuple[list[int], list[bool]]:
    left = np.ones(len(ends), dtype=bool)
    pen, order, turned = start, list[int](), list[bool]()
    for _ in range(len(ends)):
        away = np.where(left[:, None], np.hypot(*np.moveaxis(ends - pen, 2, 0)), np.inf)  # (S, 2)
        stroke, end = divmod(int(away.argmin()), 2)
        left[stroke] = False
        order.append(stroke)
        turned.append(end == 1)
        pen = ends[stroke, 1 - end]
    return order, turned


def _untangled(ends: Floats, order: list[int], turned: list[bool]) -> tuple[list[int], list[bool]]:
    """Turn stretches of the order round, with their strokes, while the travel becomes shorter (2-opt)."""
    at, back = np.array(order), np.array(turned)
    for _ in range(4 * len(at)):
        first = ends[at, back.astype(int)]  # (S, 2), where each stroke begins
        last = ends[at, 1 - back.astype(int)]
        nothing = np.full((1, 2), np.nan)
        after = np.concatenate([first[1:], nothing])
        now = _apart(last, after)  # (S,), from each stroke to the next
        # strokes i + 1 to j turned round: from last i to last j, and from first i + 1 to first j + 1
        gain = (
            now[:, None] + now[None] - _apart(last[:, None], last[None]) - _apart(after[:, None], after[None])
        )
        gain = np.triu(gain, 1)
        i, j = divmod(int(gain.argmax()), len(at))
        if gain[i, j] <= LEAST_GAIN:
            break
        at[i + 1 : j + 1] = at[i + 1 : j + 1][::-1]
        back[i + 1 : j + 1] = ~back[i + 1 : j + 1][::-1]
    return at.tolist(), back.tolist()


def _apart(one: Floats, two: Floats) -> Floats:
    """Give distances; behind the last stroke there is nothing to go to, which costs nothing."""
    return np.asarray(np.nan_to_num(np.hypot(*np.moveaxis(one - two, -1, 0)), nan=0.0))


def _rings_turned(strokes: Sequence[Stroke]) -> list[Stroke]:
    found: list[Stroke] = []
    for stroke in strokes:
        if found and len(stroke) > 3 and (stroke[0] == stroke[-1]).all():
            start = int(np.hypot(*(stroke - found[-1][-1]).T).argmin())
            found.append(np.concatenate([stroke[start:-1], stroke[: start + 1]]))
        else:
            found.append(stroke)
    return found
