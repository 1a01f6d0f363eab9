"""Fixes of strokes, applied to a drawing: pure functions of strokes and fixes.

Letters: ``n`` points of a stroke, ``S`` strokes.
"""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from limner.scan.fixes import DeleteFix, JoinFix, OrderFix, ReverseFix, SplitFix
from limner.strokes.geometry import arc_lengths, points_along

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from limner.scan.fixes import Place, StrokeFix, Trail

    Stroke: TypeAlias = NDArray[np.float32]
    Strokes: TypeAlias = list[Stroke]

TRAIL = (0.0, 1 / 3, 2 / 3, 1.0)
"""Shares of a stroke's length at which the points of its trail lie."""


class Found(NamedTuple):
    """A stroke that a trail names."""

    number: int
    backwards: bool
    """Whether it is drawn the other way than the trail."""


class Mended(NamedTuple):
    """Strokes after fixes."""

    strokes: Strokes
    unmet: list[StrokeFix]
    """Fixes whose strokes were not found."""


def mend(strokes: Sequence[Stroke], fixes: Sequence[StrokeFix], tolerance_px: float) -> Mended:
    """Apply fixes in order; those whose strokes are not there change nothing.

    Parameters
    ----------
    strokes : sequence of float32 arrays of shape ``(n, 2)``
    fixes : sequence of StrokeFix
    tolerance_px : float
        How far the points of trails may lie from the stroke that they name.
    """
    left, unmet = list(strokes), []
    for fix in fixes:
        mended = _mended(fix, left, tolerance_px)
        if mended is None:
            unmet.append(fix)
        else:
            left = mended
    return Mended(left, unmet)


def trail_of(stroke: NDArray[np.floating]) -> Trail:
    """Return the points by which fixes name a stroke."""
    one, two, three, four = ((float(x), float(y)) for x, y in _trail(stroke))
    return (one, two, three, four)


def find_stroke(strokes: Sequence[Stroke], trail: Trail, tolerance_px: float) -> Found | None:
    """Return the stroke that a trail names, None if there is none within the tolerance.

    Both ends must lie within it, and the two points between must lie that near to the stroke. Of several the
    one whose own trail is nearest is taken.
    """
    wanted = np.array(trail)
    best: tuple[float, Found] | None = None
    for number, stroke in enumerate(strokes):
        own = _trail(stroke)
        for backwards in (False, True):
            away = np.hypot(*(own[::-1] - wanted if backwards else own - wanted).T)
            nearer = best is None or away.sum() < best[0]
            ends_fit = max(away[0], away[3]) <= tolerance_px
            if nearer and ends_fit and _distance(stroke, wanted[1:3]) <= tolerance_px:
                best = (float(away.sum()), Found(number, backwards))
    return best[1] if best else None


@singledispatch
def _mended(fix: StrokeFix, strokes: Strokes, tolerance_px: float) -> Strokes | None:  # noqa: ARG001
    """Return the strokes after one fix, None if it finds nothing."""
    raise TypeError(f"no fix of strokes: {fix!r}")


@_mended.register(JoinFix)
def _join(fix: JoinFix, strokes: Strokes, tolerance_px: float) -> Strokes | None:
    one, two = (find_stroke(strokes, trail, tolerance_px) for trail in (fix.first, fix.second))
    if one is None or two is None:
        return None
    if one.number == two.number:
        stroke = strokes[one.number]
        if len(stroke) < 3 or (stroke[0] == stroke[-1]).all():
            return None
        return _replaced(strokes, one.number, [np.concatenate([stroke, stroke[:1]])])
    pieces = [strokes[f.number][::-1] if f.backwards else strokes[f.number] for f in (one, two)]
    start = 1 if (pieces[0][-1] == pieces[1][0]).all() else 0
    whole = np.concatenate([pieces[0], pieces[1][start:]])
    first, last = sorted((one.number, two.number))
    return _replaced(_replaced(strokes, last, []), first, [whole])


@_mended.register(SplitFix)
def _split(fix: SplitFix, strokes: Strokes, tolerance_px: float) -> Strokes | None:
    found = find_stroke(strokes, fix.stroke, tolerance_px)
    if found is None:
        return None
    stroke = strokes[found.number]
    away, along = _nearest(stroke, fix.at)
    at_points = arc_lengths(stroke)
    if away > tolerance_px or not 0 < along < at_points[-1]:
        return None
    here = points_along(stroke, np.array([along])).astype(stroke.dtype)
    before = np.concatenate([stroke[at_points < along], here])
    after = np.concatenate([here, stroke[at_points > along]])
    if (stroke[0] == stroke[-1]).all():
        return _replaced(strokes, found.number, [np.concatenate([after, before[1:]])])
    return _replaced(strokes, found.number, [before, after])


@_mended.register(ReverseFix)
def _reverse(fix: ReverseFix, strokes: Strokes, tolerance_px: float) -> Strokes | None:
    found = find_stroke(strokes, fix.stroke, tolerance_px)
    if found is None:
        return None
    stroke = strokes[found.number]
    return _replaced(strokes, found.number, [stroke if found.backwards else stroke[::-1]])


@_mended.register(DeleteFix)
def _delete(fix: DeleteFix, strokes: Strokes, tolerance_px: float) -> Strokes | None:
    found = find_stroke(strokes, fix.stroke, tolerance_px)
    return None if found is None else _replaced(strokes, found.number, [])


@_mended.register(OrderFix)
def _order(fix: OrderFix, strokes: Strokes, tolerance_px: float) -> Strokes | None:
    found = find_stroke(strokes, fix.stroke, tolerance_px)
    after = find_stroke(strokes, fix.after, tolerance_px) if fix.after else None
    if found is None or (fix.after and after is None):
        return None
    if after is not None and after.number == found.number:
        return None
    others = _replaced(strokes, found.number, [])
    place = 0 if after is None else after.number + (after.number < found.number)
    return [*others[:place], strokes[found.number], *others[place:]]


def _replaced(strokes: Strokes, number: int, by: Strokes) -> Strokes:
    return [*strokes[:number], *by, *strokes[number + 1 :]]


def _trail(stroke: NDArray[np.floating]) -> NDArray[np.float64]:
    return np.asarray(points_along(stroke, arc_lengths(stroke)[-1] * np.array(TRAIL)), np.float64)


def _distance(stroke: Stroke, points: NDArray[np.float64]) -> float:
    """Return how far the farthest of some points is from a stroke."""
    return max(_nearest(stroke, (float(x), float(y)))[0] for x, y in points)


def _nearest(stroke: Stroke, place: Place) -> tuple[float, float]:
    """Return the distance of a stroke from a place, and the arc length where it is nearest."""
    points, here = stroke.astype(np.float64), np.array(place)
    if len(points) == 1:
        return float(np.hypot(*(points[0] - here))), 0.0
    steps = np.diff(points, axis=0)
    lengths = (steps**2).sum(axis=1)
    share = ((here - points[:-1]) * steps).sum(axis=1) / np.where(lengths == 0, 1, lengths)
    share = np.clip(share, 0, 1)
    away = np.hypot(*(points[:-1] + share[:, None] * steps - here).T)
    best = int(away.argmin())
    at_points = arc_lengths(stroke)
    return float(away[best]), float(at_points[best] + share[best] * np.sqrt(lengths[best]))
