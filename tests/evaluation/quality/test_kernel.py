"""The kernel distance, against scikit-learn's kernel and a plain double loop."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics.pairwise import polynomial_kernel

from limner.evaluation.quality.kernel import jackknife_interval, kernel_distance, squared_mmd


def _sets(shift: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(0)
    return chance.normal(size=(30, 4)), chance.normal(size=(20, 4)) + shift


def test_against_scikit_learn() -> None:
    one, other = _sets(0.5)
    k_one, k_other, across = (polynomial_kernel(a, b) for a, b in ((one, one), (other, other), (one, other)))
    wanted = np.mean([k_one[i, j] for i in range(30) for j in range(30) if i != j])
    wanted += np.mean([k_other[i, j] for i in range(20) for j in range(20) if i != j])
    assert squared_mmd(one, other) == pytest.approx(wanted - 2 * across.mean())


def test_grows_with_the_distance_and_is_unbiased() -> None:
    near, far = (squared_mmd(*_sets(shift)) for shift in (0.5, 2.0))
    assert 0 < near < far
    chance = np.random.default_rng(2)
    same = [squared_mmd(chance.normal(size=(25, 3)), chance.normal(size=(25, 3))) for _ in range(200)]
    assert min(same) < 0 < max(same)
    assert abs(np.mean(same)) < 4 * np.std(same) / np.sqrt(len(same))


def test_subsets_depend_on_the_seed_alone() -> None:
    one, other = _sets(1.0)
    found = kernel_distance(one, other, subsets=20, size=10, seed=3)
    assert found == kernel_distance(one, other, subsets=20, size=10, seed=3)
    assert found != kernel_distance(one, other, subsets=20, size=10, seed=4)
    assert found.deviation > 0
    assert found.mean == pytest.approx(squared_mmd(one, other), abs=4 * found.deviation)


def test_whole_sets_do_not_scatter() -> None:
    one, other = _sets()
    other = np.concatenate([other, other[:10]])
    found = kernel_distance(one, other, subsets=3)
    assert found.deviation == pytest.approx(0, abs=1e-9)


def test_too_few() -> None:
    with pytest.raises(ValueError, match="at least two drawings"):
        squared_mmd(np.zeros((1, 2)), np.zeros((5, 2)))


def test_the_interval_leaves_out_each_drawing_in_turn() -> None:
    one, other = _sets(0.5)
    one, other = one[:7], other[:5]
    variance = 0.0
    for estimates in (
        [squared_mmd(np.delete(one, k, 0), other) for k in range(7)],
        [squared_mmd(one, np.delete(other, k, 0)) for k in range(5)],
    ):
        variance += (len(estimates) - 1) * float(np.var(estimates))
    found = jackknife_interval(one, other)
    assert found.value == pytest.approx(squared_mmd(one, other))
    assert found.high - found.value == pytest.approx(1.96 * variance**0.5)
    assert found.value - found.low == pytest.approx(1.96 * variance**0.5)


def test_the_interval_takes_three_drawings() -> None:
    with pytest.raises(ValueError, match="three"):
        jackknife_interval(*(some[:2] for some in _sets()))
