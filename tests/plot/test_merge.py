"""Lines drawn twice, and strokes that meet."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import LineString, STRtree, points

from limner.plot.merge import chained, cut, without_overlaps

LINE = np.array([(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)])


def test_a_line_is_drawn_once_whichever_way_it_runs() -> None:
    for again in (LINE, LINE[::-1], LINE + 0.03, np.array([(2.0, 0.0), (5.0, 0.01)])):
        assert len(without_overlaps([LINE, again], 0.05)) == 1
    assert len(without_overlaps([LINE, LINE + 0.2], 0.05)) == 2
    assert len(without_overlaps([LINE, LINE], 0)) == 2


def test_the_part_that_is_new_stays() -> None:
    longer = np.array([(-5.0, 0.0), (20.0, 0.0)])
    kept = without_overlaps([LINE, longer], 0.05)
    assert len(kept) == 3
    np.testing.assert_allclose(np.concatenate(kept[1:])[:, 0], [-5, 0, 10, 20], atol=0.11)


def test_crossings_and_neighbours_stay_whole() -> None:
    """Also lines that cross at a small angle, that touch, and a stroke that goes back over itself."""
    cross = np.array([(5.0, -5.0), (5.0, 5.0)])
    flat = np.array([(0.0, -0.5), (10.0, 0.5)])
    back = np.array([(20.0, 0.0), (30.0, 0.0), (20.0, 0.0)])
    touching = np.array([(10.0, 10.0), (10.0, 20.0)])
    strokes = [LINE, cross, flat, back, touching]
    kept = without_overlaps(strokes, 0.05)
    assert len(kept) == 5
    for one, same in zip(kept, strokes, strict=True):
        np.testing.assert_array_equal(one, same)


def test_dots_on_lines_are_left_out() -> None:
    assert len(without_overlaps([LINE, np.array([(4.0, 0.01)]), np.array([(4.0, 1.0)])], 0.05)) == 2
    assert len(without_overlaps([np.array([(4.0, 1.0)]), np.array([(4.0, 1.0)])], 0.05)) == 1


def test_a_grid_of_squares_has_each_side_once() -> None:
    square = np.array([(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)])
    squares = [square + 10.0 * np.array([x, y]) for x in range(4) for y in range(4)]
    kept = without_overlaps(squares, 0.05)
    assert sum(np.hypot(*np.diff(s, axis=0).T).sum() for s in kept) == pytest.approx(2 * 4 * 5 * 10, abs=4)


def test_a_random_page_keeps_all_its_ink() -> None:
    """Whatever is left out lies on what is kept."""
    rng = np.random.default_rng(3)
    strokes = [np.cumsum(rng.normal(0, 2, (12, 2)), axis=0) for _ in range(30)]
    strokes += [s + 0.02 for s in strokes[:10]]
    kept = without_overlaps(strokes, 0.05)
    assert len(kept) == 30
    samples = np.concatenate([s[:-1] + f * np.diff(s, axis=0) for s in strokes for f in (0, 0.3, 0.7)])
    ink = STRtree([LineString(s) for s in kept])
    assert len(set(ink.query(points(samples), "dwithin", 0.16)[0].tolist())) == len(samples)


def test_strokes_that_meet_are_one() -> None:
    one, two, far = LINE, np.array([(10.0, 10.02), (0.0, 20.0)]), np.array([(50.0, 50.0)])
    joined = chained([one, two, far], 0.05)
    assert [len(s) for s in joined] == [5, 1]
    assert len(chained([one, two, far], 0)) == 3
    assert len(chained([LINE, LINE[::-1]], 0.05)[0]) == 5


def test_a_part_of_a_line() -> None:
    np.testing.assert_allclose(cut(LINE, 4, 12), [(4, 0), (10, 0), (10, 2)])
    np.testing.assert_allclose(cut(LINE, 0, 10), [(0, 0), (10, 0)])
