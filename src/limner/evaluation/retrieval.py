"""Accuracy of class predictions, and how well embeddings retrieve drawings of the same class.

Letters: ``n`` drawings, ``C`` classes, ``Q`` queries, ``G`` drawings of a gallery, ``Z`` latent.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]


def top_accuracy(scores: ArrayLike, labels: ArrayLike, k: int = 1) -> float:
    """Return the share of drawings whose class is among the ``k`` highest scores.

    Ties are resolved against the drawing's own class, so that constant scores are worth nothing.

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
    values, classes = np.asarray(scores, np.float64), np.asarray(labels, np.int64)
    if not len(classes):
        raise ValueError("there are no drawings to judge by")
    own = values[np.arange(len(classes)), classes]  # (n,)
    ranked_before = (values >= own[:, None]).sum(axis=1) - 1  # (n,)
    return float((ranked_before < k).mean())


def cosine_distances(queries: ArrayLike, gallery: ArrayLike) -> Floats:
    """Return 1 minus the cosine similarity of embeddings ``(Q, Z)`` and ``(G, Z)``, ``(Q, G)``."""
    a, b = (np.asarray(x, np.float64) for x in (queries, gallery))
    a, b = (x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12) for x in (a, b))
    return np.asarray(1 - a @ b.T)


def mean_average_precision(distances: ArrayLike, queries: ArrayLike, gallery: ArrayLike) -> float:
    """Return the mean over queries of the average precision of a gallery ranked by distance.

    The average precision of a query is the mean, over the ranks of the drawings of its class, of the share of
    such drawings up to that rank. Queries whose class is not in the gallery do not count. An infinite
    distance removes a drawing from a query's gallery, such as the query itself; see :func:`exclude_self`.

    Parameters
    ----------
    distances : array_like of shape ``(Q, G)``
    queries, gallery : array_like of int of shapes ``(Q,)`` and ``(G,)``
        Their classes.

    Raises
    ------
    ValueError
        If no query has a drawing of its class in the gallery.
    """
    values = np.asarray(distances, np.float64)
    own, theirs = np.asarray(queries, np.int64), np.asarray(gallery, np.int64)
    order = np.argsort(values, axis=1, kind="stable")  # (Q, G)
    present = np.isfinite(np.take_along_axis(values, order, axis=1))
    relevant = (theirs[order] == own[:, None]) & present
    precision_at = relevant.cumsum(axis=1) / np.arange(1, relevant.shape[1] + 1)
    counts = relevant.sum(axis=1)  # (Q,)
    if not counts.any():
        raise ValueError("the gallery has nothing of any query's class")
    average_precisions = (precision_at * relevant).sum(axis=1)[counts > 0] / counts[counts > 0]
    return float(average_precisions.mean())


def exclude_self(distances: ArrayLike) -> Floats:
    """Return distances ``(n, n)`` with infinity on the diagonal: no drawing is in its own gallery."""
    values = np.array(distances, np.float64)
    np.fill_diagonal(values, np.inf)
    return values


def nearest_scores(distances: ArrayLike, gallery: ArrayLike, classes: int) -> Floats:
    """Score each class by minus the distance to its nearest drawing in a gallery, ``(Q, C)``.

    Parameters
    ----------
    distances : array_like of shape ``(Q, G)``
    gallery : array_like of int of shape ``(G,)``
    classes : int
        C; a class that is not in the gallery scores minus infinity.
    """
    values, theirs = np.asarray(distances, np.float64), np.asarray(gallery, np.int64)
    scores = np.full((len(values), classes), -np.inf)
    for label in np.unique(theirs):
        scores[:, label] = -values[:, theirs == label].min(axis=1)
    return scores
