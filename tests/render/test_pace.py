"""Pace: when each piece of a drawing is drawn."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.render.colouring import inked_strokes
from limner.render.pace import LARGEST_LIFT_SHARE, Pace, Timetable, timetable
from limner.render.style import Style
from limner.strokes.drawing import Drawing

coordinates = st.floats(-100, 100, width=32)
strokes = st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=6)
drawings = st.lists(strokes, min_size=1, max_size=4).map(lambda lines: Drawing.from_polylines(lines))
styles = st.sampled_from([Style(), Style(colour_by="stroke"), Style(colour_by="order")])


def table_of(drawing: Drawing, pace: Pace | None = None, style: Style | None = None) -> Timetable:
    table = timetable(inked_strokes(drawing, style or Style()), pace or Pace())
    assert table is not None
    return table


@pytest.mark.parametrize(
    "field",
    [
        {"seconds": 0},
        {"seconds": float("inf")},
        {"fps": 0},
        {"fps": 51},
        {"fps": float("nan")},
        {"hold_seconds": -1},
        {"lift_seconds": float("nan")},
    ],
)
def test_bad_paces_are_refused(field: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(field))):
        Pace(**field)  # type: ignore[arg-type]


def test_frames_are_counted() -> None:
    pace = Pace(seconds=2, fps=12, hold_seconds=0.5)
    assert (pace.n_frames, pace.n_hold_frames) == (24, 6)
    assert (Pace(seconds=0.01).n_frames, Pace(hold_seconds=0).n_hold_frames) == (1, 1)


def test_nothing_to_draw_has_no_timetable() -> None:
    assert timetable([], Pace()) is None


def test_time_follows_the_length_of_the_ink() -> None:
    table = table_of(Drawing.from_polylines(([(0, 0), (1, 0), (1, 3), (1, 7), (3, 7)],)))
    assert table.begins.tolist() == pytest.approx([0, 0.1, 0.4, 0.8])
    assert table.finishes.tolist() == pytest.approx([0.1, 0.4, 0.8, 1])


def test_lifts_take_a_pause() -> None:
    two = Drawing.from_polylines(([(0, 0), (4, 0)], [(9, 9), (9, 5)]))
    table = table_of(two, Pace(seconds=2, lift_seconds=0.2))
    assert table.finishes.tolist() == pytest.approx([0.45, 1])
    assert table.begins.tolist() == pytest.approx([0, 0.55])


def test_many_lifts_leave_time_to_draw() -> None:
    table = table_of(
        Drawing.from_polylines([[(i, 0), (i, 1)] for i in range(50)]), Pace(seconds=1, lift_seconds=1)
    )
    assert (table.finishes - table.begins).sum() == pytest.approx(1 - LARGEST_LIFT_SHARE)


@pytest.mark.slow
@settings(deadline=None)
@given(drawing=drawings, style=styles)
def test_moments_rise_from_0_to_1(drawing: Drawing, style: Style) -> None:
    table = table_of(drawing, style=style)
    moments = np.column_stack([table.begins, table.finishes]).ravel()
    assert moments[0] == 0
    assert np.all(np.diff(moments) >= 0)
    assert moments[-1] == 1 or drawing.n_points == 1 or drawing.ink_length == 0


@pytest.mark.slow
@settings(deadline=None)
@given(drawing=drawings, style=styles, cuts=st.lists(st.floats(0, 1), max_size=4))
def test_all_that_is_drawn_between_moments_is_the_drawing(
    drawing: Drawing, style: Style, cuts: list[float]
) -> None:
    table = table_of(drawing, style=style)
    moments = [-1.0, *sorted(cuts), 1.0]
    runs = [run for a, b in pairwise(moments) for run in table.between(a, b)]
    length = sum(float(np.hypot(*(ends - starts).T).sum()) for _, starts, ends in runs)
    assert length == pytest.approx(drawing.ink_length, rel=1e-3, abs=1e-3)
    drawn = np.concatenate([np.concatenate([starts, ends]) for _, starts, ends in runs])
    gaps = np.abs(drawing.points[:, None] - drawn[None]).max(axis=-1).min(axis=1)
    assert gaps.max() < 1e-3  # every point of the drawing has been drawn, dots too


def test_lines_grow_within_a_segment() -> None:
    table = table_of(Drawing.from_polylines(([(0, 0), (8, 0)],)))
    ((_, starts, ends),) = table.between(0.25, 0.5)
    assert starts.tolist() == [[2, 0]]
    assert ends.tolist() == [[4, 0]]


def test_runs_part_where_the_ink_changes() -> None:
    drawing = Drawing.from_polylines(([(0, 0), (1, 0), (2, 0)], [(0, 5), (2, 5)]))
    runs = table_of(drawing, style=Style(colour_by="stroke")).between(-1, 1)
    assert [len(starts) for _, starts, _ in runs] == [2, 1]
    assert runs[0][0] != runs[1][0]


def test_the_tip_is_where_the_line_ends() -> None:
    table = table_of(Drawing.from_polylines(([(0, 0), (4, 0), (4, 4)],)))
    for now in (0.1, 0.5, 0.9, 1.0):
        where, down = table.tip(now)
        assert down
        assert where.tolist() == pytest.approx(table.between(-1, now)[-1][2][-1].tolist())


def test_a_lifted_tip_glides_to_the_next_stroke() -> None:
    table = table_of(
        Drawing.from_polylines(([(0, 0), (4, 0)], [(10, 6), (10, 2)])), Pace(seconds=2, lift_seconds=0.2)
    )
    where, down = table.tip(0.5)
    assert not down
    assert where.tolist() == pytest.approx([7, 3])
    assert table.tip(0.6)[1]


def test_dots_come_one_after_another() -> None:
    table = table_of(Drawing.from_polylines([[(i, i)] for i in range(5)]))
    assert table.finishes.tolist() == pytest.approx([0, 0.25, 0.5, 0.75, 1])
    assert len(table.between(0.1, 0.6)[0][1]) == 2
