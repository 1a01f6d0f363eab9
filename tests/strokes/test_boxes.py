"""Box separation."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.strokes.boxes import covered_shares, separated
from limner.strokes.drawing import Drawing

STROKES = st.lists(
    st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=1, max_size=4),
    min_size=0,
    max_size=9,
)


def square(x: float, y: float, side: float) -> list[list[float]]:
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(STROKES, st.floats(0.01, 1), st.floats(0, 40))
def test_every_stroke_is_in_exactly_one_group(
    lines: list[list[tuple[int, int]]], overlap: float, gap: float
) -> None:
    drawing = Drawing.from_polylines(lines, label="x")
    groups = separated(drawing, overlap=overlap, gap=gap)
    assert Counter(s.tobytes() for g in groups for s in g) == Counter(s.tobytes() for s in drawing)
    assert all(len(group) and group.label == "x" for group in groups)


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(STROKES, st.floats(0.01, 1), st.floats(0, 40))
def test_groups_lie_apart(lines: list[list[tuple[int, int]]], overlap: float, gap: float) -> None:
    groups = separated(Drawing.from_polylines(lines), overlap=overlap, gap=gap)
    boxes = np.array([group.bounds for group in groups]).reshape(-1, 4)
    shares = covered_shares(boxes)
    for i in range(len(groups)):
        for j in range(i):
            away = np.maximum(np.maximum(boxes[i, :2] - boxes[j, 2:], boxes[j, :2] - boxes[i, 2:]), 0)
            assert shares[i, j] < overlap
            assert np.hypot(*away) >= gap


def test_the_order_is_kept() -> None:
    strokes = [square(0, 0, 10), square(50, 50, 10), square(2, 2, 3), square(52, 52, 3)]
    groups = separated(Drawing.from_polylines(strokes))
    assert [[s.tolist() for s in g] for g in groups] == [[strokes[0], strokes[2]], [strokes[1], strokes[3]]]


@pytest.mark.parametrize(
    "inside",
    [square(40, 40, 10), [[20, 50], [60, 50]], [[50, 20], [50, 60]], [[50, 50]], [[10, 10], [90, 90]]],
)
def test_what_lies_inside_belongs_to_it(inside: list[list[float]]) -> None:
    """Over the union the overlap of a small square in a large one is 0.01, and that of a straight line 0."""
    assert len(separated(Drawing.from_polylines((square(0, 0, 100), inside)))) == 1


def test_equal_straight_strokes_are_one_group() -> None:
    assert len(separated(Drawing.from_polylines(([[0, 0], [10, 0]], [[0, 0], [10, 0]])))) == 1


def test_a_gap_brings_together() -> None:
    drawing = Drawing.from_polylines((square(0, 0, 10), square(13, 14, 10)))
    assert len(separated(drawing)) == 2
    assert len(separated(drawing, gap=5)) == 2
    assert len(separated(drawing, gap=5.01)) == 1


def test_groups_grow_together() -> None:
    """The third box touches neither of the first two, but the one around both."""
    drawing = Drawing.from_polylines((square(0, 0, 10), square(7, 7, 10), square(11, 0, 5)))
    assert len(separated(drawing)) == 1


def test_nothing_gives_nothing() -> None:
    assert separated(Drawing.from_polylines(())) == []


@pytest.mark.parametrize("options", [{"overlap": 0.0}, {"overlap": 1.1}, {"gap": -1.0}])
def test_wrong_values(options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(options))):
        separated(Drawing.from_polylines(()), **options)
