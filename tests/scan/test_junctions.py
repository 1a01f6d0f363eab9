"""Crossings, forks and cusps, drawn and read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from limner.scan.scan import scan
from limner.strokes.drawing import Drawing

if TYPE_CHECKING:
    from tests.scan.conftest import Inked


NEAR_PX = 5


def read(grey: np.ndarray) -> Drawing:
    return scan(grey.astype(np.uint8)).drawing


def same_ends(found: Drawing, true: Drawing) -> bool:
    """Tell whether the strokes are as many and end where they should, within 5 px."""
    left = [s[[0, -1]].astype(float) for s in found]
    for stroke in true:
        ends = stroke[[0, -1]].astype(float)
        away = [min(np.abs(e - ends).max(), np.abs(e[::-1] - ends).max()) for e in left]
        if not away or min(away) > NEAR_PX:
            return False
        del left[int(np.argmin(away))]
    return not left


@pytest.mark.parametrize("angle", [20, 30, 45, 60, 90])
@pytest.mark.parametrize("pen_px", [2, 3, 5])
def test_lines_that_cross_go_straight_on(inked: Inked, angle: int, pen_px: float) -> None:
    half = np.radians(angle) / 2
    x, y = 90 * np.cos(half), 90 * np.sin(half)
    lines = ([[100 - x, 100 - y], [100 + x, 100 + y]], [[100 - x, 100 + y], [100 + x, 100 - y]])
    found = read(inked(*lines, size=(200, 200), pen_px=pen_px))
    assert same_ends(found, Drawing.from_polylines(lines))


def test_a_star_of_three_lines(inked: Inked) -> None:
    t = np.radians([10, 70, 130])
    lines = [[[100 + 80 * np.cos(a) * s, 100 + 80 * np.sin(a) * s] for s in (-1, 1)] for a in t]
    assert same_ends(read(inked(*lines, size=(200, 200))), Drawing.from_polylines(lines))


def test_a_line_that_ends_on_another(inked: Inked) -> None:
    lines = ([[20, 60], [140, 60]], [[80, 60], [80, 110]])
    assert same_ends(read(inked(*lines)), Drawing.from_polylines(lines))


def test_circles_that_touch_stay_circles(inked: Inked) -> None:
    t = np.linspace(0, 2 * np.pi, 80)
    rings = [np.column_stack([x + 30 * np.cos(t), 60 + 30 * np.sin(t)]) for x in (45, 104)]
    found = read(inked(*rings))
    assert len(found) <= 2
    assert found.ink_length == pytest.approx(4 * np.pi * 30, rel=0.07)


def test_a_pen_that_doubles_back_draws_one_line(inked: Inked) -> None:
    for opening in (10, 25, 40):
        reach = 80 * np.tan(np.radians(opening) / 2)
        found = read(inked([[20, 60 - reach], [110, 60], [20, 60 + reach]]))
        assert len(found) == 1, opening
        assert found.points[:, 0].max() > 105


def test_a_loop_is_one_line(inked: Inked) -> None:
    t = np.linspace(-3.6, 3.6, 90)
    stroke = np.column_stack([80 + 12 * t - 34 * np.sin(t), 60 + 34 * np.cos(t)])
    found = read(inked(stroke))
    assert same_ends(found, Drawing.from_polylines((stroke,)))


def test_a_closed_ring_closes(inked: Inked) -> None:
    t = np.linspace(0, 2 * np.pi, 60)
    (ring,) = read(inked(np.column_stack([80 + 35 * np.sin(t), 60 + 35 * np.cos(t)])))
    assert (ring[0] == ring[-1]).all()


def test_dots_are_dots(inked: Inked) -> None:
    for pen_px in (3, 4, 6):
        found = read(inked([[20, 60], [140, 60]], [[70, 30]], [[90, 30]], pen_px=pen_px))
        dots = [s for s in found if len(s) == 1]
        assert len(dots) == 2
        assert np.abs(np.sort([float(d[0, 0]) for d in dots]) - [70, 90]).max() < 0.6
