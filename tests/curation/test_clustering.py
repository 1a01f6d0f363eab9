"""Clusters: of what is alike, the largest first, the same for the same seed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from limner.curation.clustering import assign, default_clusters, find_clusters
from limner.curation.clusters import OUTSIDE
from limner.curation.features import Features
from limner.errors import LimnerError


def _blobs() -> Features:
    """Return 30, 20 and 10 points around three middles, and two far from all."""
    rng = np.random.default_rng(0)
    middles = np.repeat([[0, 0, 0], [9, 0, 0], [0, 9, 0]], [30, 20, 10], axis=0)
    rows = np.concatenate([middles + rng.normal(0, 0.3, (60, 3)), [[90, 90, 90], [-90, 90, -90]]])
    ids = tuple(f"#{i}" for i in range(len(rows)))
    nothing = (None,) * len(rows)
    return Features(rows.astype(np.float32), ids, nothing, nothing, {"name": "blobs", "version": 1})


def test_kmeans_finds_blobs() -> None:
    blobs = _blobs()
    three = replace(blobs, matrix=blobs.matrix[:60], ids=blobs.ids[:60])
    clusters, centroids = find_clusters(three, 3, names={0: "many"})
    assert clusters.numbers.tolist() == [0] * 30 + [1] * 20 + [2] * 10
    np.testing.assert_allclose(centroids.matrix, [[0, 0, 0], [9, 0, 0], [0, 9, 0]], atol=0.3)
    assert clusters.sizes == {0: 30, 1: 20, 2: 10}
    assert clusters.name(0) == "many"
    away = np.linalg.norm(three.matrix[:30] - centroids.matrix[0], axis=1)
    np.testing.assert_allclose(clusters.distances[:30], away, atol=1e-3)


def test_hdbscan_finds_blobs_and_leaves_out_the_rest() -> None:
    clusters, centroids = find_clusters(_blobs(), method="hdbscan", smallest=8)
    assert clusters.numbers.tolist() == [0] * 30 + [1] * 20 + [2] * 10 + [OUTSIDE] * 2
    assert len(centroids) == 3
    assert clusters.name(OUTSIDE) == "none"
    assert clusters.distances[-1] > 50


@pytest.mark.slow
def test_doodles_fall_into_their_classes(features: Features) -> None:
    kinds = sorted({label for label in features.labels if label})
    clusters, _ = find_clusters(features, len(kinds), seed=1)
    pairs = set(zip(clusters.numbers.tolist(), features.labels, strict=True))
    assert len(pairs) <= len(kinds) + 3  # nearly one to one


@pytest.mark.slow
def test_the_same_seed_the_same_clusters(features: Features) -> None:
    first, again = (find_clusters(features, 7, seed=5)[0].numbers for _ in range(2))
    assert np.array_equal(first, again)


def test_saved_middles_label_later_items(features: Features) -> None:
    clusters, centroids = find_clusters(features, 7)
    again = assign(features, centroids.named({0: "first"}))
    assert np.array_equal(again.numbers, clusters.numbers)
    assert again.name(0) == "first"


def test_equal_items_make_one_cluster() -> None:
    blobs = _blobs()
    same = replace(blobs, matrix=np.ones_like(blobs.matrix))
    assert find_clusters(same, 4)[0].sizes == {0: 62}


def test_too_few_items() -> None:
    blobs = _blobs()
    with pytest.raises(LimnerError, match="62 items, which make no 63 clusters"):
        find_clusters(blobs, 63)
    with pytest.raises(LimnerError, match="fewer than the smallest"):
        find_clusters(blobs, method="hdbscan", smallest=63)
    apart = replace(blobs, matrix=np.random.default_rng(1).normal(size=(62, 30)).astype(np.float32))
    with pytest.raises(LimnerError, match="no dense place"):
        find_clusters(apart, method="hdbscan", smallest=40)


@pytest.mark.parametrize(("n", "k"), [(1, 1), (11, 1), (24, 2), (100, 8), (144, 12), (10_000, 12)])
def test_clusters_where_their_number_is_not_given(n: int, k: int) -> None:
    assert default_clusters(n) == k
