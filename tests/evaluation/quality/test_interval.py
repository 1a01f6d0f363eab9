"""Bootstrap intervals."""

from __future__ import annotations

import numpy as np
import pytest

from limner.evaluation.quality.interval import bootstrap


def test_interval_of_a_mean_is_about_two_standard_errors() -> None:
    values = np.random.default_rng(0).normal(5, 2, 400)
    found = bootstrap(values)
    error = values.std() / 20
    assert found.value == pytest.approx(values.mean())
    assert found.low == pytest.approx(found.value - 1.96 * error, abs=0.25 * error)
    assert found.high == pytest.approx(found.value + 1.96 * error, abs=0.25 * error)


def test_the_seed_decides() -> None:
    values = np.random.default_rng(1).random(50)
    assert bootstrap(values, seed=1) == bootstrap(values, seed=1) != bootstrap(values, seed=2)


def test_other_figures_and_more_confidence() -> None:
    values = np.random.default_rng(2).random((60, 2))

    def ratio(rows: np.ndarray) -> float:
        return float(rows[:, 0].sum() / rows[:, 1].sum())

    narrow, wide = (bootstrap(values, ratio, confidence=c) for c in (0.5, 0.99))
    assert wide.low < narrow.low < narrow.value < narrow.high < wide.high


def test_nothing() -> None:
    with pytest.raises(ValueError, match="nothing to resample"):
        bootstrap(np.zeros(0))
