"""Order and direction of strokes that save travel: the nearest next, 2-opt and Or-opt, and kicks.

A ring, a stroke that ends where it begins, may be entered at any of its points.
Sources: Croes 1958 (2-opt); Or 1976 (moving runs of up to three); Martin, Otto and Felten 1991 (kicks: two
neighbouring runs change places, and what gets no shorter by the repair is undone).

Letters: ``S`` strokes, ``C`` candidates: the points at which a stroke may be entered.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MIN_GAIN_MM = 1e-6
"""Shortening of the travel below which it counts as rounding error."""
ROUNDS = 4
"""How often rings are entered again and the order is improved again, at most."""
SWEEPS = 30
"""Sweeps over all strokes in one improvement, at most."""
WINDOW = 1500
"""Strokes before and behind that an improvement looks at, which bounds the time on very full pages."""
KICKS_PER_STROKE = 10
"""Kicks for each stroke."""
MOST_KICKS = 400
"""Kicks at most."""
LONGEST_KICK = 50
"""Strokes that a kick spans, at most."""
LONGEST_RUN = 3
"""Strokes that Or-opt moves together, at most."""


def ordered_strokes(strokes: Sequence[Floats], start: Floats) -> list[Floats]:
    """Return strokes in an order and direction in which the lifted pen travels little.

    Parameters
    ----------
    strokes : sequence of float64 arrays of shape ``(n, 2)``, n >= 1
    start : float64 array of shape ``(2,)``
        Where the pen is before.

    Returns
    -------
    list of float64 arrays
        The same lines; some are reversed, and rings may begin elsewhere.
    """
    if not strokes:
        return []
    tour = _Tour(strokes, start)
    tour.improve()
    tour.kick()
    best, length = tour.strokes(), tour.travel()
    for _ in range(ROUNDS if tour.rings.any() else 0):
        tour.enter_rings()
        tour.improve()
        if tour.travel() >= length - MIN_GAIN_MM:
            break
        best, length = tour.strokes(), tour.travel()
    return best


def is_ring(stroke: Floats) -> bool:
    """Return whether a stroke ends where it begins and is more than a line there and back."""
    return len(stroke) > 3 and bool((stroke[0] == stroke[-1]).all())


class _Tour:
    """An order of strokes: which, where each is entered, and where it is left."""

    def __init__(self, strokes: Sequence[Floats], start: Floats) -> None:
        self.all = strokes
        self.start = np.asarray(start, np.float64)
        self.rings = np.array([is_ring(stroke) for stroke in strokes])
        self.due = np.zeros(len(strokes), dtype=bool)  # by stroke, not by position: is to be looked at again
        self.order, self.entry = _nearest_next(
            strokes, self.rings, self.start
        )  # (S,), (S,): index of a point
        self.begins = np.empty((len(strokes), 2))
        self.ends = np.empty((len(strokes), 2))
        for k, (which, point) in enumerate(zip(self.order, self.entry, strict=True)):
            stroke = strokes[which]
            self.begins[k], self.ends[k] = _ends(stroke, int(point), bool(self.rings[which]))

    def travel(self) -> float:
        return float(np.hypot(*(self.begins - [self.start, *self.ends[:-1]]).T).sum())

    def strokes(self) -> list[Floats]:
        return [
            _entered(self.all[which], begin, bool(self.rings[which]))
            for which, begin in zip(self.order, self.begins, strict=True)
        ]

    def improve(self) -> None:
        """Reverse runs and move short ones while that shortens the travel.

        A stroke is looked at again only when what lies beside it has changed.
        """
        self.due[:] = True
        self._repair()

    def kick(self) -> None:
        """Let neighbouring runs change places at random, and keep that where it ends up shorter."""
        n = len(self.order)
        if n < 2 * LONGEST_RUN:
            return
        dice = np.random.default_rng(n)  # the same strokes, the same order
        length = self.travel()
        for _ in range(min(MOST_KICKS, KICKS_PER_STROKE * n)):
            order, begins, ends = self.order.copy(), self.begins.copy(), self.ends.copy()
            first = int(dice.integers(0, n - 2))
            cuts = first + 1 + np.sort(dice.choice(min(LONGEST_KICK, n - first - 1), 2, replace=False))
            self._take(first, int(cuts[0]), int(cuts[1]), turned=False)
            self._look_again(first, first + int(cuts[1] - cuts[0]), int(cuts[1]))
            self._repair()
            if self.travel() > length - MIN_GAIN_MM:
                self.order, self.begins, self.ends = order, begins, ends
            length = min(length, self.travel())

    def _repair(self) -> None:
        """Reverse runs and move short ones around the strokes that are due."""
        for _ in range(SWEEPS):
            places = np.flatnonzero(self.due[self.order])
            if not len(places):
                break
            for i in places.tolist():
                if self.due[self.order[i]]:
                    self.due[self.order[i]] = self._two_opt(i) or self._or_opt(i)
        self.due[:] = False

    def enter_rings(self) -> None:
        """Enter every ring at the point that lies best between its neighbours."""
        for k, which in enumerate(self.order):
            if self.rings[which]:
                points = self.all[which]
                way = _distances(points, self.ends[k - 1] if k else self.start)
                if k + 1 < len(self.order):
                    way = way + _distances(points, self.begins[k + 1])
                self.begins[k] = self.ends[k] = points[int(way.argmin())]

    def _two_opt(self, i: int) -> bool:
        """Reverse strokes ``i`` to the best ``j``; return whether there was a gain."""
        stop = min(len(self.order), i + WINDOW)
        before = self.ends[i - 1] if i else self.start
        begins, ends = self.begins[i:stop], self.ends[i:stop]
        gain = _distances(before, begins[0]) - _distances(ends, before)
        after = self.begins[i + 1 : stop + 1]
        n = len(after)  # the last stroke of all has none
        gain[:n] += _distances(ends[:n], after) - _distances(begins[0], after)
        j = int(gain.argmax())
        if gain[j] <= MIN_GAIN_MM:
            return False
        run = slice(i, i + j + 1)
        self.order[run] = self.order[run][::-1]
        self.begins[run], self.ends[run] = self.ends[run][::-1].copy(), self.begins[run][::-1].copy()
        self._look_again(i, i + j + 1)
        return True

    def _look_again(self, *positions: int) -> None:
        """Make the strokes before and behind positions due."""
        near = np.array([k for at in positions for k in (at - 1, at)])
        self.due[self.order[near[(near >= 0) & (near < len(self.order))]]] = True

    def _or_opt(self, i: int) -> bool:
        """Move the run that begins at ``i`` to where it lies best; return whether there was a gain."""
        sizes = range(1, min(LONGEST_RUN, len(self.order) - i) + 1)
        return any(self._move(i, size) for size in sizes)

    def _move(self, i: int, size: int) -> bool:
        stop, n = i + size, len(self.order)
        first, last = self.begins[i], self.ends[stop - 1]
        before = self.ends[i - 1] if i else self.start
        saved = _distances(before, first)
        if stop < n:
            saved += _distances(last, self.begins[stop]) - _distances(before, self.begins[stop])
        if saved <= MIN_GAIN_MM:
            return False
        gaps = np.arange(max(0, i - WINDOW), min(n, stop + WINDOW) + 1)  # before stroke k; n: behind all
        gaps = gaps[(gaps < i) | (gaps > stop)]
        if not len(gaps):
            return False
        cost = np.stack([self._inserted(gaps, first, last), self._inserted(gaps, last, first)])
        turn, k = divmod(int(cost.argmin()), len(gaps))
        if saved - cost[turn, k] <= MIN_GAIN_MM:
            return False
        self._take(i, stop, int(gaps[k]), turned=bool(turn))
        return True

    def _inserted(self, gaps: NDArray[np.int64], first: Floats, last: Floats) -> Floats:
        """Return what it costs to draw a run from ``first`` to ``last`` in each of the gaps."""
        left = np.concatenate([self.start[None], self.ends])[gaps]
        cost = _distances(left, first)
        inner = gaps < len(self.order)
        right = self.begins[gaps[inner]]
        cost[inner] += _distances(right, last) - _distances(left[inner], right)
        return cost

    def _take(self, i: int, stop: int, gap: int, *, turned: bool) -> None:
        n = len(self.order)
        run = np.arange(i, stop)[:: -1 if turned else 1]
        rest = np.concatenate([np.arange(i), np.arange(stop, n)])
        place = gap if gap <= i else gap - (stop - i)
        index = np.concatenate([rest[:place], run, rest[place:]])
        begins, ends = self.begins.copy(), self.ends.copy()
        if turned:
            begins[run], ends[run] = self.ends[run], self.begins[run]
        self.order, self.begins, self.ends = self.order[index], begins[index], ends[index]
        self._look_again(i if gap > i else stop, place, place + stop - i)


def _nearest_next(
    strokes: Sequence[Floats], rings: NDArray[np.bool_], start: Floats
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return an order, and the point that each stroke is entered at: the nearest one is always next."""
    points = [s if ring else s[[0, -1]] for s, ring in zip(strokes, rings, strict=True)]
    owner = np.repeat(np.arange(len(points)), [len(p) for p in points])  # (C,)
    first = np.concatenate([[0], np.cumsum([len(p) for p in points])])
    candidates = np.concatenate(points)  # (C, 2)
    pen, order, entry = start, list[int](), list[int]()
    for _ in strokes:
        found = int(((candidates - pen) ** 2).sum(axis=1).argmin())
        which = int(owner[found])
        order.append(which)
        entry.append(found - int(first[which]))
        pen = _ends(strokes[which], entry[-1], bool(rings[which]))[1]
        candidates[first[which] : first[which + 1]] = np.inf
    return np.array(order), np.array(entry)


def _ends(stroke: Floats, point: int, ring: bool) -> tuple[Floats, Floats]:
    """Return where a stroke begins and ends that is entered at a candidate."""
    if ring:
        return stroke[point], stroke[point]
    return (stroke[-1], stroke[0]) if point else (stroke[0], stroke[-1])


def _entered(stroke: Floats, begin: Floats, ring: bool) -> Floats:
    """Return a stroke from one of its ends, or a ring from one of its points."""
    if not ring:
        return stroke if (stroke[0] == begin).all() else stroke[::-1]
    k = int(np.flatnonzero((stroke == begin).all(axis=1))[0])
    return np.concatenate([stroke[k:-1], stroke[: k + 1]])


def _distances(one: Floats, two: Floats) -> Floats:
    return np.asarray(np.sqrt(((one - two) ** 2).sum(axis=-1)))
