"""Sheets: the grid, its captions, headings and title."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.render.layout import Box
from limner.render.lettering import width_px
from limner.render.sheet_layout import good_columns, plan_sheet
from limner.render.style import Style
from limner.strokes.drawing import Drawing

LINE = Drawing.from_polylines(([(0, 0), (3, 1)],), label="line")

coordinates = st.floats(-1e6, 1e6, width=32)
strokes = st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=5)
drawings = st.lists(strokes, max_size=3).map(lambda lines: Drawing.from_polylines(lines))


def overlap(a: Box, b: Box) -> bool:
    return a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.y + b.height and b.y < a.y + a.height


@pytest.mark.slow
@settings(deadline=None)
@given(
    flock=st.lists(drawings, min_size=1, max_size=9),
    columns=st.none() | st.integers(1, 12),
    captioned=st.booleans(),
    cell_px=st.integers(20, 300),
    common_scale=st.booleans(),
)
def test_every_drawing_lies_in_its_own_cell(
    flock: list[Drawing], columns: int | None, captioned: bool, cell_px: int, common_scale: bool
) -> None:
    captions = [f"no. {i}" for i in range(len(flock))] if captioned else None
    sheet = plan_sheet(flock, columns=columns, captions=captions, cell_px=cell_px, common_scale=common_scale)
    assert len(sheet.cells) == len(sheet.drawings) == len(flock)
    assert not any(overlap(a, b) for a, b in combinations(sheet.cells, 2))
    page = Box(0, 0, sheet.width, sheet.height)
    for cell, drawing in zip(sheet.cells, sheet.drawings, strict=True):
        assert cell.x > 0
        assert cell.y > 0
        assert cell.x + cell.width < page.width
        assert cell.y + cell.height < page.height
        low, high = np.array(cell[:2]), np.array(cell[:2]) + cell[2:]
        assert np.all(drawing.points - sheet.pen_px / 2 >= low - 1e-3)
        assert np.all(drawing.points + sheet.pen_px / 2 <= high + 1e-3)


@pytest.mark.parametrize(
    ("n", "columns"), [(1, 1), (2, 2), (3, 3), (4, 2), (6, 3), (9, 3), (10, 5), (12, 4), (64, 8), (100, 10)]
)
def test_columns_make_a_block_with_few_gaps(n: int, columns: int) -> None:
    assert good_columns(n) == columns


@settings(deadline=None)
@given(st.integers(1, 500))
def test_a_block_is_never_higher_than_wide(n: int) -> None:
    columns = good_columns(n)
    assert -(-n // columns) <= columns <= n


def test_cells_run_in_rows() -> None:
    sheet = plan_sheet([LINE] * 5, columns=2)
    corners = [cell[:2] for cell in sheet.cells]
    assert corners == sorted(corners, key=lambda corner: (corner[1], corner[0]))
    assert len({x for x, _ in corners}) == 2
    assert len({y for _, y in corners}) == 3


def test_more_columns_than_drawings_leave_no_hole() -> None:
    assert plan_sheet([LINE] * 2, columns=9).width == plan_sheet([LINE] * 2, columns=2).width


def test_the_common_scale_keeps_relative_sizes() -> None:
    small, large = Drawing.from_polylines(([(0, 0), (10, 0)],)), Drawing.from_polylines(([(5, 5), (45, 5)],))
    sheet = plan_sheet([small, large], common_scale=True)
    assert sheet.drawings[1].ink_length == pytest.approx(4 * sheet.drawings[0].ink_length)
    fitted = plan_sheet([small, large])
    assert fitted.drawings[1].ink_length == pytest.approx(fitted.drawings[0].ink_length)


def test_captions_stand_below_their_cells_and_fit() -> None:
    captions = ["cat", "an improbably long caption that will not fit below a cell"]
    sheet = plan_sheet([LINE, LINE], captions=captions)
    assert [label.role for label in sheet.labels] == ["caption", "caption"]
    for label, cell, caption in zip(sheet.labels, sheet.cells, captions, strict=True):
        assert cell.y + cell.height < label.y < sheet.height
        assert label.x == cell.x + cell.width / 2
        assert caption.startswith(label.text.rstrip("…"))
        assert width_px(label.text, label.size_px) <= cell.width


def test_captions_end_above_the_next_row() -> None:
    sheet = plan_sheet([LINE] * 4, columns=2, captions=["gjpqy"] * 4)
    below = [label.y + 0.3 * label.size_px for label in sheet.labels[:2]]
    assert max(below) < sheet.cells[2].y


def test_headings_stand_left_of_their_rows() -> None:
    sheet = plan_sheet([LINE] * 4, columns=2, row_headings=["temperature 0.2", "0.8"])
    assert [label.text for label in sheet.labels] == ["temperature 0.2", "0.8"]
    for label, cell in zip(sheet.labels, sheet.cells[::2], strict=True):
        assert label.anchor == "end"
        assert label.x - width_px(label.text, label.size_px) > 0
        assert label.x <= cell.x
        assert cell.y < label.y < cell.y + cell.height


def test_the_title_stands_above_all_cells() -> None:
    sheet = plan_sheet([LINE] * 4, title="Four lines")
    (title,) = sheet.labels
    assert (title.text, title.role) == ("Four lines", "title")
    assert title.y < sheet.cells[0].y
    assert title.size_px > plan_sheet([LINE], captions=["x"]).labels[0].size_px


def test_empty_texts_are_left_out() -> None:
    sheet = plan_sheet([LINE, LINE], captions=["", "two"], title=" \n")
    assert [label.text for label in sheet.labels] == ["two"]


def test_the_style_sets_letters_and_pen() -> None:
    sheet = plan_sheet([LINE], Style(label_px=20, stroke_width_px=3), captions=["x"])
    assert sheet.labels[0].size_px == 20
    assert sheet.pen_px == 3


def test_bad_sheets_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one drawing"):
        plan_sheet([])
    with pytest.raises(ValueError, match="1 captions for 2 drawings"):
        plan_sheet([LINE, LINE], captions=["one"])
    with pytest.raises(ValueError, match="2 row headings for 1 rows"):
        plan_sheet([LINE, LINE], columns=2, row_headings=["a", "b"])
    for columns, cell_px in ((0, 100), (-2, 100), (2, 0)):
        with pytest.raises(ValueError, match="columns"):
            plan_sheet([LINE], columns=columns, cell_px=cell_px)
