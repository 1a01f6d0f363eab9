"""Lines that are drawn already are left out, and strokes that meet are drawn in one go.

A stroke that goes back over itself stays as it is: one line remains one line.

Letters: ``E`` edges (the straight pieces of all strokes), ``K`` pairs of edges.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from shapely import STRtree, linestrings, points

Floats = NDArray[np.float64]
Spans = list[tuple[float, float]]

SHORTEST_MM = 2.0
"""Shorter parts of a stroke are left out only with the whole of it: a lift costs more than they do."""
MIN_COSINE = 0.996
"""Lines at a larger angle (5 degrees) cross each other, they do not lie on each other."""
JOINT_MM = 1e-6
"""Parts this near to each other are one."""


def without_overlaps(strokes: Sequence[Floats], tolerance: float) -> list[Floats]:
    """Leave out what lies on an earlier stroke.

    Parameters
    ----------
    strokes : sequence of float64 arrays of shape ``(n, 2)``
    tolerance : float
        Largest distance between two lines that are one, in the units of the strokes.

    Returns
    -------
    list of float64 arrays
        Without strokes that are drawn already, and with parts of strokes that are drawn partly.
    """
    if tolerance <= 0 or len(strokes) < 2:
        return list(strokes)
    edges = np.concatenate([_edges(stroke) for stroke in strokes])  # (E, 2, 2)
    owner = np.repeat(np.arange(len(strokes)), [max(1, len(s) - 1) for s in strokes])
    covered: list[Spans] = [[] for _ in strokes]
    before = _lengths_before(edges, owner)
    for edge, low, high in _covered_parts(edges, owner, tolerance):
        covered[owner[edge]].append((before[edge] + low, before[edge] + high))
    return [
        part
        for stroke, spans in zip(strokes, covered, strict=True)
        for part in _left(stroke, spans, tolerance)
    ]


def chained(strokes: Sequence[Floats], tolerance: float) -> list[Floats]:
    """Draw a stroke and the next one in one go where that begins within ``tolerance`` of the one's end."""
    chains: list[list[Floats]] = []
    for stroke in strokes:
        gap = np.hypot(*(stroke[0] - chains[-1][-1][-1])) if chains else np.inf
        if gap <= tolerance and tolerance > 0:
            chains[-1].append(stroke[1:] if gap == 0 and len(stroke) > 1 else stroke)
        else:
            chains.append([stroke])
    return [np.concatenate(chain) if len(chain) > 1 else chain[0] for chain in chains]


def _edges(stroke: Floats) -> Floats:
    if len(stroke) == 1:
        return np.stack([stroke, stroke], axis=1)
    return np.stack([stroke[:-1], stroke[1:]], axis=1)


def _lengths_before(edges: Floats, owner: NDArray[np.int64]) -> Floats:
    """Return the length of each edge's stroke before it: ``(E,)``."""
    lengths = np.hypot(*(edges[:, 1] - edges[:, 0]).T)
    ends = np.cumsum(lengths)
    starts = ends - lengths
    first = np.searchsorted(owner, owner)
    return np.asarray(starts - starts[first])


def _covered_parts(
    edges: Floats, owner: NDArray[np.int64], tolerance: float
) -> list[tuple[int, float, float]]:
    """Return which part of which edge lies on an edge of an earlier stroke: edge, and its span along it."""
    lines = np.where((edges[:, 0] == edges[:, 1]).all(axis=1), points(edges[:, 0]), linestrings(edges))
    one, two = STRtree(lines).query(lines, predicate="dwithin", distance=tolerance)
    earlier = owner[two] < owner[one]
    one, two = one[earlier], two[earlier]
    origin = edges[one, 0]
    along = edges[one, 1] - origin
    lengths = np.hypot(*along.T)
    unit = along / np.where(lengths > 0, lengths, 1)[:, None]
    unit[lengths == 0] = (1.0, 0.0)
    t, s = _in_frame(edges[two], origin, unit)  # (K, 2), (K, 2)
    run = np.abs(t[:, 1] - t[:, 0])
    parallel = (run >= MIN_COSINE * np.hypot(run, s[:, 1] - s[:, 0])) | (lengths == 0)
    low, high = _span(t, s, lengths, tolerance)
    kept = parallel & (low <= high)
    return list(zip(one[kept].tolist(), low[kept].tolist(), high[kept].tolist(), strict=True))


def _in_frame(edges: Floats, origin: Floats, unit: Floats) -> tuple[Floats, Floats]:
    """Return the ends of edges along and across a direction, both ``(K, 2)``."""
    offset = edges - origin[:, None]
    normal = np.stack([-unit[:, 1], unit[:, 0]], axis=1)
    return (offset * unit[:, None]).sum(axis=2), (offset * normal[:, None]).sum(axis=2)


def _span(t: Floats, s: Floats, lengths: Floats, tolerance: float) -> tuple[Floats, Floats]:
    """Return the part of each edge beside which the other one lies within the tolerance."""
    low, high = np.zeros(len(t)), np.ones(len(t))  # along the other edge
    for values, least, most in ((s, -tolerance, tolerance), (t, -tolerance, lengths + tolerance)):
        first, step = values[:, 0], values[:, 1] - values[:, 0]
        still = step == 0
        share = np.where(still, 1.0, step)
        a, b = (least - first) / share, (most - first) / share
        outside = still & ((first < least) | (first > most))
        low = np.where(still, low, np.maximum(low, np.minimum(a, b)))
        high = np.where(outside, -1.0, np.where(still, high, np.minimum(high, np.maximum(a, b))))
    ends = t[:, :1] + np.stack([low, high], axis=1) * (t[:, 1:] - t[:, :1])
    ends = np.sort(ends, axis=1)
    empty = low > high
    # rounding at the ends of edges must leave no crumbs, so a span reaches a tolerance further
    return (
        np.where(empty, 1.0, np.maximum(ends[:, 0] - tolerance, 0)),
        np.where(empty, 0.0, np.minimum(ends[:, 1] + tolerance, lengths)),
    )


def _left(stroke: Floats, spans: Spans, tolerance: float) -> list[Floats]:
    """Return the parts of a stroke that are to be drawn."""
    if not spans:
        return [stroke]
    total = float(np.hypot(*np.diff(stroke, axis=0).T).sum())
    gone = _united(spans, total)
    if gone[0][0] <= tolerance and gone[0][1] >= total - tolerance:
        return []
    gone = [(low, high) for low, high in gone if high - low >= max(SHORTEST_MM, 10 * tolerance)]
    edges = [0.0, *(side for span in gone for side in span), total]
    kept = [
        (low, high) for low, high in zip(edges[::2], edges[1::2], strict=True) if high - low > 2 * tolerance
    ]
    return [cut(stroke, low, high) for low, high in kept] if gone else [stroke]


def _united(spans: Spans, total: float) -> Spans:
    united: Spans = []
    for low, high in sorted(spans):
        if united and low <= united[-1][1] + JOINT_MM:
            united[-1] = (united[-1][0], max(united[-1][1], high))
        else:
            united.append((low, min(high, total)))
    return united


def cut(stroke: Floats, low: float, high: float) -> Floats:
    """Return the part of a polyline from one length along it to another."""
    places = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))])
    inner = stroke[(places > low) & (places < high)]
    low_end, high_end = (
        np.array([np.interp(at, places, stroke[:, k]) for k in (0, 1)]) for at in (low, high)
    )
    part = np.concatenate([low_end[None], inner, high_end[None]])
    if any((a == b).all() for a, b in pairwise(part)):
        keep = np.concatenate([[True], (np.diff(part, axis=0) != 0).any(axis=1)])
        part = part[keep]
    return np.asarray(part)
