"""Smooth curves: exact at their points, without loops, and the same in SVG and pixels."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from limner.render.smooth import TOLERANCE_PX, curve_data, flatten_smooth, smooth_cubics

POINTS = arrays(
    np.float32, st.tuples(st.integers(3, 12), st.just(2)), elements=st.integers(0, 300).map(float)
)


@given(POINTS)
def test_curves_begin_and_end_at_the_points(points: np.ndarray) -> None:
    cubics = smooth_cubics(points)
    assert cubics.shape == (len(points) - 1, 4, 2)
    assert np.array_equal(cubics[:, 0], points[:-1])
    assert np.array_equal(cubics[:, 3], points[1:])


@pytest.mark.slow
@given(POINTS)
def test_all_points_stay_in_their_order(points: np.ndarray) -> None:
    found = [tuple(p) for p in flatten_smooth(points).tolist()]
    place = 0
    for point in points.tolist():
        place = found.index(tuple(point), place)


def test_points_on_a_circle_make_a_circle() -> None:
    turn = np.linspace(0, 2 * np.pi, 17)
    circle = 100 * np.stack([np.cos(turn), np.sin(turn)], 1).astype(np.float32)
    circle[-1] = circle[0]
    radii = np.hypot(*flatten_smooth(circle).T)
    assert len(radii) > 60
    assert radii == pytest.approx(100, abs=0.5)  # a chord of this circle comes as near as 98.1


def test_a_straight_row_stays_straight() -> None:
    row = np.array([[0, 0], [10, 0], [11, 0], [50, 0]], np.float32)
    found = flatten_smooth(row)
    assert np.abs(found[:, 1]).max() <= TOLERANCE_PX
    assert (np.diff(found[:, 0]) >= 0).all()


def test_the_path_holds_a_cubic_for_each_step() -> None:
    d = curve_data(np.array([[0, 0], [10, 5], [20, 0]], np.float32))
    assert d.startswith("M0 0C")
    assert len(re.findall(r"-?[\d.]+", d)) == 2 + 2 * 6
    assert d.endswith("20 0")


def test_a_line_of_two_points_is_no_curve() -> None:
    assert curve_data(np.array([[0, 0], [10, 5]], np.float32)) == "M0 0L10 5"
