"""Statistics of a drawing: strokes, their lengths and turns, moves of the lifted pen, aspect ratio.

Letters: ``n`` drawings, ``S`` strokes, ``P`` points of all of them together.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from limner.curation.shape.maps import turns
from limner.strokes.segments import segment_sum

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from limner.strokes.packed import PackedStrokes

    Floats = NDArray[np.float64]

CLOSED = 0.1
"""A stroke whose ends are nearer than this share of its length is closed."""

SHARP = 1.0
"""Radians that make a turn a corner."""

STROKE_EDGES = (1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 0.8, 1.3, 2.0, 3.2)
TURN_EDGES = tuple(np.linspace(0, np.pi, 9)[1:-1].tolist())
STEP_EDGES = (1 / 64, 1 / 32, 1 / 20, 1 / 12, 1 / 8, 1 / 5, 1 / 3, 1 / 2)
"""Between the bins of the lengths of strokes, of turns, and of the lines between two points."""


USUAL = (1.4, 1.4, 0.12, 0.75, -0.28, 0.34, 0.21, 2.85, 4.5, 0.45, 0.86, 2.2, 3.5)
SPREAD = (0.8, 0.4, 0.55, 0.5, 0.9, 0.26, 0.15, 0.73, 2.7, 0.37, 0.62, 1.3, 0.55)
"""Mean and standard deviation of each of the numbers over QuickDraw."""

FARTHEST = 3.0
"""Standard deviations beyond which nothing counts."""


def statistics(packed: PackedStrokes) -> Floats:
    """Return statistics of drawings of unit size, ``(n, 13)``, in standard deviations of QuickDraw."""
    n, inks, wide = len(packed), packed.inks, packed.extents
    lengths, chords = packed.stroke_inks, _chords(packed)
    inner, angles = turns(packed)
    of = np.repeat(np.arange(n), packed.sizes)[inner]
    bend = np.bincount(of, np.abs(angles), n)
    closed = (chords < CLOSED * lengths).astype(np.float64)
    lifted = _lifted(packed)
    tiny = 1e-9
    found = np.column_stack(
        [
            np.log(np.maximum(packed.strokes, 1)),
            np.log(inks + 0.1),
            np.log((wide[:, 0] + 0.05) / (wide[:, 1] + 0.05)),
            np.log(_each(packed, lengths, np.max) + 0.05),
            np.log(_each(packed, lengths, np.median) + 0.05),
            (segment_sum(chords, packed.first_strokes) + 0.01) / (inks + 0.01),
            lifted / (lifted + inks + tiny),
            np.log1p(bend),
            bend / (inks + 0.2),
            segment_sum(closed * lengths, packed.first_strokes) / (inks + tiny),
            np.sqrt(segment_sum(closed, packed.first_strokes)),
            np.sqrt(np.bincount(of, np.abs(angles) > SHARP, n)),
            np.log(np.maximum(packed.sizes, 1)),
        ]
    )
    return np.clip((found - USUAL) / SPREAD, -FARTHEST, FARTHEST)


def histograms(packed: PackedStrokes) -> Floats:
    """Return histograms of stroke lengths, turning angles and segment lengths; ``(n, 27)``.

    Roots of shares, so that the distance between two rows is that of Hellinger.
    """
    n = len(packed)
    of_points = np.repeat(np.arange(n), packed.sizes)
    inner, angles = turns(packed)
    steps = np.delete(np.arange(len(packed.points)), packed.stroke_starts[:-1])
    lengths = packed.steps
    strokes = _histogram(
        np.repeat(np.arange(n), packed.strokes),
        packed.stroke_inks,
        STROKE_EDGES,
        np.ones(len(packed.lengths)),
        n,
    )
    bends = _histogram(of_points[inner], np.abs(angles), TURN_EDGES, lengths[inner] + lengths[inner + 1], n)
    lines = _histogram(of_points[steps], lengths[steps], STEP_EDGES, lengths[steps], n)
    return np.concatenate([strokes, bends, lines], axis=1)


def _histogram(
    of: NDArray[np.int64], values: Floats, edges: tuple[float, ...], weights: Floats, n: int
) -> Floats:
    bins = len(edges) + 1
    at = of * bins + np.searchsorted(edges, values)
    counts = np.bincount(at, weights, n * bins).reshape(n, bins)
    return np.asarray(np.sqrt(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1e-9)))


def _chords(packed: PackedStrokes) -> Floats:
    """Return the distance from the first to the last point of each stroke; ``(S,)``."""
    ways = packed.points[packed.stroke_starts[1:] - 1] - packed.points[packed.stroke_starts[:-1]]
    return np.asarray(np.hypot(*ways.T))


def _lifted(packed: PackedStrokes) -> Floats:
    """Return the travel of the lifted pen in each drawing; ``(n,)``."""
    ways = packed.points[packed.stroke_starts[1:-1]] - packed.points[packed.stroke_starts[1:-1] - 1]
    lengths = np.append(np.hypot(*ways.T), 0.0)[: len(packed.lengths)]  # after each stroke
    last = packed.first_strokes[1:][packed.strokes > 0] - 1
    lengths[last] = 0
    return segment_sum(lengths, packed.first_strokes)


def _each(packed: PackedStrokes, values: Floats, measure: Callable[[Floats], Any]) -> Floats:
    """Reduce the values ``(S,)`` of each drawing to one number; 0 for one without strokes."""
    cuts = packed.first_strokes.tolist()
    parts = (values[a:b] for a, b in pairwise(cuts))
    return np.array([measure(part) if len(part) else 0.0 for part in parts])
