"""Precision, recall, density and coverage on sets whose figures can be counted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.evaluation.quality import prdc as prdc_module
from limner.evaluation.quality.prdc import prdc

LINE = np.arange(6.0)[:, None]  # with k = 1 each ball reaches to distance 1


def test_equal_sets() -> None:
    found = prdc(LINE, LINE, k=1)
    assert (found.precision, found.recall, found.coverage) == (1, 1, 1)
    assert found.density == pytest.approx((6 + 2 * 5) / 6)  # itself and its one or two neighbours


def test_sets_far_apart() -> None:
    found = prdc(LINE, LINE + 100, k=1)
    assert (found.precision, found.recall, found.density, found.coverage) == (0, 0, 0, 0)


def test_half_in_half_out_by_hand() -> None:
    """Samples at 0.4, 0.5, 50, 50.2: two lie in the balls of 0 and 1; each reaches 0.1 or 0.2."""
    samples = np.array([[0.4], [0.5], [50.0], [50.2]])
    found = prdc(LINE, samples, k=1)
    assert found.precision == 0.5
    assert found.recall == 0
    assert found.density == (2 + 2) / 4
    assert found.coverage == 2 / 6


def test_samples_of_one_mode_are_precise_but_recall_little() -> None:
    chance = np.random.default_rng(0)
    real = chance.normal(size=(200, 2)) + 20 * (np.arange(200)[:, None] % 2)
    samples = chance.normal(size=(100, 2))
    found = prdc(real, samples)
    assert found.precision > 0.8
    assert found.recall < 0.6
    assert found.coverage < 0.6


@given(st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_chunks_change_nothing(seed: int, k: int) -> None:
    chance = np.random.default_rng(seed)
    real, samples = chance.normal(size=(23, 3)), chance.normal(size=(17, 3))
    whole = prdc(real, samples, k)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prdc_module, "ROWS", 5)
        assert prdc(real, samples, k) == whole


def test_too_few() -> None:
    with pytest.raises(ValueError, match="more than 5 drawings"):
        prdc(LINE[:5], LINE)
