"""How long a plotter takes, against what can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from limner.plot.duration import Motion

MOTION = Motion(draw_mm_s=10, travel_mm_s=20, acceleration_mm_s2=100, lift_s=0.5)
HOME = np.zeros(2)


def test_a_straight_line() -> None:
    """1 mm and 0.1 s to speed up, as much to slow down, and 98 mm at 10 mm/s, in however many pieces."""
    for n in (2, 3, 50):
        line = np.stack([np.linspace(0, 100, n), np.zeros(n)], axis=1)
        assert MOTION.seconds([line], HOME) == pytest.approx(0.5 + 100 / 10 + 10 / 100)


def test_a_short_line_never_gets_fast() -> None:
    line = np.array([(0.0, 0.0), (0.25, 0.0)])
    assert MOTION.seconds([line], HOME) == pytest.approx(0.5 + 2 * np.sqrt(0.25 / 100))


def test_corners_take_time_and_lifts_and_ways_too() -> None:
    straight = np.array([(0.0, 0.0), (50.0, 0.0), (100.0, 0.0)])
    right = np.array([(0.0, 0.0), (50.0, 0.0), (50.0, 50.0)])
    back = np.array([(0.0, 0.0), (50.0, 0.0), (0.0, 0.0)])
    seconds = [MOTION.seconds([line], HOME) for line in (straight, right, back)]
    assert seconds == sorted(seconds)
    assert seconds[2] == pytest.approx(0.5 + 2 * (5 + 0.1))
    far = MOTION.seconds([straight + np.array([40.0, 0.0])], HOME) - seconds[0]
    assert far == pytest.approx(40 / 20 + 20 / 100)
    assert MOTION.travel_seconds(40) == pytest.approx(far)


def test_half_the_speed_takes_twice_as_long() -> None:
    line = np.array([(0.0, 0.0), (1000.0, 0.0)])
    whole, half = (MOTION.seconds([line], HOME, speed=speed) - 0.5 for speed in (1, 0.5))
    assert half == pytest.approx(2 * whole, rel=0.01)


def test_dots_and_nothing() -> None:
    assert MOTION.seconds([np.zeros((1, 2))], HOME) == pytest.approx(0.5)
    assert MOTION.seconds([], HOME) == 0
    with pytest.raises(ValueError, match="draw_mm_s"):
        Motion(draw_mm_s=0)
