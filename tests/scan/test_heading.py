"""Headings and turns."""

from __future__ import annotations

from math import cos, degrees, pi, radians, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.scan.heading import Heading, heading, opening, turning, wrap_angle


def ray(angle: float, n: int = 30) -> np.ndarray:
    return np.outer(np.arange(n), [cos(angle), sin(angle)])


@pytest.mark.parametrize("angle", [-170, -90, 0, 33, 90, 179])
def test_a_straight_line(angle: float) -> None:
    found = heading(ray(radians(angle)), 4, 8)
    assert degrees(wrap_angle(found.angle - radians(angle))) == pytest.approx(0, abs=1e-6)
    assert (found.x, found.y) == pytest.approx((4 * cos(radians(angle)), 4 * sin(radians(angle))))


def test_a_bend_is_continued_backwards() -> None:
    t = np.linspace(0, 1.5, 40)
    arc = 20 * np.column_stack([np.sin(t), 1 - np.cos(t)])  # starts along x
    plain = np.arctan2(*(arc[21] - arc[0])[::-1])
    assert abs(heading(arc, 0, 16).angle) < 0.5 * plain


def test_what_lies_at_the_junction_is_not_believed() -> None:
    points = np.concatenate([[[0, 3], [0.5, 2], [1, 1]], ray(0)[2:]])
    assert abs(heading(points, 4, 8).angle) < 0.05


def test_single_points_head_somewhere() -> None:
    assert heading(np.array([[3.0, 4]]), 2, 5) == Heading(3, 4, 0)
    assert heading(np.array([[3.0, 4], [3, 4]]), 2, 5)[:2] == (3, 4)


def test_straight_on_is_no_turn() -> None:
    assert turning(Heading(-2, 0, pi), Heading(2, 0, 0)) == pytest.approx(0)


def test_a_corner_and_a_step_aside() -> None:
    assert degrees(turning(Heading(-2, 0, pi), Heading(0, 2, pi / 2))) == pytest.approx(90)
    assert degrees(turning(Heading(-2, 0, pi), Heading(2, 4, 0))) == pytest.approx(90)


def test_a_circle_turns_by_its_angle() -> None:
    one, two = Heading(-sin(0.5), cos(0.5), pi + 0.5), Heading(sin(0.5), cos(0.5), -0.5)
    assert turning(one, two) == pytest.approx(1.0)


@given(st.floats(-50, 50))
def test_wrapped(angle: float) -> None:
    assert -pi <= wrap_angle(angle) <= pi
    assert cos(wrap_angle(angle)) == pytest.approx(cos(angle), abs=1e-9)


def test_opening() -> None:
    assert degrees(opening(Heading(0, 0, radians(170)), Heading(0, 0, radians(-170)))) == pytest.approx(20)
