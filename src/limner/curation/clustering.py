"""Clustering of features.

Letters: ``n`` items, ``k`` clusters, ``d`` numbers of a row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from limner.curation.centroids import Centroids, distances_between
from limner.curation.clusters import OUTSIDE, Clusters
from limner.errors import LimnerError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from limner.curation.features import Features

    Matrix = NDArray[np.float32]
    Numbers = NDArray[np.int32]

Method = Literal["kmeans", "hdbscan"]

MAX_CLUSTERS = 12
"""Clusters at most where their number is not given: a map has as many colours that can be told apart."""

ITEMS_PER_CLUSTER = 12
"""Items that make a cluster where the number of clusters is not given."""

STARTS = 10
"""Beginnings of k-means, of which the best counts."""

DENSITY_SIZE = 16
"""Principal components in which HDBSCAN looks for dense places; in more everything is far from everything."""


def find_clusters(
    features: Features,
    k: int = 16,
    method: Method = "kmeans",
    *,
    smallest: int = 10,
    seed: int = 0,
    names: Mapping[int, str] | None = None,
) -> tuple[Clusters, Centroids]:
    """Find clusters, the largest first.

    Parameters
    ----------
    features : Features
    k : int
        Clusters, for k-means.
    method : {"kmeans", "hdbscan"}
        HDBSCAN finds out itself how many there are, and leaves out what lies in no dense place.
    smallest : int
        Items of a cluster, for HDBSCAN.
    seed : int
        For k-means.
    names : mapping of int to str, optional
        What the clusters are called.

    Raises
    ------
    LimnerError
        If there are fewer items than clusters, or HDBSCAN finds none.
    """
    matrix = features.matrix
    found = _kmeans(matrix, k, seed) if method == "kmeans" else _hdbscan(matrix, smallest, seed)
    numbers = _largest_first(found)
    middles = np.stack([matrix[numbers == j].mean(axis=0) for j in range(int(numbers.max()) + 1)])
    centroids = Centroids(middles, features.facts, features.whitening).named(names or {})
    distances = distances_to(matrix, numbers, centroids)
    return Clusters(features.ids, numbers, distances, centroids.names), centroids


def default_clusters(n: int) -> int:
    """Return the number of clusters of ``n`` items where it is not given."""
    return max(1, min(MAX_CLUSTERS, n // ITEMS_PER_CLUSTER))


def assign(features: Features, centroids: Centroids) -> Clusters:
    """Assign each item to the nearest of given clusters.

    Raises
    ------
    DataError
        If these are other features.
    """
    return Clusters(features.ids, *centroids.nearest(features.matrix), centroids.names)


def distances_to(matrix: Matrix, numbers: Numbers, centroids: Centroids) -> Matrix:
    """Return distances from the centre of each row's cluster, or from the nearest centre; ``(n,)``."""
    found = centroids.nearest(matrix)[1]
    for j in range(len(centroids)):
        mine = numbers == j
        found[mine] = distances_between(matrix[mine], centroids.matrix[j : j + 1])[:, 0]
    return found


def _kmeans(matrix: Matrix, k: int, seed: int) -> Numbers:
    if k > len(matrix):
        raise LimnerError(f"There are {len(matrix)} items, which make no {k} clusters; ask for fewer.")
    from sklearn.cluster import KMeans

    distinct = len(np.unique(matrix, axis=0))
    found = KMeans(min(k, distinct), n_init=STARTS, random_state=seed).fit(matrix)
    return np.asarray(found.labels_, np.int32)


def _hdbscan(matrix: Matrix, smallest: int, seed: int) -> Numbers:
    from sklearn.cluster import HDBSCAN
    from sklearn.decomposition import PCA

    if len(matrix) < smallest:
        raise LimnerError(f"There are {len(matrix)} items, fewer than the smallest cluster of {smallest}.")
    size = min(DENSITY_SIZE, *matrix.shape)
    rows = PCA(size, random_state=seed).fit_transform(matrix.astype(np.float64))
    numbers = np.asarray(HDBSCAN(min_cluster_size=smallest, copy=True).fit(rows).labels_, np.int32)
    if numbers.max() < 0:
        raise LimnerError("HDBSCAN finds no dense place; ask for smaller clusters, or for --method kmeans.")
    return numbers


def _largest_first(numbers: Numbers) -> Numbers:
    """Renumber clusters by size; among equals the one that comes first in the corpus is first."""
    inside = numbers[numbers >= 0]
    found, first, counts = np.unique(inside, return_index=True, return_counts=True)
    order = np.lexsort((first, -counts))
    table = np.full(int(found.max()) + 2, OUTSIDE, np.int32)
    table[found[order]] = np.arange(len(found), dtype=np.int32)
    return table[numbers]  # the last place of the table is that of -1
