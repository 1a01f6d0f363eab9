from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.corpus.augment import drop_points, numbers_taken, random_scale


class Fed(np.random.Generator):
    """A generator whose random numbers are given."""

    def __init__(self, numbers: Any) -> None:
        super().__init__(np.random.PCG64(0))
        self.numbers = np.asarray(numbers)

    def random(self, size: int) -> Any:  # type: ignore[override]
        return self.numbers[:size]


def dropped_in_a_loop(rows: np.ndarray, numbers: np.ndarray, probability: float) -> list[list[float]]:
    """Sketch-rnn's rule, point by point."""
    kept: list[list[float]] = []
    count, last_lift = 0, 1.0
    for (dx, dy, lift), number in zip(rows.tolist(), numbers, strict=True):
        count = 0 if lift == 1 or last_lift == 1 else count + 1
        if lift == 0 and last_lift == 0 and count > 2 and number < probability:
            kept[-1][0] += dx
            kept[-1][1] += dy
        else:
            kept.append([dx, dy, lift])
            last_lift = lift
    return kept


@st.composite
def whole_rows(draw: st.DrawFn) -> np.ndarray:
    n = draw(st.integers(0, 60))
    offsets = draw(st.lists(st.integers(-100, 100), min_size=2 * n, max_size=2 * n))
    lifts = draw(st.lists(st.sampled_from([0, 0, 0, 0, 0, 1]), min_size=n, max_size=n))
    return np.column_stack([np.reshape(offsets, (n, 2)), lifts]).astype(np.float32)


@pytest.mark.slow
@given(whole_rows(), st.integers(0, 2**32), st.floats(0, 1))
def test_dropping_is_sketch_rnns_rule(rows: np.ndarray, seed: int, probability: float) -> None:
    numbers = np.random.default_rng(seed).random(len(rows))
    before = rows.copy()
    thinned = drop_points(rows, Fed(numbers), probability)
    assert thinned.tolist() == dropped_in_a_loop(rows, numbers, probability)
    assert thinned.dtype == np.float32
    np.testing.assert_array_equal(rows, before)


@pytest.mark.slow
@given(whole_rows(), st.integers(0, 2**32))
def test_dropping_conserves_lifts_and_the_way(rows: np.ndarray, seed: int) -> None:
    thinned = drop_points(rows, np.random.default_rng(seed), 0.7)
    np.testing.assert_array_equal(thinned.sum(axis=0), rows.sum(axis=0))
    assert len(thinned) <= len(rows)
    strokes = np.split(np.arange(len(rows)), np.flatnonzero(rows[:, 2]) + 1)
    fewest = sum(min(len(stroke), 3 + (rows[stroke[-1], 2] == 1)) for stroke in strokes if len(stroke))
    assert len(thinned) >= fewest


def test_everything_that_may_go_goes_at_probability_1() -> None:
    rows = np.array([[i, 0, i in (2, 9)] for i in range(11)], np.float32)
    expected = [
        [0, 0, 0],
        [1, 0, 0],
        [2, 0, 1],
        [3, 0, 0],
        [4, 0, 0],
        [5 + 6 + 7 + 8, 0, 0],
        [9, 0, 1],
        [10, 0, 0],
    ]
    assert drop_points(rows, np.random.default_rng(0), 1.0).tolist() == expected


def test_nothing_goes_at_probability_0_and_the_result_is_a_copy() -> None:
    rows = np.array([[1, 1, 0]] * 20, np.float32)
    thinned = drop_points(rows, np.random.default_rng(0), 0.0)
    np.testing.assert_array_equal(thinned, rows)
    assert not np.shares_memory(thinned, rows)


def test_as_many_go_as_the_probability_says() -> None:
    rows = np.zeros((100_000, 3), np.float32)
    assert len(drop_points(rows, np.random.default_rng(0), 0.1)) == pytest.approx(90_000, rel=0.005)


@pytest.mark.slow
@given(whole_rows(), st.integers(0, 2**32))
def test_scaling_is_one_factor_an_axis(rows: np.ndarray, seed: int) -> None:
    before = rows.copy()
    scaled = random_scale(rows, np.random.default_rng(seed), 0.15)
    np.testing.assert_array_equal(rows, before)
    np.testing.assert_array_equal(scaled[:, 2], rows[:, 2])
    assert scaled.dtype == np.float32
    for axis in (0, 1):
        moving = rows[:, axis] != 0
        factors = scaled[moving, axis] / rows[moving, axis]
        assert ((factors >= 0.85 - 1e-6) & (factors <= 1.15 + 1e-6)).all()
        assert np.ptp(factors) < 1e-6 if len(factors) else True


def test_the_two_factors_are_independent_and_even() -> None:
    rng = np.random.default_rng(0)
    factors = np.array([random_scale(np.ones((1, 3), np.float32), rng, 0.2)[0, :2] for _ in range(4000)])
    assert abs(np.corrcoef(factors.T)[0, 1]) < 0.05
    np.testing.assert_allclose(factors.mean(axis=0), 1, atol=0.01)
    np.testing.assert_allclose(factors.std(axis=0), 0.4 / np.sqrt(12), rtol=0.05)


def test_augmentation_works_on_read_only_rows() -> None:
    rows = np.ones((5, 3), np.float32)
    rows.setflags(write=False)
    assert random_scale(rows, np.random.default_rng(0), 0.1).flags.writeable
    assert drop_points(rows, np.random.default_rng(0), 0.1).flags.writeable


@pytest.mark.parametrize("factor", [0.0, 0.15])
@pytest.mark.parametrize("points", [1, 2, 50])
def test_chance_can_be_passed_over(points: int, factor: float) -> None:
    """Whoever does not augment a drawing goes on with the next where one who does would."""
    rows = np.ones((points, 3), np.float32)
    one, other = np.random.PCG64(3), np.random.PCG64(3)
    chance = np.random.Generator(one)
    drop_points(random_scale(rows, chance, factor), chance, factor)
    other.advance(numbers_taken(points))
    assert one.state == other.state
