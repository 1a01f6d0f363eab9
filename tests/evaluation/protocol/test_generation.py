"""Figures of sets of samples.

Letters: ``n`` drawings, ``D`` features.
"""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest

from limner.evaluation.protocol.generation import (
    SMALLEST_SET,
    SetComparison,
    compare_sets,
    mean_and_deviation,
    real_baseline,
)
from limner.evaluation.quality.frechet import frechet_distance
from limner.evaluation.quality.kernel import squared_mmd

CHANCE = np.random.default_rng(0)
REAL = CHANCE.normal(size=(200, 3))


def test_each_figure_is_the_one_it_is_called() -> None:
    others = CHANCE.normal(0.5, size=(200, 3))
    found = compare_sets(REAL, others)
    assert found.fid == pytest.approx(frechet_distance(REAL, others))
    assert found.kid == pytest.approx(squared_mmd(REAL, others))  # subsets are as large as the sets


def test_a_set_is_like_itself() -> None:
    found = compare_sets(REAL, REAL)
    assert found.fid == pytest.approx(0, abs=1e-6)
    assert (found.precision, found.recall, found.coverage) == (1, 1, 1)


def test_far_away() -> None:
    found = compare_sets(REAL, REAL + 100)
    assert found.fid == pytest.approx(3 * 100**2)
    assert (found.precision, found.recall, found.density, found.coverage) == (0, 0, 0, 0)


def test_samples_that_are_all_alike_are_precise_and_no_more() -> None:
    alike = REAL[:1] + 1e-3 * CHANCE.normal(size=(200, 3))
    found = compare_sets(REAL, alike)
    assert found.precision == 1
    assert max(found.recall, found.coverage) < 0.2


def test_sets_that_cannot_be_compared_are_refused() -> None:
    with pytest.raises(ValueError, match="one size"):
        compare_sets(REAL, REAL[:100])
    with pytest.raises(ValueError, match="too few"):
        compare_sets(REAL[: SMALLEST_SET - 1], REAL[: SMALLEST_SET - 1])


def test_floor_of_one_distribution() -> None:
    found = real_baseline(REAL, 100, splits=6)
    assert found.splits == 6
    assert 0 < found.mean.fid < 0.2
    assert abs(found.mean.kid) < 0.1
    assert min(found.mean.precision, found.mean.recall, found.mean.coverage) > 0.85
    assert found.deviation.fid > 0


def test_the_floor_has_no_drawing_on_both_sides() -> None:
    """All drawings differ, so that sets without a common one lie apart."""
    corners = 1e3 * np.eye(40)
    found = real_baseline(corners, 20, splits=5)
    assert found.mean.fid > 1e3
    with pytest.raises(ValueError, match="two sets of 21"):
        real_baseline(corners, 21)


def test_floor_is_repeatable() -> None:
    assert real_baseline(REAL, 50, splits=3, seed=4) == real_baseline(REAL, 50, splits=3, seed=4)
    assert real_baseline(REAL, 50, splits=3, seed=4) != real_baseline(REAL, 50, splits=3, seed=5)


def test_spread_by_hand() -> None:
    mean, deviation = mean_and_deviation([SetComparison(1, 2, 3, 4, 5, 6), SetComparison(3, 2, 5, 4, 5, 10)])
    assert astuple(mean) == (2, 2, 4, 4, 5, 8)
    assert astuple(deviation) == (1, 0, 1, 0, 0, 2)
