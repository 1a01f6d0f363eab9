"""A natural order of strokes."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.strokes.drawing import Drawing
from limner.strokes.order import ordered, travel

STROKES = st.lists(
    st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=1, max_size=4),
    min_size=0,
    max_size=12,
)


def test_from_the_top_left_on() -> None:
    drawing = Drawing.from_polylines(([[90, 90], [50, 50]], [[20, 20], [0, 0]], [[49, 49], [21, 21]]))
    assert [s[0].tolist() for s in ordered(drawing)] == [[0, 0], [21, 21], [50, 50]]


def test_a_ring_starts_near_the_pen() -> None:
    ring = [[20, 20], [40, 20], [40, 40], [20, 40], [20, 20]]
    found = ordered(Drawing.from_polylines(([[0, 22], [15, 42]], [*ring])))
    assert found.strokes[1][0].tolist() == found.strokes[1][-1].tolist() == [20, 40]
    assert {tuple(p) for p in found.strokes[1].tolist()} == {tuple(p) for p in ring}


def test_nothing_and_a_single_stroke() -> None:
    assert ordered(Drawing.from_polylines(())) == Drawing.from_polylines(())
    assert travel(ordered(Drawing.from_polylines(([[3, 3], [1, 1]],)))) == 0


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(STROKES)
def test_the_ink_is_the_same(lines: list[list[tuple[int, int]]]) -> None:
    drawing = Drawing.from_polylines(lines)
    found = ordered(drawing)
    assert len(found) == len(drawing)
    assert np.isclose(found.ink_length, drawing.ink_length)
    assert {tuple(p) for p in found.points.tolist()} == {tuple(p) for p in drawing.points.tolist()}


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(STROKES)
def test_open_strokes_are_kept_or_turned_round(lines: list[list[tuple[int, int]]]) -> None:
    drawing = Drawing.from_polylines([line for line in lines if line[0] != line[-1]])
    either = [min(s.tolist(), s[::-1].tolist()) for s in drawing]
    found = [min(s.tolist(), s[::-1].tolist()) for s in ordered(drawing)]
    assert Counter(map(str, found)) == Counter(map(str, either))


def test_travel_is_short() -> None:
    """A hundred strokes at random places: a tenth of the travel of their own order, at most a fifth."""
    rng = np.random.default_rng(0)
    starts = rng.uniform(0, 100, (100, 2))
    drawing = Drawing.from_polylines([np.stack([s, s + rng.normal(0, 2, 2)]) for s in starts])
    assert travel(ordered(drawing)) < 0.2 * travel(drawing)


def test_many_strokes_are_ordered_too() -> None:
    rng = np.random.default_rng(0)
    drawing = Drawing.from_polylines([rng.uniform(0, 100, (2, 2)) for _ in range(300)])
    assert travel(ordered(drawing)) < 0.3 * travel(drawing)
