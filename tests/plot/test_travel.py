"""Order and direction of strokes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.plot.layers import way_of
from limner.plot.travel import is_ring, ordered_strokes

HOME = np.zeros(2)
RING = np.array([(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0)])
point = st.tuples(st.integers(0, 20), st.integers(0, 20))
stroke = st.lists(point, min_size=1, max_size=5).map(lambda points: np.array(points, float))


def edges(strokes: list[np.ndarray]) -> list[tuple[float, ...]]:
    return sorted(tuple(np.concatenate(sorted([a, b], key=tuple))) for s in strokes for a, b in pairwise(s))


@settings(deadline=None, max_examples=60)
@given(strokes=st.lists(stroke, max_size=12))
def test_the_lines_stay_and_the_way_is_no_longer(strokes: list[np.ndarray]) -> None:
    found = ordered_strokes(strokes, HOME)
    assert len(found) == len(strokes)
    assert edges(found) == edges(strokes)
    assert way_of(found, HOME).travel_mm <= way_of(strokes, HOME).travel_mm + 1e-6


def test_a_row_is_drawn_from_one_end_to_the_other() -> None:
    rng = np.random.default_rng(0)
    row = [np.array([(x, 0.0), (x + 1.0, 0.0)]) for x in range(0, 60, 2)]
    mixed = [row[k][:: rng.choice([1, -1])] for k in rng.permutation(30)]
    assert way_of(ordered_strokes(mixed, HOME), HOME).travel_mm == pytest.approx(29)


def test_rings_begin_where_the_pen_comes_by() -> None:
    far = RING + np.array([10.0, 10.0])
    found = ordered_strokes([far[[2, 3, 0, 1, 2]] * 1.0, np.array([(20.0, 14.0), (30.0, 14.0)])], HOME)
    assert found[0][0].tolist() == [14.0, 10.0]
    assert way_of(found, HOME).travel_mm < 24.5
    assert is_ring(RING)
    assert not is_ring(RING[:4])


def test_scattered_strokes_are_near_the_best_order() -> None:
    """The best tour of n points in a square of side 1 is near 0.7124 sqrt(n); half the ways are strokes."""
    dots = np.random.default_rng(1).uniform(0, 100, (300, 1, 2))
    travel = way_of(ordered_strokes(list(dots), HOME), HOME).travel_mm
    assert travel < 1.12 * 0.7124 * np.sqrt(300 * 100**2)


def test_nothing_is_nothing() -> None:
    assert ordered_strokes([], HOME) == []
