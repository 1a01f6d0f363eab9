"""Inks: which piece of a drawing takes which colour."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.render.colouring import ORDER_STEPS, ink_arc_lengths, inked_strokes, inks
from limner.render.style import STROKE_INKS, Style, parse_colour
from limner.strokes.drawing import Drawing

coordinates = st.floats(-100, 100, width=32)
strokes = st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=6)
drawings = st.lists(strokes, max_size=4).map(lambda lines: Drawing.from_polylines(lines))
ORDER = Style(colour_by="order")


def test_one_ink_for_all() -> None:
    style = Style(ink="navy")
    drawing = Drawing.from_polylines(([(0, 0), (1, 1)], [(2, 2)]))
    pieces = inked_strokes(drawing, style)
    assert [[piece.colour for piece in stroke] for stroke in pieces] == [[(0, 0, 128)], [(0, 0, 128)]]
    assert all(np.array_equal(stroke[0].points, s) for stroke, s in zip(pieces, drawing, strict=True))


def test_each_stroke_its_ink_in_turn() -> None:
    n = len(STROKE_INKS)
    pieces = inked_strokes(
        Drawing.from_polylines([[(i, i), (i, 0)] for i in range(n + 1)]), Style(colour_by="stroke")
    )
    colours = [stroke[0].colour for stroke in pieces]
    assert colours == [parse_colour(name) for name in (*STROKE_INKS, STROKE_INKS[0])]


@pytest.mark.slow
@settings(deadline=None)
@given(drawings)
def test_pieces_of_the_gradient_make_up_the_drawing(drawing: Drawing) -> None:
    pieces = inked_strokes(drawing, ORDER)
    assert len(pieces) == len(drawing)
    for stroke, original in zip(pieces, drawing, strict=True):
        assert stroke
        np.testing.assert_allclose(stroke[0].points[0], original[0], atol=1e-4)
        np.testing.assert_allclose(stroke[-1].points[-1], original[-1], atol=1e-4)
        for one, following in pairwise(stroke):
            np.testing.assert_array_equal(one.points[-1], following.points[0])
    length = sum(Drawing.from_polylines([p.points for p in stroke]).ink_length for stroke in pieces)
    assert length == pytest.approx(drawing.ink_length, rel=1e-3, abs=1e-3)


@pytest.mark.slow
@settings(deadline=None)
@given(drawings)
def test_the_gradient_never_turns_back(drawing: Drawing) -> None:
    palette = inks(ORDER)
    turns = [palette.index(piece.colour) for stroke in inked_strokes(drawing, ORDER) for piece in stroke]
    assert turns == sorted(turns)


def test_the_gradient_gives_each_ink_the_same_length() -> None:
    (pieces,) = inked_strokes(Drawing.from_polylines(([(0, 0), (5, 0), (48, 0)],)), ORDER)
    assert [piece.colour for piece in pieces] == list(inks(ORDER))
    assert [np.ptp(piece.points[:, 0]) for piece in pieces] == pytest.approx([48 / ORDER_STEPS] * ORDER_STEPS)


def test_dots_take_the_ink_of_their_turn() -> None:
    dots = inked_strokes(Drawing.from_polylines([[(i, i)] for i in range(ORDER_STEPS)]), ORDER)
    assert [stroke[0].colour for stroke in dots] == list(inks(ORDER))


def test_a_last_dot_takes_the_last_ink() -> None:
    pieces = inked_strokes(Drawing.from_polylines(([(0, 0), (9, 0)], [(3, 3)])), ORDER)
    assert pieces[1][0].colour == inks(ORDER)[-1]


def test_marks_run_on_from_stroke_to_stroke() -> None:
    marks = ink_arc_lengths(Drawing.from_polylines(([(0, 0), (3, 4)], [(9, 9)], [(0, 0), (0, 2), (0, 3)])))
    assert [m.tolist() for m in marks] == [[0, 5], [5], [5, 7, 8]]


def test_a_stroke_that_begins_on_an_edge_has_no_sliver_of_the_ink_before() -> None:
    line = [(0, 0), (70.5, 76.25)]
    before, dot, after = inked_strokes(Drawing.from_polylines([line, [(0, 0)], line]), ORDER)
    assert [len(before), len(dot), len(after)] == [ORDER_STEPS // 2, 1, ORDER_STEPS // 2]
