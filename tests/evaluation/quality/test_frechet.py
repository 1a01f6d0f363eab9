"""The Fréchet distance, by hand and against SciPy's matrix root."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import sqrtm

from limner.evaluation.quality.frechet import Gaussian, frechet_between, frechet_distance


def _gaussian(mean: list[float], covariance: list[list[float]]) -> Gaussian:
    return Gaussian(np.array(mean), np.array(covariance))


def test_two_gaussians_by_hand() -> None:
    """|(0, 0) - (3, 4)|^2 = 25, and (1 - 2)^2 + (3 - 1)^2 = 5 of the standard deviations."""
    one = _gaussian([0, 0], [[1, 0], [0, 9]])
    other = _gaussian([3, 4], [[4, 0], [0, 1]])
    assert frechet_distance(one, other) == pytest.approx(30)


@given(st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_against_the_root_of_the_product(seed: int, width: int) -> None:
    chance = np.random.default_rng(seed)
    one, other = (
        Gaussian.of(chance.normal(size=(40, width)) @ chance.normal(size=(width, width))) for _ in "ab"
    )
    product = np.real(sqrtm(one.covariance @ other.covariance))
    wanted = ((one.mean - other.mean) ** 2).sum() + np.trace(one.covariance + other.covariance - 2 * product)
    assert frechet_distance(one, other) == pytest.approx(wanted, rel=1e-5, abs=1e-5)


def test_fewer_drawings_than_features() -> None:
    chance = np.random.default_rng(0)
    few = Gaussian.of(chance.normal(size=(5, 30)))
    assert frechet_distance(few, few) == pytest.approx(0, abs=1e-9)


def test_a_shift_counts_squared() -> None:
    features = np.random.default_rng(1).normal(size=(200, 3))
    moved = Gaussian.of(features + np.array([2, 0, 0]))
    assert frechet_distance(Gaussian.of(features), moved) == pytest.approx(4)


@pytest.mark.parametrize("shape", [(1, 3), (4,)])
def test_what_has_no_covariance(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="at least two drawings"):
        Gaussian.of(np.zeros(shape))


def test_other_features() -> None:
    with pytest.raises(ValueError, match="2 features cannot be compared with 1"):
        frechet_distance(_gaussian([0, 0], [[1, 0], [0, 1]]), _gaussian([0], [[1]]))


@given(st.integers(2, 12), st.integers(2, 12), st.integers(1, 9), st.integers(0, 1000))
def test_sets_have_the_distance_of_their_distributions(n: int, m: int, width: int, seed: int) -> None:
    """With more features than drawings as with fewer."""
    chance = np.random.default_rng(seed)
    one, other = chance.normal(size=(n, width)), chance.normal(0.5, 2, size=(m, width))
    wanted = frechet_distance(Gaussian.of(one), Gaussian.of(other))
    assert frechet_between(one, other) == pytest.approx(wanted, rel=1e-6, abs=1e-6)


def test_sets_that_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="cannot be compared"):
        frechet_between(np.ones((1, 2)), np.ones((3, 2)))
    with pytest.raises(ValueError, match="cannot be compared"):
        frechet_between(np.ones((3, 4)), np.ones((3, 2)))
