"""Strong augmentation for small corpora: drawings turned, slanted, mirrored, shaken, with strokes left out.

Pure functions that do not change their arguments; the mild augmentation of sketch-rnn is in
:mod:`limner.corpus.augment`.

Letters: ``n`` points of a drawing, ``m`` points that are left.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.corpus.strong_augmentation import StrongAugmentation

    Rows = NDArray[np.float32]  # (n, 3)
    Stroke = NDArray[np.float64]  # (points, 2)


def augment_strongly(rows: Rows, rng: np.random.Generator, config: StrongAugmentation) -> Rows:
    """Change a drawing at random.

    Its first point stays where it was. If its last stroke has no lift, the last one of the result has none.

    Parameters
    ----------
    rows : float32 array of shape ``(n, 3)``
        stroke-3
    rng : numpy.random.Generator
    config : StrongAugmentation

    Returns
    -------
    float32 array of shape ``(m, 3)``, m <= n
    """
    if not config.active or not len(rows):
        return rows.copy()
    positions = np.cumsum(rows[:, :2], axis=0, dtype=np.float64)  # (n, 2)
    first, size = positions[0], float(np.ptp(positions, axis=0).max())
    cuts = [0, *(np.flatnonzero(rows[:-1, 2]) + 1).tolist(), len(rows)]
    strokes = _reordered([positions[a:b] for a, b in pairwise(cuts)], rng, config)
    if config.nudge:
        strokes = [_nudged(stroke, rng, config.nudge, size) for stroke in strokes]
    points = np.concatenate(strokes) @ _matrix(rng, config).T  # (m, 2)
    points += config.shake * size * rng.standard_normal(points.shape)
    lifts = np.zeros(len(points))
    lifts[np.cumsum([len(stroke) for stroke in strokes]) - 1] = 1
    lifts[-1] = rows[-1, 2]
    offsets = np.diff(points, axis=0, prepend=points[:1] - first)
    return np.column_stack([offsets, lifts]).astype(np.float32)


def _reordered(strokes: list[Stroke], rng: np.random.Generator, config: StrongAugmentation) -> list[Stroke]:
    """Leave out, reorder and reverse strokes."""
    stay = rng.random(len(strokes)) >= config.leave_out
    if not stay.any():
        stay[rng.integers(len(strokes))] = True
    order = np.flatnonzero(stay)
    if rng.random() < config.reorder:
        order = rng.permutation(order)
    return [strokes[k][::-1] if rng.random() < config.reverse else strokes[k] for k in order]


def _nudged(stroke: Stroke, rng: np.random.Generator, share: float, size: float) -> Stroke:
    center = stroke.mean(axis=0)
    stretch, shift = rng.standard_normal((2, 2)) * share
    moved: Stroke = center + (stroke - center) * (1 + stretch) + shift * size
    return moved


def _matrix(rng: np.random.Generator, config: StrongAugmentation) -> NDArray[np.float64]:
    """Return mirroring, slant and turn, in this order, as a matrix for column vectors, ``(2, 2)``."""
    angle, slant = (
        np.radians(rng.uniform(-config.turn, config.turn)),
        rng.uniform(-config.slant, config.slant),
    )
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    mirrored = -1.0 if rng.random() < config.mirror else 1.0
    matrix: NDArray[np.float64] = turn @ np.array([[mirrored, slant], [0, 1]])
    return matrix
