"""Geometry of drawings, compared with what the transformations mean."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from limner.strokes.drawing import Drawing
from limner.strokes.geometry import (
    aligned,
    arc_lengths,
    fitted,
    points_along,
    resampled,
    resampled_to,
    scaled,
    transformed,
    translated,
)

FEW = settings(max_examples=60, deadline=None)
STROKES = st.lists(
    arrays(np.float64, st.tuples(st.integers(1, 9), st.just(2)), elements=st.integers(-80, 80).map(float)),
    max_size=4,
)
DRAWINGS = STROKES.map(lambda strokes: Drawing.from_polylines(strokes, label="cat", source="a#1"))
MATRICES = arrays(np.float64, (2, 3), elements=st.integers(-4, 4).map(float))
EMPTY = Drawing((), label="nothing")


def assert_close(a: Drawing, b: Drawing) -> None:
    assert (a.label, a.source, [len(s) for s in a]) == (b.label, b.source, [len(s) for s in b])
    np.testing.assert_allclose(a.points, b.points, atol=1e-3, rtol=1e-5)


def three_by_three(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.vstack([matrix, [0, 0, 1]])


@pytest.mark.slow
@given(DRAWINGS)
@FEW
def test_there_and_back(drawing: Drawing) -> None:
    assert translated(translated(drawing, 3, -7), -3, 7) == drawing
    assert scaled(scaled(drawing, 4, -0.5), 0.25, -2) == drawing
    assert scaled(drawing, 2) == scaled(drawing, 2, 2)
    assert transformed(drawing, np.eye(3)) == drawing


def test_matrices_are_those_of_svg() -> None:
    point = Drawing.from_polylines([[(0, 10)]])
    mirrored = transformed(point, [[1, 0, 0], [0, -1, 100]])  # translate(0,100) scale(1,-1)
    assert mirrored.to_polylines() == [[(0, 90)]]
    a, b, c, d, e, f = 2, 3, 5, 7, 11, 13
    assert transformed(point, [[a, c, e], [b, d, f]]).to_polylines() == [[(5 * 10 + 11, 7 * 10 + 13)]]


@pytest.mark.slow
@given(DRAWINGS, MATRICES, MATRICES)
@FEW
def test_matrices_compose(drawing: Drawing, first: NDArray[np.float64], second: NDArray[np.float64]) -> None:
    product = three_by_three(second) @ three_by_three(first)
    assert_close(transformed(transformed(drawing, first), second), transformed(drawing, product))


@pytest.mark.parametrize(
    "matrix", [np.eye(2), np.eye(4), [1, 2, 3], np.full((2, 3), np.nan), [[1, 0, 0], [0, 1, 0], [0, 0, 2]]]
)
def test_other_matrices_are_refused(matrix: Any) -> None:
    with pytest.raises(ValueError, match="matrix"):
        transformed(EMPTY, matrix)


def test_points_beyond_float32_are_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        scaled(Drawing.from_polylines([[(1, 1)]]), 1e300)


@given(DRAWINGS)
@FEW
def test_aligned(drawing: Drawing) -> None:
    moved = aligned(drawing)
    assert moved.bounds[:2] == (0, 0)
    x, y = drawing.bounds[:2]
    assert translated(moved, x, y) == drawing


@pytest.mark.slow
@given(DRAWINGS, st.sampled_from([1.0, 255.0, 0.37]), st.booleans())
@FEW
def test_fitted_to_a_size(drawing: Drawing, size: float, centred: bool) -> None:
    small = fitted(drawing, size, centred=centred)
    x_min, y_min, x_max, y_max = small.bounds
    width, height = x_max - x_min, y_max - y_min
    if drawing.bounds[:2] != drawing.bounds[2:]:
        assert max(width, height) == pytest.approx(size, rel=1e-5)
    if not drawing.n_points:
        assert small == drawing
    elif centred:
        assert (x_min + x_max, y_min + y_max) == pytest.approx((size, size), rel=1e-4)
    else:
        assert (x_min, y_min) == (0, 0)


def test_fitted_keeps_the_aspect_and_touches_the_box() -> None:
    drawing = Drawing.from_polylines([[(10, 10), (30, 20)]])
    assert fitted(drawing, 255).to_polylines() == [[(0, 0), (255, 127.5)]]
    assert fitted(drawing, (40, 10)).to_polylines() == [[(0, 0), (20, 10)]]
    assert fitted(drawing, (40, 10), centred=True).to_polylines() == [[(10, 0), (30, 10)]]
    level = Drawing.from_polylines([[(5, 5), (9, 5)]])
    assert fitted(level, (8, 2), centred=True).to_polylines() == [[(0, 1), (8, 1)]]


def test_a_point_is_moved_not_scaled() -> None:
    dot = Drawing.from_polylines([[(7, 9)]])
    assert fitted(dot, 100).to_polylines() == [[(0, 0)]]
    assert fitted(dot, 100, centred=True).to_polylines() == [[(50, 50)]]


@pytest.mark.parametrize("box", [0, -1, math.nan, math.inf, (10, 0)])
def test_boxes_without_room_are_refused(box: Any) -> None:
    with pytest.raises(ValueError, match="box"):
        fitted(EMPTY, box)


@pytest.mark.slow
@given(DRAWINGS, st.sampled_from([0.7, 1.0, 13.0]))
@FEW
def test_resampled_keeps_ends_and_stays_on_the_stroke(drawing: Drawing, spacing: float) -> None:
    even = resampled(drawing, spacing)
    assert (even.label, even.source, len(even)) == (drawing.label, drawing.source, len(drawing))
    for stroke, points in zip(drawing, even, strict=True):
        np.testing.assert_array_equal(points[[0, -1]], stroke[[0, -1]])
        length = arc_lengths(stroke)[-1]
        assert len(points) == (1 if len(stroke) == 1 else max(2, round(length / spacing) + 1))
        expected = points_along(stroke, np.linspace(0, length, len(points)))
        np.testing.assert_allclose(points, expected, atol=1e-4)


def test_steps_are_even_on_the_stroke_whatever_its_points() -> None:
    crowded = np.column_stack([np.linspace(0, 1, 50) ** 3 * 10, np.zeros(50)])  # crowded at its start
    (even,) = resampled(Drawing((crowded.astype(np.float32),)), 1.0)
    np.testing.assert_allclose(even, np.column_stack([np.arange(11), np.zeros(11)]), atol=1e-5)


def test_around_a_corner() -> None:
    corner = Drawing.from_polylines([[(0, 0), (3, 0), (3, 3)]])
    assert resampled(corner, 2).to_polylines() == [[(0, 0), (2, 0), (3, 1), (3, 3)]]


def test_strokes_without_length_keep_two_points() -> None:
    still = Drawing.from_polylines([[(2, 2), (2, 2), (2, 2)], [(1, 1)]])
    assert resampled(still, 1).to_polylines() == [[(2, 2), (2, 2)], [(1, 1)]]


@pytest.mark.slow
@given(DRAWINGS, st.integers(2, 12))
@FEW
def test_resampled_to_a_count(drawing: Drawing, n_points: int) -> None:
    even = resampled_to(drawing, n_points)
    assert [len(s) for s in even] == [1 if len(s) == 1 else n_points for s in drawing]
    assert even.ink_length <= drawing.ink_length + 1e-2


@pytest.mark.parametrize("spacing", [0, -1, math.nan])
def test_spacings_are_positive(spacing: float) -> None:
    with pytest.raises(ValueError, match="spacing"):
        resampled(EMPTY, spacing)


def test_a_stroke_has_two_ends() -> None:
    with pytest.raises(ValueError, match="two points"):
        resampled_to(EMPTY, 1)


def test_along_a_stroke() -> None:
    stroke = [(0, 0), (3, 4), (3, 4), (3, 14)]
    assert arc_lengths(stroke).tolist() == [0, 5, 5, 15]
    assert arc_lengths([(1, 1)]).tolist() == [0]
    assert points_along(stroke, [-1, 2.5, 5, 10, 99]).tolist() == [
        [0, 0],
        [1.5, 2],
        [3, 4],
        [3, 9],
        [3, 14],
    ]
    assert points_along([(1, 2)], [0, 7]).tolist() == [[1, 2], [1, 2]]


def test_nothing_stays_nothing() -> None:
    assert translated(EMPTY, 1, 2) == EMPTY
    assert fitted(EMPTY, 10, centred=True) == EMPTY
    assert resampled(EMPTY, 1) == resampled_to(EMPTY, 5) == EMPTY
