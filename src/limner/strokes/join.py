"""Joining: strokes whose ends lie near each other become one.

The Single-Line project joined the two strokes with the nearest ends again and again while the ends were less
than a distance apart, turning strokes round as needed. Ends do not move when strokes are joined, so one pass
over all pairs of ends from the nearest on gives the same; here the pen may also be asked not to turn sharply.

Letters: ``n`` points of a stroke, ``E`` ends of strokes (``2 i`` where stroke ``i`` starts, ``2 i + 1`` where
it ends).
"""

from __future__ import annotations

from math import pi
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from limner.strokes.drawing import Drawing

    Stroke = NDArray[np.floating[Any]]
    Floats = NDArray[np.float64]

F = TypeVar("F", bound=np.floating[Any])


class EndPair(NamedTuple):
    """Two ends that may be joined."""

    one: int
    """End ``2 i`` is the start of stroke ``i``, end ``2 i + 1`` its end."""
    two: int
    distance: float
    """Between the two, in the units of the points."""
    turn: float
    """Through which the pen turns on its way over, in radians: at one end and at the other together."""
    bend: float
    """Angle between the directions of the two strokes, in radians; 0 if one goes on as the other."""


def joined(drawing: Drawing, distance: float, *, most_turn: float = 2 * pi) -> Drawing:
    """Join strokes end to end, the nearest ends first.

    Parameters
    ----------
    drawing : Drawing
    distance : float
        Ends are joined that lie less than this apart, in the drawing's units.
    most_turn : float
        Radians through which the pen may turn on its way over; any turn unless given.

    Returns
    -------
    Drawing
        Every stroke lies at the place of the first of those that it was joined from. Points are neither
        added nor moved; of two that are equal one is left out.
    """
    pairs = end_pairs(drawing.strokes, distance, look=distance)
    return drawing.replace(strokes=tuple(join(drawing.strokes, (p for p in pairs if p.turn <= most_turn))))


def end_pairs(strokes: Sequence[Stroke], distance: float, *, look: float) -> list[EndPair]:
    """Find the ends of different strokes that lie less than ``distance`` apart, the nearest first.

    Parameters
    ----------
    strokes : sequence of arrays of shape ``(n, 2)``
    distance : float
    look : float
        Length at the end of a stroke over which its direction is taken.
    """
    if len(strokes) < 2 or not distance > 0:
        return []
    from scipy.spatial import cKDTree

    ends = np.array([stroke[i] for stroke in strokes for i in (0, -1)], dtype=np.float64)  # (E, 2)
    near = cKDTree(ends).query_pairs(distance, output_type="ndarray")
    near = near[near[:, 0] // 2 != near[:, 1] // 2]
    apart = np.hypot(*(ends[near[:, 0]] - ends[near[:, 1]]).T)
    near, apart = near[apart < distance], apart[apart < distance]
    inward = np.array([_inward(stroke, i, look) for stroke in strokes for i in (0, -1)])  # (E,)
    one, two = inward[near[:, 0]], inward[near[:, 1]]
    bends = np.nan_to_num(np.abs(_wrapped(two - one - pi)), nan=0.0)
    turns = _turns(ends[near[:, 1]] - ends[near[:, 0]], one, two)
    order = np.lexsort((near[:, 1], near[:, 0], apart))
    rows = np.column_stack([near, apart, turns, bends])[order]
    return [EndPair(int(a), int(b), *others) for a, b, *others in rows.tolist()]


def join(strokes: Sequence[NDArray[F]], pairs: Iterable[EndPair]) -> list[NDArray[F]]:
    """Join strokes at pairs of ends, each end once, in the order given; no stroke is made a ring.

    Returns
    -------
    list of arrays of shape ``(n, 2)``
    """
    partner: dict[int, int] = {}
    group = list(range(len(strokes)))
    for pair in pairs:
        one, two = _root(group, pair.one // 2), _root(group, pair.two // 2)
        if pair.one not in partner and pair.two not in partner and one != two:
            partner[pair.one], partner[pair.two] = pair.two, pair.one
            group[max(one, two)] = min(one, two)
    done: set[int] = set()
    found = []
    for index in range(len(strokes)):
        if index not in done:
            found += [_chain(strokes, partner, _free_end(partner, 2 * index), done)]
    return found


def _free_end(partner: dict[int, int], end: int) -> int:
    """Follow joined strokes backwards from the start of one."""
    while end in partner:
        end = partner[end] ^ 1
    return end


def _chain(strokes: Sequence[NDArray[F]], partner: dict[int, int], start: int, done: set[int]) -> NDArray[F]:
    pieces: list[NDArray[F]] = []
    end: int | None = start
    last: NDArray[F] | None = None
    while end is not None:
        stroke = strokes[end // 2][:: 1 if end % 2 == 0 else -1]
        done.add(end // 2)
        pieces.append(stroke[1:] if last is not None and (last == stroke[0]).all() else stroke)
        last, end = stroke[-1], partner.get(end ^ 1)
    return np.concatenate(pieces) if len(pieces) > 1 else strokes[start // 2]


def _root(group: list[int], index: int) -> int:
    while group[index] != index:
        group[index] = group[group[index]]
        index = group[index]
    return index


def _inward(stroke: Stroke, end: int, look: float) -> float:
    """Give the direction from an end of a stroke into it, in radians; NaN for a dot."""
    points = stroke[::-1] if end else stroke
    away = np.hypot(*(points - points[0]).T)
    far = np.flatnonzero(away >= look)
    at = points[int(far[0]) if len(far) else int(away.argmax())] - points[0]
    return float(np.arctan2(at[1], at[0])) if at.any() else float("nan")


def _turns(across: Floats, one: Floats, two: Floats) -> Floats:
    """Give how far the pen turns that comes out of one end, goes across and into the other."""
    way = np.arctan2(across[:, 1], across[:, 0])
    apart = across.any(axis=1)
    stepped = np.abs(_wrapped(way - one - pi)) + np.abs(_wrapped(two - way))
    at_once = np.abs(_wrapped(two - one - pi))
    return np.nan_to_num(np.where(apart, stepped, at_once), nan=0.0)


def _wrapped(angle: Floats) -> Floats:
    return (angle + pi) % (2 * pi) - pi
