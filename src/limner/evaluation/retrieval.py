"""How well embeddings and class predictions find what belongs together.

Letters: ``n`` drawings, ``C`` classes, ``Q`` queries, ``G`` drawings of a gallery, ``Z`` latent.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]


def top_accuracy(scores: ArrayLike, labels: ArrayLike, k: int = 1) -> float:
    """Give the share of drawings whose class is among the ``k`` of the highest scores.

    Among equal scores those of other classes go first, so that saying nothing is worth nothing.

    Parameters
    ----------
    scores : array_like of shape ``(n, C)``
    labels : array_like of int of shape ``(n,)``
    k : int

    Raises
    ------
    ValueError
        If there are no drawings.
    """
    values, wanted = np.asarray(scores, np.float64), np.asarray(labels, np.int64)
    if not len(wanted):
        raise ValueError("there are no drawings to judge by")
    own = values[np.arange(len(wanted)), wanted]  # (n,)
    before = (values >= own[:, None]).sum(axis=1) - 1  # (n,)
    return float((before < k).mean())


def cosine_distances(queries: ArrayLike, gallery: ArrayLike) -> Floats:
    """Give 1 minus the cosine of the angle between embeddings ``(Q, Z)`` and ``(G, Z)``, ``(Q, G)``."""
    a, b = (np.asarray(x, np.float64) for x in (queries, gallery))
    a, b = (x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12) for x in (a, b))
    return np.asarray(1 - a @ b.T)


def mean_average_precision(distances: ArrayLike, queries: ArrayLike, gallery: ArrayLike) -> float:
    """Give the mean over queries of the average precision of a gallery ranked by distance.

    The average precision of a query is the mean, over the places of the drawings of its class, of the share
    of such drawings up to that place. Queries of whose class the gallery has none do not count. An infinite
    distance takes a drawing out of a query's gallery, as that of the query to itself.

    Parameters
    ----------
    distances : array_like of shape ``(Q, G)``
    queries, gallery : array_like of int of shapes ``(Q,)`` and ``(G,)``
        Their classes.

    Raises
    ------
    ValueError
        If no query has anything to find.
    """
    apart = np.asarray(distances, np.float64)
    own, theirs = np.asarray(queries, np.int64), np.asarray(gallery, np.int64)
    order = np.argsort(apart, axis=1, kind="stable")  # (Q, G)
    there = np.isfinite(np.take_along_axis(apart, order, axis=1))
    right = (theirs[order] == own[:, None]) & there
    found = right.cumsum(axis=1) / np.arange(1, right.shape[1] + 1)
    counts = right.sum(axis=1)  # (Q,)
    if not counts.any():
        raise ValueError("the gallery has nothing of any query's class")
    precisions = (found * right).sum(axis=1)[counts > 0] / counts[counts > 0]
    return float(precisions.mean())


def within(distances: ArrayLike) -> Floats:
    """Take every drawing out of its own gallery: distances ``(n, n)`` with infinity for that to itself."""
    apart = np.array(distances, np.float64)
    np.fill_diagonal(apart, np.inf)
    return apart


def nearest_scores(distances: ArrayLike, gallery: ArrayLike, classes: int) -> Floats:
    """Score classes by their nearest drawing in a gallery: minus its distance, ``(Q, C)``.

    Parameters
    ----------
    distances : array_like of shape ``(Q, G)``
    gallery : array_like of int of shape ``(G,)``
    classes : int
        C; one of which the gallery has nothing scores minus infinity.
    """
    apart, theirs = np.asarray(distances, np.float64), np.asarray(gallery, np.int64)
    scores = np.full((len(apart), classes), -np.inf)
    for label in np.unique(theirs):
        scores[:, label] = -apart[:, theirs == label].min(axis=1)
    return scores
