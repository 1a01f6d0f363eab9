"""Distances of ink."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.evaluation.quality.chamfer import chamfer_distance, ink_points, relative_chamfer
from limner.strokes.drawing import Drawing
from limner.strokes.geometry import scaled, translated

SQUARE = Drawing.from_polylines([[(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)]])


def test_ink_is_even_and_leaves_out_jumps() -> None:
    drawing = Drawing.from_polylines([[(0, 0), (1, 0)], [(100, 0), (103, 0)]])
    points = ink_points(drawing, 40)
    assert points.shape == (40, 2)
    assert (points[:10, 0] < 1).all()
    assert (points[10:, 0] > 100).all()
    assert np.diff(points[:10, 0]) == pytest.approx(0.1, abs=1e-5)


def test_dots() -> None:
    dots = Drawing.from_polylines([[(0, 0)], [(3, 4)]])
    assert ink_points(dots).tolist() == [[0, 0], [3, 4]]
    assert chamfer_distance(dots, Drawing.from_polylines([[(0, 0)]])) == (2.5 + 0) / 2


def test_parallel_lines_by_hand() -> None:
    one = Drawing.from_polylines([[(0, 0), (10, 0)]])
    other = Drawing.from_polylines([[(0, 2), (10, 2)]])
    assert chamfer_distance(one, other) == pytest.approx(2)
    assert relative_chamfer(one, other) == pytest.approx(0.2)


def test_order_and_direction_do_not_count() -> None:
    strokes = [[(0, 0), (10, 0)], [(0, 5), (10, 5)]]
    turned = [stroke[::-1] for stroke in strokes[::-1]]
    assert chamfer_distance(Drawing.from_polylines(strokes), Drawing.from_polylines(turned)) < 1e-4


@pytest.mark.slow
@given(st.floats(0.1, 50), st.floats(-100, 100))
def test_relative_distance_knows_no_units(factor: float, shift: float) -> None:
    other = translated(SQUARE, 1.0, 0.0)
    plain = relative_chamfer(SQUARE, other)
    moved = relative_chamfer(
        translated(scaled(SQUARE, factor), shift, 0), translated(scaled(other, factor), shift, 0)
    )
    assert moved == pytest.approx(plain, rel=1e-3, abs=1e-4)


def test_no_ink() -> None:
    with pytest.raises(ValueError, match="without ink"):
        chamfer_distance(SQUARE, Drawing(()))
