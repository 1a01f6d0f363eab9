"""Ramer-Douglas-Peucker simplification of many strokes at once, level by level, in numpy.

A stroke is split at the point farthest from its chord, and each half again, while that distance exceeds
``epsilon``; among equals the first point counts. The distance is that to the *infinite line* through the ends
of the chord (to the ends, if these coincide), as in Google's QuickDraw and the ``rdp`` package, with which
most corpora of the field were made; GEOS and shapely measure to the segment.

Letters: ``N`` points of all strokes together, ``S`` strokes; ``P`` points and ``C`` chords of one level.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import ArrayLike, NDArray

    from limner.strokes.drawing import Drawing

    Floats = NDArray[np.float64]
    Indices = NDArray[np.intp]

POINTS_AT_ONCE = 64_000
"""Points simplified together: their arrays fit the second-level cache of a processor."""


def simplified(drawing: Drawing, epsilon: float, *, distance: Literal["line", "segment"] = "line") -> Drawing:
    """Simplify every stroke of a drawing; see :func:`simplify_strokes`."""
    return drawing.replace(strokes=tuple(simplify_strokes(drawing.strokes, epsilon, distance=distance)))


def simplify_strokes(
    strokes: Sequence[NDArray[Any]], epsilon: float, *, distance: Literal["line", "segment"] = "line"
) -> list[NDArray[Any]]:
    """Drop points that lie within ``epsilon`` of the simplified stroke.

    Parameters
    ----------
    strokes : sequence of arrays of shape ``(n, 2)``
        Those of one drawing or of a whole corpus: many at once are much faster than one by one.
    epsilon : float
        Tolerance, in the units of the points. 0 drops only points exactly in line.
    distance : {"line", "segment"}
        Distance to the infinite line through the ends of a chord, or to the chord itself (by shapely).

    Returns
    -------
    list of arrays of shape ``(m, 2)``, 2 <= m <= n
        Rows of the strokes, of their dtype. Strokes of fewer than three points do not change.

    Raises
    ------
    ValueError
        If a stroke is not of shape ``(n, 2)``, a point is not finite or ``epsilon`` is negative.
    """
    if not len(strokes):
        return []
    offsets = np.cumsum([0, *(len(stroke) for stroke in strokes)])
    points = np.concatenate(strokes)
    if distance == "segment":
        kept, cuts = _simplified_by_shapely(points, offsets, epsilon)
    else:
        mask = kept_mask(points, offsets, epsilon)
        kept, cuts = points[mask], np.append(0, np.cumsum(mask))[offsets]
    return [kept[a:b] for a, b in pairwise(cuts.tolist())]


def kept_mask(points: ArrayLike, offsets: ArrayLike, epsilon: float) -> NDArray[np.bool_]:
    """Return the mask of the points that Ramer-Douglas-Peucker keeps, by the distance to the line.

    Parameters
    ----------
    points : array_like of shape ``(N, 2)``
        All strokes, one after another.
    offsets : array_like of int of shape ``(S + 1,)``
        Stroke ``s`` is ``points[offsets[s]:offsets[s + 1]]``; it may be empty.
    epsilon : float
        As in :func:`simplify_strokes`.

    Returns
    -------
    bool array of shape ``(N,)``

    Raises
    ------
    ValueError
        As :func:`simplify_strokes`.
    """
    xy = _checked(points, epsilon)
    bounds = np.asarray(offsets, dtype=np.intp)
    filled = bounds[1:] > bounds[:-1]
    start, end = bounds[:-1][filled], bounds[1:][filled] - 1
    keep = np.zeros(xy.shape[1], dtype=bool)
    keep[start] = keep[end] = True
    for block in _blocks(start, end):
        _keep_far_points(xy, start[block], end[block], epsilon, keep)
    return keep


def _checked(points: ArrayLike, epsilon: float) -> Floats:
    array = np.asarray(points, dtype=np.float64)
    if array.ndim != 2 or array.shape[1] != 2:
        raise ValueError(f"points must be of shape (n, 2), not {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError("a coordinate is not a finite number")
    if not epsilon >= 0:
        raise ValueError(f"epsilon must not be negative, and it is {epsilon}")
    return np.ascontiguousarray(array.T)  # (2, N)


def _blocks(start: Indices, end: Indices) -> Iterator[slice]:
    """Yield runs of strokes with some :data:`POINTS_AT_ONCE` points each."""
    if not len(start):
        return
    edges = np.arange(start[0], end[-1] + POINTS_AT_ONCE, POINTS_AT_ONCE)
    cuts = np.unique(np.searchsorted(start, edges))
    yield from map(slice, cuts[:-1], cuts[1:])


def _keep_far_points(
    xy: Floats, start: Indices, end: Indices, epsilon: float, keep: NDArray[np.bool_]
) -> None:
    """Mark the points far from their chords in ``keep``, one level of halving after the other.

    A chord from ``start`` to ``end`` owns the points ``start .. end - 1``: its own start, at distance zero,
    is included to keep the points of a level contiguous. Chords over a single point need no search; they are
    done after all levels.

    ``xy`` is of shape ``(2, N)``; ``start`` and ``end`` are the first and the last point of each stroke.
    """
    size = end - start
    single = [start[size == 2]]
    start, size = start[size > 2], size[size > 2]
    points = np.repeat(start - (np.cumsum(size) - size), size) + np.arange(size.sum())  # (P,)
    x, y = xy[0, points], xy[1, points]
    while len(start):
        first = np.cumsum(size) - size  # offsets of the chords among the points of this level
        heights, lengths = _heights(x, y, xy, start, start + size, size)
        peaks = np.maximum.reduceat(heights, first)
        bent = peaks / lengths > epsilon
        hits = np.flatnonzero(heights == np.repeat(np.where(bent, peaks, -1.0), size))
        split = hits[np.searchsorted(hits, first[bent])] - first[bent]
        keep[start[bent] + split] = True

        middle = np.zeros_like(size)  # points of the first half; a straight chord is one dead second half
        middle[bent] = split
        starts, sizes = _interleaved(start, start + middle), _interleaved(middle, size - middle)  # (2C,)
        open_ended = np.repeat(bent, 2)
        single.append(starts[open_ended & (sizes == 2)])
        next_level = open_ended & (sizes > 2)
        inside = np.flatnonzero(np.repeat(next_level, sizes))  # much faster to take by than the mask itself
        x, y = x.take(inside), y.take(inside)
        start, size = starts[next_level], sizes[next_level]
    _keep_single_points(xy, np.concatenate(single), epsilon, keep)


def _keep_single_points(xy: Floats, single: Indices, epsilon: float, keep: NDArray[np.bool_]) -> None:
    """Mark in ``keep`` those points ``single + 1`` that lie far from the chord between their neighbours."""
    x, y = xy[0, single + 1], xy[1, single + 1]
    heights, lengths = _heights(x, y, xy, single, single + 2, np.ones_like(single))
    keep[single[heights / lengths > epsilon] + 1] = True


def _heights(
    x: Floats, y: Floats, xy: Floats, start: Indices, end: Indices, size: Indices
) -> tuple[Floats, Floats]:
    """Return the distances of points from their chords times the chords' lengths, and these lengths.

    The product is compared within a chord and divided once a chord. On integers it is exact, so that ties
    are ties. A chord whose ends coincide has length one here, and the distance is that to its ends.

    Returns
    -------
    heights : float64 array of shape ``(P,)``
    lengths : float64 array of shape ``(C,)``
    """
    ax, ay = xy[0, start], xy[1, start]
    bx, by = xy[0, end] - ax, xy[1, end] - ay
    lengths = np.sqrt(bx * bx + by * by)  # (C,)
    dx = np.repeat(ax, size)  # (P,)
    np.subtract(x, dx, out=dx)
    dy = np.repeat(ay, size)
    np.subtract(y, dy, out=dy)
    closed = lengths == 0
    if closed.any():
        inside = np.repeat(closed, size)
        to_end = np.hypot(dx[inside], dy[inside])
        lengths[closed] = 1
    dx *= np.repeat(by, size)
    dy *= np.repeat(bx, size)
    heights = np.abs(np.subtract(dx, dy, out=dx), out=dx)
    if closed.any():
        heights[inside] = to_end
    return heights, lengths


def _interleaved(first: Indices, second: Indices) -> Indices:
    both = np.empty((len(first), 2), dtype=np.intp)
    both[:, 0], both[:, 1] = first, second
    return both.ravel()


def _simplified_by_shapely(
    points: NDArray[Any], offsets: Indices, epsilon: float
) -> tuple[NDArray[Any], Indices]:
    """Return the kept points of all strokes, and the offsets of the strokes among them."""
    import shapely

    xy = _checked(points, epsilon).T  # (N, 2)
    counts = np.diff(offsets)
    owner = np.repeat(np.arange(len(counts)), counts)  # (N,)
    is_line = counts > 2
    on_line = is_line[owner]
    lines = shapely.linestrings(xy[on_line], indices=(np.cumsum(is_line) - 1)[owner[on_line]])
    simple = shapely.simplify(lines, epsilon, preserve_topology=False)
    vertices, line = shapely.get_coordinates(simple, return_index=True)
    kept = np.concatenate([points[~on_line], vertices.astype(points.dtype)])
    owners = np.concatenate([owner[~on_line], np.flatnonzero(is_line)[line]])
    cuts = np.append(0, np.cumsum(np.bincount(owners, minlength=len(counts))))
    return kept[np.argsort(owners, kind="stable")], cuts
