"""Splicing: a stroke whose ends lie near a segment of another one becomes a part of it.

The second step of the Single-Line project. There a whole stroke ``a`` was inserted before the point ``b[k]``
of another one where ``|a[0] - b[k]| + |a[-1] - b[k]|`` was smallest, while that was below a limit, and was
never reversed: the pen could jump. Here the cost is the length of the two new segments themselves, ``a`` may
be reversed, and the last segment of ``b`` counts too.

Letters: ``n`` points of a stroke, ``N`` segments of all strokes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from limner.strokes.drawing import Drawing

    Stroke = NDArray[np.floating[Any]]


class Splice(NamedTuple):
    """One stroke to be inserted into another."""

    cost: float
    """Length of the two new segments together."""
    stroke: int
    """Index of the stroke that is inserted."""
    host: int
    """Index of the stroke that it is inserted into."""
    after: int
    """Index of the host's point after which it is inserted."""
    backward: bool
    """Whether it is reversed."""


def spliced(drawing: Drawing, distance: float) -> Drawing:
    """Splice strokes into others, the cheapest first, while the two new segments together are shorter.

    Points do not move, and no other segments are added; a stroke of one point may be inserted, but nothing
    can be inserted into it.

    Parameters
    ----------
    drawing : Drawing
    distance : float
        Both new segments together are shorter than this, in the drawing's units.
    """
    strokes: list[Stroke] = list(drawing.strokes)
    while (best := find_splice(strokes, distance)) is not None:
        host, guest = strokes[best.host], strokes[best.stroke][:: -1 if best.backward else 1]
        strokes[best.host] = np.concatenate([host[: best.after + 1], guest, host[best.after + 1 :]])
        del strokes[best.stroke]
    return drawing.replace(strokes=tuple(strokes))


def find_splice(strokes: Sequence[Stroke], distance: float) -> Splice | None:
    """Return the cheapest splice below a distance, of equally cheap ones the first; None if there is none."""
    lengths = [len(stroke) - 1 for stroke in strokes]
    if len(strokes) < 2 or not any(lengths):
        return None
    host = np.repeat(np.arange(len(strokes)), lengths)  # (N,)
    after = np.concatenate([np.arange(n) for n in lengths])
    one = np.concatenate([stroke[:-1] for stroke in strokes]).astype(np.float64)  # (N, 2)
    two = np.concatenate([stroke[1:] for stroke in strokes]).astype(np.float64)
    best: Splice | None = None
    for index, stroke in enumerate(strokes):
        start, end = stroke[0].astype(np.float64), stroke[-1].astype(np.float64)
        for backward, (first, last) in enumerate(((start, end), (end, start))):
            costs = np.hypot(*(one - first).T) + np.hypot(*(two - last).T)
            costs[host == index] = np.inf
            k = int(costs.argmin())
            if costs[k] < (best.cost if best else distance):
                best = Splice(float(costs[k]), index, int(host[k]), int(after[k]), bool(backward))
    return best
