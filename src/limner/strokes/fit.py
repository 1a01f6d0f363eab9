"""Cubic Bézier curves fitted to polylines within a tolerance.

From its first point on, a polyline is covered by the longest straight line or curve that stays within the
tolerance. A curve leaves its ends along the tangents of the polyline there, so that curves meet smoothly
except at corners; its two free lengths are those of the least squares, and points are assigned to its
parameters again by Newton's method.
Source: Schneider 1990, "An algorithm for automatically fitting digitized curves" (Graphics Gems), whose
splitting at the worst point is replaced by the longest piece that fits.

Letters: ``n`` points of a polyline, ``m`` samples of a curve, ``K`` curves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

TANGENT_REACH = 3.0
"""How far along the polyline a tangent looks, in tolerances."""
CORNER_COSINE = 0.4
"""Where the polyline turns by more (66 degrees), two curves need not meet smoothly."""
NEWTON_STEPS = 4
"""How often points are assigned to a curve again."""
SAFETY = 0.93
"""Share of the tolerance that samples of a curve may take, as it may go further between them."""
MIN_EDGES = 4
"""Edges that a curve replaces at least; fewer have no more numbers than it."""
MAX_EDGES = 256
"""Edges that a curve replaces at most, which bounds the time that one takes."""
SAMPLES, LEAST_SAMPLES = 4, 96
"""Samples of a curve for each edge that it replaces, and at least."""
SHARES_OF_EDGES = (0.0, 0.25, 0.5, 0.75)
"""Where edges are sampled."""


def fitted_cubics(points: ArrayLike, tolerance: float) -> Floats:
    """Return cubic curves that lie within a tolerance of a polyline, as it does of them.

    Parameters
    ----------
    points : array_like of shape ``(n, 2)``, n >= 1
    tolerance : float
        Largest distance, above 0, in the units of the points.

    Returns
    -------
    float64 array of shape ``(K, 4, 2)``
        Each begins where the one before ends. Of a straight one the inner points are its ends. None for a
        single point.

    Raises
    ------
    ValueError
        If the tolerance is not above 0.
    """
    if not tolerance > 0:
        raise ValueError(f"a tolerance is above 0, not {tolerance}.")
    line = np.asarray(points, np.float64)
    line = line[np.concatenate([[True], (np.diff(line, axis=0) != 0).any(axis=1)])]
    guide = _tangents(line, tolerance)
    curves, at = list[Floats](), 0
    while at < len(line) - 1:
        curve, at = _longest(line, at, guide, tolerance * SAFETY)
        curves.append(curve)
    return np.array(curves).reshape(-1, 4, 2)


def is_straight(curve: Floats) -> bool:
    """Return whether a curve ``(4, 2)`` is a straight line, whose inner points are its ends."""
    return bool((curve[1] == curve[0]).all() and (curve[2] == curve[3]).all())


class _Tangents(NamedTuple):
    """Unit vectors along a polyline at its points, ``(n, 2)`` each: as it arrives and as it leaves."""

    arriving: Floats
    leaving: Floats


def _tangents(line: Floats, tolerance: float) -> _Tangents:
    """Return the tangents of a polyline; both are the same where it has no corner."""
    places = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    reach = TANGENT_REACH * tolerance
    before, after = (
        np.stack([np.interp(places + step, places, line[:, k]) for k in (0, 1)], axis=1)
        for step in (-reach, reach)
    )
    arriving, leaving = _unit(line - before), _unit(after - line)
    smooth = ((arriving * leaving).sum(axis=1) > CORNER_COSINE)[:, None]
    middle = _unit(arriving + leaving)
    return _Tangents(np.where(smooth, middle, arriving), np.where(smooth, middle, leaving))


def _longest(line: Floats, at: int, guide: _Tangents, bound: float) -> tuple[Floats, int]:
    """Return the longest piece from a point on, and the index of the point where it ends."""
    last = min(len(line) - 1, at + MAX_EDGES)
    straight = _furthest(lambda to: _chord(line[at : to + 1], bound), at, last, 1)
    curved = _furthest(lambda to: _curve(line, at, to, guide, bound), at, last, MIN_EDGES)
    if curved is None or (straight is not None and 3 * (straight[1] - at) >= curved[1] - at):
        if straight is not None:
            return straight
        return _line(line[at], line[at + 1]), at + 1
    return curved


def _furthest(
    fit: Callable[[int], Floats | None], at: int, last: int, least: int
) -> tuple[Floats, int] | None:
    """Return the longest piece that fits, of at least some edges: doubled while it fits, then halved."""
    best: tuple[Floats, int] | None = None
    size, failed = least, last - at + 1
    while size < failed:
        piece = fit(at + size)
        if piece is None:
            failed = size
        else:
            best = (piece, at + size)
        low = 0 if best is None else best[1] - at
        size = min(2 * low, last - at) if failed > last - at else (low + failed) // 2
        if size <= max(low, least - 1):
            break
    return best


def _chord(points: Floats, bound: float) -> Floats | None:
    """Return the straight piece between the ends of points, if they lie near it and in its order."""
    way = points[-1] - points[0]
    length = np.hypot(*way)
    if length == 0:
        return None
    along = (points - points[0]) @ way / length
    if (np.diff(along) < -bound).any() or _farthest(points, points[[0, -1]]) > bound:
        return None
    return _line(points[0], points[-1])


def _line(start: Floats, end: Floats) -> Floats:
    return np.stack([start, start, end, end])


def _curve(line: Floats, at: int, to: int, guide: _Tangents, bound: float) -> Floats | None:
    """Return a curve between two points of a polyline, if one within the bound is found."""
    points = line[at : to + 1]
    places = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    share = places / places[-1]
    for _ in range(NEWTON_STEPS):
        curve = _least_squares(points, share, guide.leaving[at], -guide.arriving[to])
        miss = np.hypot(*(_at(curve, share) - points).T).max()
        if miss <= bound:
            return curve if _deviation(curve, points) <= bound else None
        if miss > 6 * bound:
            return None
        share = _assigned(curve, points, share)
    return None


def _least_squares(points: Floats, share: Floats, first: Floats, second: Floats) -> Floats:
    """Return the curve with the given tangents at its ends that lies nearest to the points."""
    start, end = points[0], points[-1]
    rest = 1 - share
    inner = np.stack([3 * share * rest**2, 3 * share**2 * rest], axis=1)  # (n, 2)
    fixed = np.outer(rest**3 + inner[:, 0], start) + np.outer(share**3 + inner[:, 1], end)
    basis = np.stack([np.outer(inner[:, 0], first).ravel(), np.outer(inner[:, 1], second).ravel()], axis=1)
    a = basis.T @ basis
    b = basis.T @ (points - fixed).ravel()
    det = a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]
    chord = float(np.hypot(*(end - start)))
    lengths = np.array([a[1, 1] * b[0] - a[0, 1] * b[1], a[0, 0] * b[1] - a[1, 0] * b[0]])
    lengths = lengths / det if det > 1e-12 * (a[0, 0] * a[1, 1] + 1e-300) else np.zeros(2)
    if lengths.min() <= 1e-6 * chord:
        lengths = np.full(2, chord / 3)
    return np.stack([start, start + lengths[0] * first, end + lengths[1] * second, end])


def _at(curve: Floats, share: Floats) -> Floats:
    """Return points of a curve: ``(n, 2)``."""
    t, r = share[:, None], 1 - share[:, None]
    return np.asarray(r**3 * curve[0] + 3 * t * r**2 * curve[1] + 3 * t**2 * r * curve[2] + t**3 * curve[3])


def _assigned(curve: Floats, points: Floats, share: Floats) -> Floats:
    """Return the parameters of a curve nearer to its points, by one step of Newton's method."""
    t, r = share[:, None], 1 - share[:, None]
    d1 = np.diff(curve, axis=0) * 3
    d2 = np.diff(d1, axis=0) * 2
    off = _at(curve, share) - points
    slope = r**2 * d1[0] + 2 * t * r * d1[1] + t**2 * d1[2]
    bend = r * d2[0] + t * d2[1]
    down = (slope * slope).sum(axis=1) + (off * bend).sum(axis=1)
    step = (off * slope).sum(axis=1) / np.where(np.abs(down) > 1e-12, down, np.inf)
    moved = np.maximum.accumulate(np.clip(share - step, 0, 1))
    moved[0], moved[-1] = 0.0, 1.0
    return np.asarray(moved)


def _deviation(curve: Floats, points: Floats) -> float:
    """Return the largest distance between a curve and a polyline, both ways, on samples of both."""
    samples = _at(curve, np.linspace(0, 1, max(LEAST_SAMPLES, SAMPLES * len(points))))
    steps = np.diff(points, axis=0)
    inner = np.concatenate([points[:-1] + share * steps for share in SHARES_OF_EDGES])
    return max(_farthest(samples, points), _farthest(inner, samples))


def _farthest(points: Floats, line: Floats) -> float:
    """Return the largest distance of points from a polyline."""
    start, way = line[:-1], np.diff(line, axis=0)
    squared = np.maximum((way**2).sum(axis=1), 1e-300)
    offset = points[:, None] - start  # (m, n - 1, 2)
    share = np.clip((offset * way).sum(axis=2) / squared, 0, 1)
    offset -= share[..., None] * way
    return float(np.sqrt((offset**2).sum(axis=2).min(axis=1).max()))


def _unit(vectors: Floats) -> Floats:
    lengths = np.hypot(*vectors.T)[:, None]
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1))
