"""Strong augmentation for small corpora: a drawing turned, slanted, mirrored, shaken, and drawn otherwise.

Pure functions that never change what they are given; the mild augmentation of sketch-rnn is in
:mod:`limner.corpus.augment`.

Letters: ``n`` points of a drawing, ``m`` points that are left.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.corpus.variation import Variation

    Rows = NDArray[np.float32]  # (n, 3)
    Stroke = NDArray[np.float64]  # (points, 2)


def varied(rows: Rows, rng: np.random.Generator, how: Variation) -> Rows:
    """Change a drawing by chance.

    Its first point stays where it was. Where its last stroke was not finished, its last one is not now.

    Parameters
    ----------
    rows : float32 array of shape ``(n, 3)``
        stroke-3
    rng : numpy.random.Generator
    how : Variation

    Returns
    -------
    float32 array of shape ``(m, 3)``, m <= n
    """
    if not how.active or not len(rows):
        return rows.copy()
    places = np.cumsum(rows[:, :2], axis=0, dtype=np.float64)  # (n, 2)
    first, size = places[0], float(np.ptp(places, axis=0).max())
    cuts = [0, *(np.flatnonzero(rows[:-1, 2]) + 1).tolist(), len(rows)]
    strokes = _redrawn([places[a:b] for a, b in pairwise(cuts)], rng, how)
    if how.nudge:
        strokes = [_nudged(stroke, rng, how.nudge, size) for stroke in strokes]
    points = np.concatenate(strokes) @ _matrix(rng, how).T  # (m, 2)
    points += how.shake * size * rng.standard_normal(points.shape)
    lifts = np.zeros(len(points))
    lifts[np.cumsum([len(stroke) for stroke in strokes]) - 1] = 1
    lifts[-1] = rows[-1, 2]
    offsets = np.diff(points, axis=0, prepend=points[:1] - first)
    return np.column_stack([offsets, lifts]).astype(np.float32)


def _redrawn(strokes: list[Stroke], rng: np.random.Generator, how: Variation) -> list[Stroke]:
    """Leave out, reorder and reverse strokes."""
    stay = rng.random(len(strokes)) >= how.leave_out
    if not stay.any():
        stay[rng.integers(len(strokes))] = True
    order = np.flatnonzero(stay)
    if rng.random() < how.reorder:
        order = rng.permutation(order)
    return [strokes[k][::-1] if rng.random() < how.reverse else strokes[k] for k in order]


def _nudged(stroke: Stroke, rng: np.random.Generator, share: float, size: float) -> Stroke:
    middle = stroke.mean(axis=0)
    stretch, way = rng.standard_normal((2, 2)) * share
    moved: Stroke = middle + (stroke - middle) * (1 + stretch) + way * size
    return moved


def _matrix(rng: np.random.Generator, how: Variation) -> NDArray[np.float64]:
    """Give mirror, slant and turn, in this order, as a matrix for column vectors, ``(2, 2)``."""
    angle, slant = np.radians(rng.uniform(-how.turn, how.turn)), rng.uniform(-how.slant, how.slant)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    mirrored = -1.0 if rng.random() < how.mirror else 1.0
    found: NDArray[np.float64] = turn @ np.array([[mirrored, slant], [0, 1]])
    return found
