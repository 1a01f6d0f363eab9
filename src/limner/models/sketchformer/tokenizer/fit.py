"""Fitting a tokenizer to a corpus.

Letters: ``K`` tokens, ``P`` points of all drawings.
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
"""Points that k-means is run on at most; of more, a sample at random."""
ROUNDS = 30
"""Iterations of k-means at most; later ones change next to nothing."""
PAGE = 0.001
"""Share of the points on each side of the page that a grid leaves to its outermost cells."""
LEAST_SIGMA = 0.1
"""Sigma of a token relative to the usual one at least: the sample deviation of a single offset is 0."""


def fit_tokenizer(drawings: Sequence[Rows], settings: TokenSettings, scale: float) -> Tokenizer:
    """Fit a dictionary by k-means, or lay a grid over the page.

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
        raise ValueError("there are no drawings to fit a tokenizer to")
    simple = simplified_rows(drawings, settings.tolerance)
    rows = np.concatenate(simple).astype(np.float64)
    rows[:, :2] /= scale
    if settings.scheme == "grid":
        points = np.concatenate([np.cumsum(r[:, :2], axis=0, dtype=np.float64) for r in simple]) / scale
        return _tokenizer(settings, scale, *_grid(points, settings.count))
    lifted = rows[:, 2] > 0
    if settings.scheme == "joint":
        return _tokenizer(settings, scale, *_dictionary(rows[:, :2], settings.count, settings.seed))
    parts = [
        _dictionary(rows[lifted == state, :2], count, settings.seed)
        for state, count in ((False, settings.count), (True, settings.lifts))
    ]
    centres, sigmas = (np.concatenate(pair) for pair in zip(*parts, strict=True))
    return _tokenizer(settings, scale, centres, sigmas)


def simplified_rows(drawings: Sequence[Rows], tolerance: float) -> list[Rows]:
    """Return stroke-3 drawings, simplified unless the tolerance is 0."""
    if not tolerance:
        return list(drawings)
    return [simplified(Drawing.from_stroke3(rows), tolerance).to_stroke3() for rows in drawings]


def _tokenizer(settings: TokenSettings, scale: float, centres: Points, sigmas: Points) -> Tokenizer:
    return Tokenizer(settings, scale, centres.astype(np.float32), sigmas.astype(np.float32))


def _dictionary(points: Points, count: int, seed: int) -> tuple[Points, Points]:
    """Return centres and sigmas, ``(K, 2)``; with fewer distinct offsets than tokens, centres repeat."""
    if not len(points):
        points = np.zeros((1, 2))
    if len(points) > MOST_POINTS:
        points = points[np.sort(np.random.default_rng(seed).choice(len(points), MOST_POINTS, replace=False))]
    distinct = np.unique(points, axis=0)
    if len(distinct) <= count:
        centres = np.resize(distinct, (count, 2))
        return centres, np.full_like(centres, _least_sigma(points, np.zeros_like(points)))
    return _means(points, count, seed)


def _means(points: Points, count: int, seed: int) -> tuple[Points, Points]:
    from sklearn.cluster import KMeans

    fit = KMeans(count, n_init=1, max_iter=ROUNDS, random_state=seed).fit(points)
    centres = np.asarray(fit.cluster_centers_, np.float64)
    gaps = points - centres[fit.labels_]
    squares = np.zeros_like(centres)
    np.add.at(squares, fit.labels_, gaps**2)
    members = np.bincount(fit.labels_, minlength=count)[:, None]
    sigmas = np.sqrt(squares / np.maximum(members, 1))
    return centres, np.maximum(sigmas, _least_sigma(points, gaps))


def _least_sigma(points: Points, gaps: Points) -> float:
    """Return the least sigma for the gaps between points and their tokens; above 0."""
    return max(LEAST_SIGMA * float(np.sqrt((gaps**2).mean())), 1e-3 * float(points.std()), 1e-6)


def _grid(points: Points, side: int) -> tuple[Points, Points]:
    """Return the centres of the cells of a page, row by row, and the sigmas within a cell; ``(K, 2)``."""
    low, high = np.quantile(points, [PAGE, 1 - PAGE], axis=0)
    cell = np.maximum(high - low, 1e-6) / side
    columns, rows = np.meshgrid(np.arange(side), np.arange(side))
    middles = low + (np.column_stack([columns.ravel(), rows.ravel()]) + 0.5) * cell
    return middles, np.tile(cell / np.sqrt(12), (side**2, 1))
