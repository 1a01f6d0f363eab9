"""Principal components: few numbers that say as much, rows of length 1."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from limner.curation.whitening import MOST, POWER, Whitening, unit_rows


def _rows(n: int, wide: int, seed: int = 0) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(n, 8)) * (9, 7, 5, 3, 2, 1, 0.5, 0.1) @ rng.normal(size=(8, wide)) + 4).astype(
        np.float32
    )


@pytest.mark.slow
def test_rows_are_of_length_one_and_uncorrelated() -> None:
    rows = _rows(600, 40)
    whitening = Whitening.fit(rows)
    found = whitening.apply(rows)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    before = (rows - whitening.mean) @ whitening.components
    spread = np.cov(before.T)[:8, :8]
    assert np.abs(spread - np.diag(np.diag(spread))).max() < 0.01 * spread.max()


@pytest.mark.slow
def test_large_components_are_held_back() -> None:
    """Variance v becomes v to the power of 1 - POWER."""
    rows = _rows(600, 40)
    plain = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)[1][:8] ** 2 / 599
    whitening = Whitening.fit(rows)
    after = ((rows - whitening.mean) @ whitening.components).var(axis=0, ddof=1)[:8]
    np.testing.assert_allclose(after, plain ** (1 - POWER), rtol=0.01)


@pytest.mark.parametrize(
    ("n", "wide", "size"), [(1, 30, 1), (2, 30, 1), (10, 30, 5), (400, 300, MOST), (400, 3, 3)]
)
def test_how_many_components(n: int, wide: int, size: int) -> None:
    whitening = Whitening.fit(_rows(n, wide))
    assert whitening.components.shape == (wide, size)
    assert np.isfinite(whitening.apply(_rows(n, wide))).all()


def test_equal_rows() -> None:
    rows = np.ones((20, 6), np.float32)
    assert not Whitening.fit(rows).apply(rows).any()


@pytest.mark.slow
def test_the_same_seed_the_same_components() -> None:
    rows = _rows(500, 300)
    first, again = Whitening.fit(rows, seed=4), Whitening.fit(rows, seed=4)
    assert np.array_equal(first.components, again.components)


@pytest.mark.slow
@given(arrays(np.float32, (4, 3), elements=st.floats(-1e6, 1e6, width=32)))
def test_unit_rows(rows: NDArray[np.float32]) -> None:
    lengths = np.linalg.norm(unit_rows(rows), axis=1)
    some = np.linalg.norm(rows, axis=1) > 1e-12
    np.testing.assert_allclose(lengths[some], 1, rtol=1e-4)
    assert not lengths[(rows == 0).all(axis=1)].any()
