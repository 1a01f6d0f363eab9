"""The Fréchet distance, by hand and against SciPy's matrix root."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.linalg import sqrtm

from limner.evaluation.quality.frechet import frechet_distance

Rows = NDArray[np.float64]


def _by_covariances(one: Rows, other: Rows) -> float:
    """Take the distance as it is written down."""
    means, covariances = ([f(rows) for rows in (one, other)] for f in (lambda x: x.mean(0), _covariance))
    root = np.real(sqrtm(covariances[0] @ covariances[1]))
    return float(((means[0] - means[1]) ** 2).sum() + np.trace(sum(covariances) - 2 * root))


def _covariance(rows: Rows) -> Rows:
    return np.atleast_2d(np.cov(rows, rowvar=False))


def test_two_distributions_by_hand() -> None:
    """|(0, 0) - (3, 4)|^2 = 25, and (1 - 2)^2 + (3 - 1)^2 = 5 of the standard deviations."""
    cross = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]]) * np.sqrt(3 / 4)  # covariance: the identity
    assert frechet_distance(cross * [1, 3], cross * [2, 1] + [3, 4]) == pytest.approx(30)


@pytest.mark.slow
@given(st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_against_the_root_of_the_product(seed: int, width: int) -> None:
    chance = np.random.default_rng(seed)
    one, other = (chance.normal(size=(40, width)) @ chance.normal(size=(width, width)) for _ in "ab")
    assert frechet_distance(one, other) == pytest.approx(_by_covariances(one, other), rel=1e-5, abs=1e-5)


@pytest.mark.slow
@given(st.integers(2, 12), st.integers(2, 12), st.integers(1, 9), st.integers(0, 1000))
def test_more_features_than_drawings(n: int, m: int, width: int, seed: int) -> None:
    """Covariances without full rank, where SciPy has no root of their product."""
    chance = np.random.default_rng(seed)
    one, other = chance.normal(size=(n, width)), chance.normal(0.5, 2, size=(m, width))
    wanted = _by_eigenvalues(one, other)
    assert frechet_distance(one, other) == pytest.approx(wanted, rel=1e-6, abs=1e-6)


def _by_eigenvalues(one: Rows, other: Rows) -> float:
    """Take the trace of the root from the symmetric C^(1/2) C' C^(1/2), which has the same."""
    first, second = _covariance(one), _covariance(other)
    values, vectors = np.linalg.eigh(first)
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    between = np.sqrt(np.linalg.eigvalsh(root @ second @ root).clip(0)).sum()
    return float(((one.mean(0) - other.mean(0)) ** 2).sum() + np.trace(first + second) - 2 * between)


def test_a_set_lies_at_itself() -> None:
    few = np.random.default_rng(0).normal(size=(5, 30))
    assert frechet_distance(few, few) == pytest.approx(0, abs=1e-9)


def test_a_shift_counts_squared() -> None:
    features = np.random.default_rng(1).normal(size=(200, 3))
    assert frechet_distance(features, features + np.array([2, 0, 0])) == pytest.approx(4)


def test_sets_that_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="cannot be compared"):
        frechet_distance(np.ones((1, 2)), np.ones((3, 2)))
    with pytest.raises(ValueError, match="cannot be compared"):
        frechet_distance(np.ones((3, 4)), np.ones((3, 2)))
