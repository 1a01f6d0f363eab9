from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.doodles.line import ToyLine, oval
from limner.corpus.doodles.spline import SAMPLES_PER_ARC

if TYPE_CHECKING:
    from limner.corpus.doodles.line import Knot


def exactly(knots: tuple[Knot, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.stack([np.stack(np.broadcast_arrays(x, y, np.zeros(2))[:2], axis=-1) for x, y in knots], axis=1)


def test_corners_stand_where_the_pen_changes_its_way() -> None:
    line = (
        ToyLine(exactly, (0, 0)).to((10, 0), (10, 10)).curve((20, 20), (30, 10)).to((np.array([30, 40]), 0))
    )
    knots = np.array([1, 2, 4, 5]) * SAMPLES_PER_ARC
    assert line.corners == [0, *knots]
    assert line.points.shape == (2, knots[-1] + 1, 2)
    np.testing.assert_allclose(line.points[0, line.corners], [(0, 0), (10, 0), (10, 10), (30, 10), (30, 0)])
    np.testing.assert_allclose(line.points[1, -1], (40, 0))


def test_a_line_is_drawn_everywhere_unless_told_otherwise() -> None:
    line = ToyLine(exactly, (0, 0))
    assert line.drawn.all()
    assert not line.first.any()
    line.only(np.array([True, False])).early(np.array([False, True]))
    np.testing.assert_array_equal(line.drawn, [True, False])
    np.testing.assert_array_equal(line.first, [False, True])


def test_an_oval_runs_clockwise_on_a_page_and_may_grow() -> None:
    quarter = exactly(tuple(oval(10, 20, 4, 2, (0, 90), 2)))[0]
    np.testing.assert_allclose(quarter, [(14, 20), (10, 22)], atol=1e-12)
    spiral = [np.hypot(x, y) for x, y in oval(0, 0, 1, 1, (0, 720), 5, grow=3)]
    np.testing.assert_allclose(spiral, [1, 1.5, 2, 2.5, 3])
