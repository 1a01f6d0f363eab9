"""Strong augmentation: what may change, and what never does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.corpus.strong_augment import augment_strongly
from limner.corpus.strong_augmentation import StrongAugmentation
from limner.strokes.drawing import Drawing

HOUSE = np.array(
    [[5, 5, 0], [0, 10, 0], [10, 0, 0], [0, -10, 1], [-10, 0, 0], [5, -5, 0], [5, 5, 1], [-6, 2, 1]],
    np.float32,
)
ALL = StrongAugmentation(20, 0.2, 0.5, 0.01, 0.02, 0.3, 0.5, 0.5)


def _places(rows: np.ndarray) -> np.ndarray:
    return np.cumsum(rows[:, :2], axis=0, dtype=np.float64)


@st.composite
def drawn_rows(draw: st.DrawFn) -> np.ndarray:
    n = draw(st.integers(0, 40))
    offsets = draw(st.lists(st.integers(-100, 100), min_size=2 * n, max_size=2 * n))
    lifts = draw(st.lists(st.sampled_from([0, 0, 0, 1]), min_size=n, max_size=n))
    return np.column_stack([np.reshape(offsets, (n, 2)), lifts]).astype(np.float32)


@pytest.mark.slow
@settings(deadline=None)
@given(drawn_rows(), st.integers(0, 2**32))
def test_any_drawing_gives_a_drawing(rows: np.ndarray, seed: int) -> None:
    """The source stays as it is; the first point and an unfinished stroke too."""
    before = rows.copy()
    found = augment_strongly(rows, np.random.default_rng(seed), ALL)
    np.testing.assert_array_equal(rows, before)
    assert found.dtype == np.float32
    assert found.shape[1] == 3
    assert np.isfinite(found).all()
    assert set(found[:, 2].tolist()) <= {0.0, 1.0}
    assert len(found) <= len(rows)
    if len(rows):
        assert len(found) > 0
        assert found[-1, 2] == rows[-1, 2]


@pytest.mark.slow
@settings(deadline=None)
@given(drawn_rows(), st.integers(0, 2**32))
def test_order_and_direction_move_no_ink(rows: np.ndarray, seed: int) -> None:
    """All points stay, as far as their drawing's first one, which stays where it was, lets them."""
    how = StrongAugmentation(reorder=1.0, reverse=0.5)
    found = augment_strongly(rows, np.random.default_rng(seed), how)
    assert len(found) == len(rows)
    if len(rows):
        np.testing.assert_allclose(found[0, :2], rows[0, :2], atol=1e-3)
        a, b = (np.sort(_places(r) - _places(r).mean(axis=0), axis=0) for r in (rows, found))
        np.testing.assert_allclose(a, b, atol=1e-2)
        assert found[:, 2].sum() == rows[:, 2].sum()


def test_reversed_strokes_stay_as_long_as_they_were() -> None:
    """A stroke of four, one of three and a dot: lifts go with the strokes, not with the points."""
    found = Drawing.from_stroke3(
        augment_strongly(HOUSE, np.random.default_rng(0), StrongAugmentation(reverse=1.0))
    )
    strokes = Drawing.from_stroke3(HOUSE)
    assert [len(stroke) for stroke in found] == [4, 3, 1]
    way = found.points[0] - strokes.strokes[0][-1]
    for mine, its in zip(found, strokes, strict=True):
        np.testing.assert_allclose(mine, its[::-1] + way, atol=1e-4)


def _matrix_of(how: StrongAugmentation, seed: int) -> np.ndarray:
    found = _places(augment_strongly(HOUSE, np.random.default_rng(seed), how))
    a, b = (x - x.mean(axis=0) for x in (_places(HOUSE), found))
    matrix, *_ = np.linalg.lstsq(a, b, rcond=None)
    np.testing.assert_allclose(a @ matrix, b, atol=1e-4)
    return np.asarray(matrix.T)


def test_turns_stay_within_their_bound() -> None:
    angles = []
    for seed in range(200):
        matrix = _matrix_of(StrongAugmentation(turn=30), seed)
        np.testing.assert_allclose(matrix @ matrix.T, np.eye(2), atol=1e-4)
        angles.append(np.degrees(np.arctan2(matrix[1, 0], matrix[0, 0])))
    assert -30 <= min(angles) < -20 < 20 < max(angles) <= 30


def test_slants_stay_within_their_bound() -> None:
    slants = []
    for seed in range(100):
        matrix = _matrix_of(StrongAugmentation(slant=0.4), seed)
        np.testing.assert_allclose([matrix[0, 0], matrix[1, 0], matrix[1, 1]], [1, 0, 1], atol=1e-4)
        slants.append(matrix[0, 1])
    assert -0.4 <= min(slants) < -0.3 < 0.3 < max(slants) <= 0.4


def test_mirrors_about_half_of_the_time() -> None:
    signs = [round(_matrix_of(StrongAugmentation(mirror=0.5), seed)[0, 0]) for seed in range(200)]
    assert set(signs) == {-1, 1}
    assert 60 < signs.count(-1) < 140


def test_leaves_out_strokes_and_never_all() -> None:
    counts = [
        len(
            Drawing.from_stroke3(
                augment_strongly(HOUSE, np.random.default_rng(seed), StrongAugmentation(leave_out=0.5))
            )
        )
        for seed in range(200)
    ]
    assert set(counts) == {1, 2, 3}
    assert len(augment_strongly(HOUSE, np.random.default_rng(0), StrongAugmentation(leave_out=1.0))) > 0


def test_shaking_is_a_share_of_the_size() -> None:
    moved = []
    for seed in range(300):
        for size in (1, 100):
            rows = HOUSE * np.array([size, size, 1], np.float32)
            found = augment_strongly(rows, np.random.default_rng(seed), StrongAugmentation(shake=0.02))
            moved.append((found - rows)[1:, :2] / size)
    side = float(np.ptp(_places(HOUSE), axis=0).max())
    assert np.std(moved) == pytest.approx(0.02 * side * np.sqrt(2), rel=0.05)  # of differences


def test_the_same_chance_gives_the_same_drawing() -> None:
    one, same, other = (augment_strongly(HOUSE, np.random.default_rng(seed), ALL) for seed in (3, 3, 4))
    np.testing.assert_array_equal(one, same)
    assert one.shape != other.shape or not np.array_equal(one, other)


def test_without_variation_nothing_changes() -> None:
    found = augment_strongly(HOUSE, np.random.default_rng(0), StrongAugmentation())
    np.testing.assert_array_equal(found, HOUSE)
    assert found is not HOUSE
    assert not StrongAugmentation().active
    assert ALL.active


@pytest.mark.parametrize("wrong", [{"mirror": 1.5}, {"leave_out": -0.1}, {"turn": -1}, {"shake": np.inf}])
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"probabilities|numbers from 0 up"):
        StrongAugmentation(**wrong)
