"""Joining: strokes whose ends lie near each other become one.

The Single-Line project repeatedly joined the two strokes with the nearest ends while the ends were less than
a distance apart, reversing strokes as needed. Ends do not move when strokes are joined, so one pass over all
pairs of ends, the nearest first, has the same result; here the turn of the pen may be limited, too.

Letters: ``n`` points of a stroke, ``E`` ends of strokes (``2 i`` where stroke ``i`` starts, ``2 i + 1`` where
it ends), ``K`` pairs of ends.
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
    """Distance between the two, in the units of the points."""
    turn: float
    """Angle in radians through which the pen turns on its way: at one end plus at the other."""
    bend: float
    """Angle in radians between the directions of the two strokes; 0 if one continues the other."""


def joined(drawing: Drawing, distance: float, *, max_turn: float = 2 * pi) -> Drawing:
    """Join strokes end to end, the nearest ends first.

    Parameters
    ----------
    drawing : Drawing
    distance : float
        Ends are joined that lie less than this apart, in the drawing's units.
    max_turn : float
        Angle in radians through which the pen may turn on its way; any angle unless given.

    Returns
    -------
    Drawing
        Every stroke takes the position of the first of those that it was joined from. Points are neither
        added nor moved; of two equal ones that meet one is left out.
    """
    pairs = end_pairs(drawing.strokes, distance, look=distance)
    return drawing.replace(strokes=tuple(join(drawing.strokes, (p for p in pairs if p.turn <= max_turn))))


def end_pairs(strokes: Sequence[Stroke], distance: float, *, look: float) -> list[EndPair]:
    """Find the pairs of ends of different strokes that lie less than ``distance`` apart, the nearest first.

    Parameters
    ----------
    strokes : sequence of arrays of shape ``(n, 2)``
    distance : float
    look : float
        Length at the end of a stroke over which its direction is measured.
    """
    if len(strokes) < 2 or not distance > 0:
        return []
    from scipy.spatial import cKDTree

    ends = np.array([stroke[i] for stroke in strokes for i in (0, -1)], dtype=np.float64)  # (E, 2)
    near = cKDTree(ends).query_pairs(distance, output_type="ndarray")  # (K, 2)
    near = near[near[:, 0] // 2 != near[:, 1] // 2]
    apart = np.hypot(*(ends[near[:, 0]] - ends[near[:, 1]]).T)
    near, apart = near[apart < distance], apart[apart < distance]
    inward = np.array([_inward(stroke, i, look) for stroke in strokes for i in (0, -1)])  # (E,)
    one, two = inward[near[:, 0]], inward[near[:, 1]]
    bends = np.nan_to_num(np.abs(_wrapped(two - one - pi)), nan=0.0)
    turns = _turns(ends[near[:, 1]] - ends[near[:, 0]], one, two)
    order = np.lexsort((near[:, 1], near[:, 0], apart))
    rows = np.column_stack([near, apart, turns, bends])[order]
    return [EndPair(int(a), int(b), *measures) for a, b, *measures in rows.tolist()]


def join(strokes: Sequence[NDArray[F]], pairs: Iterable[EndPair]) -> list[NDArray[F]]:
    """Join strokes at pairs of ends, in the order given.

    A pair is ignored if one of its ends is joined already, or if it would close a stroke.

    Returns
    -------
    list of arrays of shape ``(n, 2)``
    """
    from scipy.cluster.hierarchy import DisjointSet

    partner: dict[int, int] = {}
    groups = DisjointSet(range(len(strokes)))
    for pair in pairs:
        if pair.one not in partner and pair.two not in partner and groups.merge(pair.one // 2, pair.two // 2):
            partner[pair.one], partner[pair.two] = pair.two, pair.one
    done: set[int] = set()
    return [
        _chain(strokes, partner, _free_end(partner, 2 * index), done)
        for index in range(len(strokes))
        if index not in done
    ]


def _free_end(partner: dict[int, int], end: int) -> int:
    """Follow joined strokes backwards from an end; return the end that is joined to none."""
    while end in partner:
        end = partner[end] ^ 1
    return end


def _chain(strokes: Sequence[NDArray[F]], partner: dict[int, int], start: int, done: set[int]) -> NDArray[F]:
    """Concatenate joined strokes from a free end on; add their indices to ``done``."""
    pieces: list[NDArray[F]] = []
    end: int | None = start
    last: NDArray[F] | None = None
    while end is not None:
        stroke = strokes[end // 2][:: 1 if end % 2 == 0 else -1]
        done.add(end // 2)
        pieces.append(stroke[1:] if last is not None and (last == stroke[0]).all() else stroke)
        last, end = stroke[-1], partner.get(end ^ 1)
    return np.concatenate(pieces) if len(pieces) > 1 else strokes[start // 2]


def _inward(stroke: Stroke, end: int, look: float) -> float:
    """Return the direction in radians from an end of a stroke into it; NaN for a dot."""
    points = stroke[::-1] if end else stroke
    distances = np.hypot(*(points - points[0]).T)
    far = np.flatnonzero(distances >= look)
    offset = points[int(far[0]) if len(far) else int(distances.argmax())] - points[0]
    return float(np.arctan2(offset[1], offset[0])) if offset.any() else float("nan")


def _turns(across: Floats, one: Floats, two: Floats) -> Floats:
    """Return the angles through which the pen turns: out of one end, across and into the other, ``(K,)``.

    Parameters
    ----------
    across : float64 array of shape ``(K, 2)``
        From the first end to the second.
    one, two : float64 array of shape ``(K,)``
        Inward directions at both ends, in radians.
    """
    direction = np.arctan2(across[:, 1], across[:, 0])
    twice = np.abs(_wrapped(direction - one - pi)) + np.abs(_wrapped(two - direction))
    once = np.abs(_wrapped(two - one - pi))  # where the ends coincide
    return np.nan_to_num(np.where(across.any(axis=1), twice, once), nan=0.0)


def _wrapped(angle: Floats) -> Floats:
    """Return angles from -pi to pi."""
    return (angle + pi) % (2 * pi) - pi
