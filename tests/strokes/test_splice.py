"""Splicing strokes into others."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.strokes.drawing import Drawing
from limner.strokes.splice import find_splice, spliced

STROKES = st.lists(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=6),
    min_size=1,
    max_size=6,
)
LINE = [[0, 0], [10, 0], [20, 0], [30, 0]]


def test_a_stroke_goes_in_where_it_begins_and_ends() -> None:
    found = spliced(Drawing.from_polylines((LINE, [[11, 1], [15, 9], [19, 1]])), 10)
    assert [s.tolist() for s in found] == [[[0, 0], [10, 0], [11, 1], [15, 9], [19, 1], [20, 0], [30, 0]]]


def test_it_is_turned_round_where_that_is_shorter() -> None:
    there, back = [[11, 1], [15, 9], [19, 1]], [[19, 1], [15, 9], [11, 1]]
    assert spliced(Drawing.from_polylines((LINE, there)), 10) == spliced(
        Drawing.from_polylines((LINE, back)), 10
    )


def test_the_last_segment_counts() -> None:
    found = find_splice([np.array(LINE, float), np.array([[21.0, 1], [29, 1]])], 10)
    assert found is not None
    assert (found.host, found.after, found.backward) == (0, 2, False)


def test_no_jump_across() -> None:
    """The original would put this in, as both ends are near one point; the pen would come back from afar."""
    far = Drawing.from_polylines(([[0, 0], [100, 0]], [[0, 1], [0, 50], [0, 2]]))
    assert spliced(far, 40) == far


def test_the_distance_itself_is_too_far() -> None:
    drawing = Drawing.from_polylines((LINE, [[10, 2], [20, 2]]))
    assert len(spliced(drawing, 4)) == 2
    assert len(spliced(drawing, 4.01)) == 1


def test_dots_go_in_but_hold_nothing() -> None:
    assert len(spliced(Drawing.from_polylines((LINE, [[15, 1]])), 12)) == 1
    assert find_splice([np.zeros((1, 2)), np.ones((1, 2))], 100) is None


@settings(max_examples=60, deadline=None)
@given(STROKES, st.floats(1, 60))
def test_points_stay_and_no_jump_is_new(lines: list[list[tuple[int, int]]], distance: float) -> None:
    drawing = Drawing.from_polylines(lines)
    found = spliced(drawing, distance)
    assert Counter(map(tuple, found.points.tolist())) == Counter(map(tuple, drawing.points.tolist()))
    old = {
        frozenset(map(tuple, pair)) for s in drawing for pair in zip(s.tolist(), s.tolist()[1:], strict=False)
    }
    for stroke in found:
        for one, two in zip(stroke.tolist(), stroke.tolist()[1:], strict=False):
            assert frozenset([tuple(one), tuple(two)]) in old or np.hypot(*np.subtract(one, two)) < distance


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(STROKES, st.floats(1, 60), st.data())
def test_directions_do_not_matter(
    lines: list[list[tuple[int, int]]], distance: float, data: st.DataObject
) -> None:
    """Turning strokes round beforehand gives as cheap a first splice."""
    strokes = [np.array(line, float) for line in lines]
    turned = [s[::-1] if data.draw(st.booleans()) else s for s in strokes]
    one, two = find_splice(strokes, distance), find_splice(turned, distance)
    assert (one is None) == (two is None)
    if one is not None and two is not None:
        assert np.isclose(one.cost, two.cost)


@settings(max_examples=60, deadline=None)
@given(STROKES, st.floats(1, 60))
def test_nothing_is_left_to_splice(lines: list[list[tuple[int, int]]], distance: float) -> None:
    assert find_splice(spliced(Drawing.from_polylines(lines), distance).strokes, distance) is None
