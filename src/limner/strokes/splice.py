"""Splicing: a stroke that begins and ends near a place inside another one becomes a part of it.

The second step of the Single-Line project. There a stroke ``a`` went in whole before the point ``b[k]`` of
another one where ``|a[0] - b[k]| + |a[-1] - b[k]|`` was smallest, while that was below a limit, and never
turned round: the pen could jump across. Here the two new segments themselves are measured, ``a`` may be
turned round, and the last segment of ``b`` counts too.

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
    """Where a stroke goes into another."""

    cost: float
    """Length of the two new segments together."""
    stroke: int
    """The one that goes in."""
    host: int
    after: int
    """The point of the host behind which it goes in."""
    backward: bool


def spliced(drawing: Drawing, distance: float) -> Drawing:
    """Splice strokes into others, the cheapest first, while the two new segments together are shorter.

    Every point stays where it is, and no segment is new but those two; a stroke of one point may go in, but
    nothing can go into it.

    Parameters
    ----------
    drawing : Drawing
    distance : float
        Length of both new segments together, in the drawing's units, that is not reached.
    """
    strokes: list[Stroke] = list(drawing.strokes)
    while (best := find_splice(strokes, distance)) is not None:
        host, guest = strokes[best.host], strokes[best.stroke][:: -1 if best.backward else 1]
        strokes[best.host] = np.concatenate([host[: best.after + 1], guest, host[best.after + 1 :]])
        del strokes[best.stroke]
    return drawing.replace(strokes=tuple(strokes))


def find_splice(strokes: Sequence[Stroke], distance: float) -> Splice | None:
    """Find the cheapest splice below a distance; of equally cheap ones the first."""
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
            at = int(costs.argmin())
            if costs[at] < (best.cost if best else distance):
                best = Splice(float(costs[at]), index, int(host[at]), int(after[at]), bool(backward))
    return best
