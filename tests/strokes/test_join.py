"""Joining strokes end to end."""

from __future__ import annotations

from math import pi, radians

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.strokes.drawing import Drawing
from limner.strokes.join import end_pairs, join, joined

STROKES = st.lists(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=5),
    min_size=1,
    max_size=7,
)


def one_by_one(strokes: list[np.ndarray], distance: float) -> int:
    """Join the two nearest ends again and again, as the Single-Line project did; give the number left."""
    left = [np.asarray(s, float) for s in strokes]
    while len(left) > 1:
        found = [
            (float(np.hypot(*(left[i][-a] - left[j][-b]))), i, j, a, b)
            for i in range(len(left))
            for j in range(i)
            for a in (0, 1)
            for b in (0, 1)
        ]
        nearest = min(found)
        if nearest[0] >= distance:
            break
        _, i, j, a, b = nearest
        one, two = left[i][:: 1 if a else -1], left[j][:: -1 if b else 1]
        left = [s for k, s in enumerate(left) if k not in (i, j)] + [np.concatenate([one, two])]
    return len(left)


def test_ends_that_are_near_are_joined_and_turned_round() -> None:
    drawing = Drawing.from_polylines(([[0, 0], [10, 0]], [[30, 0], [12, 0]], [[30, 50], [40, 50]]))
    found = joined(drawing, 3)
    assert [s.tolist() for s in found] == [[[0, 0], [10, 0], [12, 0], [30, 0]], [[30, 50], [40, 50]]]


def test_the_distance_itself_is_too_far() -> None:
    drawing = Drawing.from_polylines(([[0, 0], [10, 0]], [[13, 0], [20, 0]]))
    assert len(joined(drawing, 3)) == 2
    assert len(joined(drawing, 3.01)) == 1


def test_equal_points_are_not_doubled() -> None:
    drawing = Drawing.from_polylines(([[0, 0], [10, 0]], [[10, 0], [10, 9]]))
    assert joined(drawing, 1).strokes[0].tolist() == [[0, 0], [10, 0], [10, 9]]


def test_a_sharp_turn_can_be_refused() -> None:
    corner = Drawing.from_polylines(([[0, 0], [10, 0]], [[10.0, 0.5], [10.0, 9.0]]))
    hairpin = Drawing.from_polylines(([[0, 0], [10, 0]], [[10, 0.5], [0, 0.5]]))
    assert len(joined(corner, 1, max_turn=radians(100))) == 1
    assert len(joined(hairpin, 1, max_turn=radians(100))) == 2


def test_turn_and_bend() -> None:
    (pair,) = end_pairs([np.array([[0, 0], [10.0, 0]]), np.array([[14.0, 4], [24, 4]])], 6, look=5)
    assert (pair.one, pair.two) == (1, 2)
    assert pair.distance == pytest.approx(np.hypot(4, 4))
    assert pair.turn == pytest.approx(pi / 2)  # a step aside: 45 degrees, twice
    assert pair.bend == pytest.approx(0)


def test_a_stroke_is_not_closed() -> None:
    ring = Drawing.from_polylines(([[0, 0], [10, 0], [10, 10], [0, 1]],))
    assert joined(ring, 5) == ring


@pytest.mark.parametrize("distance", [0.0, -1.0])
def test_no_distance_joins_nothing(distance: float) -> None:
    drawing = Drawing.from_polylines(([[0, 0], [1, 1]], [[1, 1], [2, 0]]))
    assert joined(drawing, distance) == drawing


@settings(max_examples=60, deadline=None)
@given(STROKES, st.floats(0.5, 30))
def test_points_stay_and_nothing_near_is_left(lines: list[list[tuple[int, int]]], distance: float) -> None:
    drawing = Drawing.from_polylines(lines)
    found = joined(drawing, distance)
    assert {tuple(p) for p in found.points.tolist()} == {tuple(p) for p in drawing.points.tolist()}
    for pair in end_pairs(found.strokes, distance, look=1):
        assert pair.one // 2 == pair.two // 2, "two strokes could still be joined"


@settings(max_examples=60, deadline=None)
@given(STROKES, st.floats(0.5, 30))
def test_new_segments_are_short(lines: list[list[tuple[int, int]]], distance: float) -> None:
    drawing = Drawing.from_polylines(lines)
    old = {
        frozenset(map(tuple, pair)) for s in drawing for pair in zip(s.tolist(), s.tolist()[1:], strict=False)
    }
    for stroke in joined(drawing, distance):
        for one, two in zip(stroke.tolist(), stroke.tolist()[1:], strict=False):
            assert frozenset([tuple(one), tuple(two)]) in old or np.hypot(*np.subtract(one, two)) < distance


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.floats(5, 60))
def test_as_many_are_left_as_joining_one_by_one_leaves(seed: int, distance: float) -> None:
    """Where no two distances are equal the order is that of the original."""
    rng = np.random.default_rng(seed)
    strokes = [rng.uniform(0, 100, (3, 2)) for _ in range(6)]
    pairs = end_pairs(strokes, distance, look=1)
    assert len(join(strokes, pairs)) == one_by_one(strokes, distance)
