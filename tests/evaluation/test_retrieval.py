"""Retrieval and accuracy, by hand and against a slow reading of their definitions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.evaluation.retrieval import (
    cosine_distances,
    exclude_self,
    mean_average_precision,
    nearest_scores,
    top_accuracy,
)


def test_top_accuracy_by_hand() -> None:
    scores = [[0.5, 0.3, 0.2], [0.1, 0.2, 0.7], [0.6, 0.3, 0.1]]
    labels = [0, 1, 2]
    assert [top_accuracy(scores, labels, k) for k in (1, 2, 3)] == [1 / 3, 2 / 3, 1.0]


def test_saying_nothing_is_worth_nothing() -> None:
    assert top_accuracy(np.zeros((4, 9)), [0, 3, 5, 8]) == 0


def test_average_precision_by_hand() -> None:
    """Right at places 1, 3 and 4 of five: (1 + 2/3 + 3/4) / 3. Right at place 2 only: 1/2."""
    distances = [[1, 2, 3, 4, 5], [1, 2, 3, 4, 5]]
    gallery = [7, 8, 7, 7, 9]
    first, second = (1 + 2 / 3 + 3 / 4) / 3, 1 / 2
    assert mean_average_precision(distances, [7, 8], gallery) == pytest.approx((first + second) / 2)


def test_queries_with_nothing_to_find_do_not_count() -> None:
    assert mean_average_precision([[1, 2], [1, 2]], [5, 0], [5, 5]) == 1
    with pytest.raises(ValueError, match="nothing of any query's class"):
        mean_average_precision([[1, 2]], [0], [5, 5])


def test_a_drawing_is_not_found_by_itself() -> None:
    """Two of a class and one of another: each of the pair has the other behind the third."""
    apart = exclude_self([[0, 3, 1], [3, 0, 2], [1, 2, 0]])
    assert mean_average_precision(apart, [4, 4, 6], [4, 4, 6]) == 1 / 2
    assert np.isinf(apart.diagonal()).all()


@given(st.integers(0, 2**32), st.integers(1, 8), st.integers(1, 12))
def test_average_precision_is_what_it_says(seed: int, queries: int, size: int) -> None:
    rng = np.random.default_rng(seed)
    distances = rng.random((queries, size))
    own, theirs = rng.integers(3, size=queries), rng.integers(3, size=size)
    precisions = []
    for row, label in zip(distances, own, strict=True):
        ranked = [theirs[k] == label for k in np.argsort(row)]
        hits = [sum(ranked[: k + 1]) / (k + 1) for k in range(size) if ranked[k]]
        precisions += [sum(hits) / len(hits)] if hits else []
    if precisions:
        found = mean_average_precision(distances, own, theirs)
        assert found == pytest.approx(sum(precisions) / len(precisions))


def test_cosine_distances() -> None:
    found = cosine_distances([[2, 0], [1, 1]], [[5, 0], [0, 3], [-1, 0], [0, 0]])
    half = 1 - math.sqrt(0.5)
    wanted = np.array([[0, 1, 2, 1], [half, half, 2 - half, 1]])
    np.testing.assert_allclose(found, wanted, atol=1e-12)


def test_the_nearest_of_each_class_counts() -> None:
    scores = nearest_scores([[4, 1, 2], [3, 9, 8]], [0, 2, 0], 3)
    np.testing.assert_array_equal(scores, [[-2, -np.inf, -1], [-3, -np.inf, -9]])


def test_no_drawings() -> None:
    with pytest.raises(ValueError, match="no drawings"):
        top_accuracy(np.zeros((0, 3)), [])
