"""Layout: drawings fitted into boxes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.render.layout import Box, fit_scale, place, plan_picture
from limner.render.style import Style
from limner.strokes.drawing import Drawing

coordinates = st.floats(width=32, allow_nan=False, allow_infinity=False) | st.floats(-500, 500, width=32)
strokes = st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=6)
drawings = st.lists(strokes, max_size=4).map(lambda lines: Drawing.from_polylines(lines))
boxes = st.builds(Box, st.integers(0, 900), st.integers(0, 900), st.integers(10, 400), st.integers(10, 400))


@pytest.mark.slow
@settings(deadline=None)
@given(drawing=drawings, box=boxes, pen_px=st.floats(0.1, 3), padding=st.floats(0, 0.3))
def test_all_ink_lies_inside_the_box(drawing: Drawing, box: Box, pen_px: float, padding: float) -> None:
    placed = place(drawing, box, pen_px, padding)
    edge = pen_px / 2 + padding * min(box.width, box.height) - 1e-3
    points = placed.points
    assert len(points) == drawing.n_points
    assert np.all(points >= np.array([box.x, box.y]) + edge)
    assert np.all(points <= np.array([box.x + box.width, box.y + box.height]) - edge)


def test_a_drawing_fills_its_box_and_keeps_its_aspect() -> None:
    drawing = Drawing.from_polylines(([(10, 20), (50, 20), (50, 30)],))
    placed = place(drawing, Box(100, 200, 80, 60), pen_px=4, padding=0.1)
    assert placed.bounds == pytest.approx((108, 222, 172, 238))  # 80 - 2 * 6 - 4 = 64 wide, so 16 high


def test_a_given_scale_is_kept_and_centred() -> None:
    drawing = Drawing.from_polylines(([(0, 0), (10, 4)],))
    assert place(drawing, Box(0, 0, 100, 50), 1, scale=2).bounds == pytest.approx((40, 21, 60, 29))


def test_a_dot_stands_in_the_middle() -> None:
    placed = place(Drawing.from_polylines(([(-7, 300)],)), Box(10, 20, 40, 60), 2)
    assert placed.points.tolist() == [[30, 50]]


def test_straight_lines_are_fitted_along_their_length() -> None:
    box = Box(0, 0, 100, 100)
    assert place(Drawing.from_polylines(([(0, 5), (1, 5)],)), box, 0.5, 0.1).bounds == pytest.approx(
        (10.25, 50, 89.75, 50)
    )


def test_the_common_scale_is_that_of_the_largest() -> None:
    small, large = Drawing.from_polylines(([(0, 0), (1, 1)],)), Drawing.from_polylines(([(0, 0), (30, 10)],))
    box = Box(0, 0, 100, 100)
    assert fit_scale([small, large, Drawing(())], box, 1) == fit_scale([large], box, 1)
    assert fit_scale([Drawing(()), Drawing.from_polylines(([(3, 3)],))], box, 1) == 1


@pytest.mark.parametrize(
    ("pen_px", "padding"), [(100, 0.0), (21, 0.4), (1, 0.5), (1, -0.1), (1, float("nan"))]
)
def test_no_room_is_refused(pen_px: float, padding: float) -> None:
    with pytest.raises(ValueError, match=r"leaves no room|padding"):
        fit_scale([], Box(0, 0, 100, 100), pen_px, padding)


def test_labels_and_sources_stay() -> None:
    drawing = Drawing.from_polylines(([(0, 0), (1, 1)],), label="cat", source="cats#1")
    placed = place(drawing, Box(0, 0, 50, 50), 1)
    assert (placed.label, placed.source) == ("cat", "cats#1")


def test_a_picture_is_one_cell_without_lettering() -> None:
    layout = plan_picture(Drawing.from_polylines(([(0, 0), (1, 1)],)), (300, 200), Style(stroke_width=0.02))
    assert (layout.width, layout.height, layout.cells) == (300, 200, (Box(0, 0, 300, 200),))
    assert layout.labels == ()
    assert layout.pen_px == pytest.approx(4)


@pytest.mark.parametrize("size", [0, -3, (0, 10), (10, -1)])
def test_a_picture_without_pixels_is_refused(size: int | tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        plan_picture(Drawing(()), size)
