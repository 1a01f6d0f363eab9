"""Finding the words of a corpus.

Letters: ``K`` words, ``P`` points of all drawings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limner.models.sketchformer.tokenizer.tokenizer import Tokenizer, TokenSettings
from limner.strokes.drawing import Drawing
from limner.strokes.simplify import simplified

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Rows = NDArray[np.float32]  # (n, 3)
    Points = NDArray[np.float64]  # (P, 2)

MOST_POINTS = 100_000
"""Points that a dictionary is made of, at most; of more, some are drawn by chance."""
ROUNDS = 30
"""Rounds of k-means at most; later ones change next to nothing."""
PAGE = 0.001
"""Share of the points on each side of the page that a grid leaves to its outermost cells."""
LEAST_SPREAD = 0.1
"""A word's spread is at least this share of the usual one, as one of a single offset knows no other."""


def fit_tokenizer(drawings: Sequence[Rows], settings: TokenSettings, scale: float) -> Tokenizer:
    """Make a dictionary by k-means, or a grid over the page.

    Parameters
    ----------
    drawings : sequence of float arrays of shape ``(n, 3)``
        stroke-3 in the corpus's units, at least one.
    settings : TokenSettings
    scale : float
        The corpus's scale factor.

    Raises
    ------
    ValueError
        If there are no drawings.
    """
    if not len(drawings):
        raise ValueError("there are no drawings to make words of")
    simple = simplified_rows(drawings, settings.tolerance)
    rows = np.concatenate(simple).astype(np.float64)
    rows[:, :2] /= scale
    if settings.scheme == "grid":
        places = np.concatenate([np.cumsum(r[:, :2], axis=0, dtype=np.float64) for r in simple]) / scale
        return _tokenizer(settings, scale, *_grid(places, settings.count))
    lifted = rows[:, 2] > 0
    if settings.scheme == "joint":
        return _tokenizer(settings, scale, *_dictionary(rows[:, :2], settings.count, settings.seed))
    parts = [
        _dictionary(rows[lifted == state, :2], count, settings.seed)
        for state, count in ((False, settings.count), (True, settings.lifts))
    ]
    centres, spreads = (np.concatenate(pair) for pair in zip(*parts, strict=True))
    return _tokenizer(settings, scale, centres, spreads)


def simplified_rows(drawings: Sequence[Rows], tolerance: float) -> list[Rows]:
    """Simplify stroke-3 drawings, unless the tolerance is 0."""
    if not tolerance:
        return list(drawings)
    return [simplified(Drawing.from_stroke3(rows), tolerance).to_stroke3() for rows in drawings]


def _tokenizer(settings: TokenSettings, scale: float, centres: Points, spreads: Points) -> Tokenizer:
    return Tokenizer(settings, scale, centres.astype(np.float32), spreads.astype(np.float32))


def _dictionary(points: Points, count: int, seed: int) -> tuple[Points, Points]:
    """Give centres and spreads, ``(K, 2)``; where there are fewer offsets than words, words stand twice."""
    if not len(points):
        points = np.zeros((1, 2))
    if len(points) > MOST_POINTS:
        points = points[np.sort(np.random.default_rng(seed).choice(len(points), MOST_POINTS, replace=False))]
    distinct = np.unique(points, axis=0)
    if len(distinct) <= count:
        centres = np.resize(distinct, (count, 2))
        return centres, np.full_like(centres, _least(points, np.zeros_like(points)))
    return _means(points, count, seed)


def _means(points: Points, count: int, seed: int) -> tuple[Points, Points]:
    from sklearn.cluster import KMeans

    found = KMeans(count, n_init=1, max_iter=ROUNDS, random_state=seed).fit(points)
    centres = np.asarray(found.cluster_centers_, np.float64)
    gaps = points - centres[found.labels_]
    squares = np.zeros_like(centres)
    np.add.at(squares, found.labels_, gaps**2)
    members = np.bincount(found.labels_, minlength=count)[:, None]
    spreads = np.sqrt(squares / np.maximum(members, 1))
    return centres, np.maximum(spreads, _least(points, gaps))


def _least(points: Points, gaps: Points) -> float:
    """Give the least spread, from how far points lie from their words; never 0."""
    return max(LEAST_SPREAD * float(np.sqrt((gaps**2).mean())), 1e-3 * float(points.std()), 1e-6)


def _grid(places: Points, side: int) -> tuple[Points, Points]:
    """Give the middles of the cells of a page, row by row, and the spread within a cell; ``(K, 2)``."""
    low, high = np.quantile(places, [PAGE, 1 - PAGE], axis=0)
    cell = np.maximum(high - low, 1e-6) / side
    columns, rows = np.meshgrid(np.arange(side), np.arange(side))
    middles = low + (np.column_stack([columns.ravel(), rows.ravel()]) + 0.5) * cell
    return middles, np.tile(cell / np.sqrt(12), (side**2, 1))
