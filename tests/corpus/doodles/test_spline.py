from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.corpus.doodles.spline import smooth_curve, straight_lines

turns = st.lists(st.floats(-120, 120), min_size=1, max_size=8)
lengths = st.floats(10, 100)


def knots_from(degrees: list[float], step: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Walk in steps of growing length, turning by some degrees before each."""
    heading = np.cumsum(np.deg2rad(degrees))
    steps = step * (1 + 0.1 * np.arange(len(degrees)))
    walk = np.column_stack([np.cos(heading) * steps, np.sin(heading) * steps])
    return np.vstack([[0.0, 0.0], np.cumsum(walk, axis=0)])[None]


@settings(max_examples=50, deadline=None)
@given(turns, lengths)
def test_the_curve_goes_through_its_knots(degrees: list[float], step: float) -> None:
    knots = knots_from(degrees, step)
    curve = smooth_curve(knots, samples=8)
    assert curve.shape == (1, 8 * len(degrees) + 1, 2)
    np.testing.assert_allclose(curve[:, ::8], knots, atol=1e-9)


@settings(max_examples=50, deadline=None)
@given(turns, lengths)
def test_the_curve_has_no_kinks(degrees: list[float], step: float) -> None:
    chords = np.diff(smooth_curve(knots_from(degrees, step), samples=400)[0], axis=0)
    cosines = (chords[1:] * chords[:-1]).sum(axis=1) / np.prod(
        [np.hypot(*chords[1:].T), np.hypot(*chords[:-1].T)], axis=0
    )
    assert cosines.min() > np.cos(np.deg2rad(20))


@settings(max_examples=25, deadline=None)
@given(turns, st.floats(-3, 3), st.floats(0.1, 10))
def test_turning_and_scaling_commute_with_the_curve(degrees: list[float], angle: float, scale: float) -> None:
    knots = knots_from(degrees, 50)
    matrix = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    np.testing.assert_allclose(smooth_curve(knots @ matrix.T), smooth_curve(knots) @ matrix.T, atol=1e-6)


def test_four_knots_make_a_circle() -> None:
    angles = np.deg2rad([0, 90, 180, 270, 360])
    curve = smooth_curve(100 * np.column_stack([np.cos(angles), np.sin(angles)])[None])
    radii = np.hypot(*curve[0].T)
    assert np.abs(radii - 100).max() < 0.1


def test_two_knots_make_a_straight_line() -> None:
    knots = np.array([[[0.0, 0.0], [30.0, 40.0]]])
    np.testing.assert_allclose(smooth_curve(knots) @ [4, -3], 0, atol=1e-6)


def test_drawings_do_not_touch_each_other() -> None:
    knots = np.random.default_rng(0).normal(size=(5, 6, 2))
    together = smooth_curve(knots)
    for i in range(5):
        np.testing.assert_array_equal(smooth_curve(knots[i : i + 1])[0], together[i])


@pytest.mark.parametrize("samples", [1, 4])
def test_straight_lines_divide_evenly(samples: int) -> None:
    knots = np.array([[[0.0, 0.0], [8.0, 0.0], [8.0, 4.0]]])
    lines = straight_lines(knots, samples)
    assert lines.shape == (1, 2 * samples + 1, 2)
    np.testing.assert_allclose(lines[0, : samples + 1, 0], np.linspace(0, 8, samples + 1))
    np.testing.assert_allclose(lines[0, samples:, 1], np.linspace(0, 4, samples + 1))
