from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from limner.strokes.drawing import Drawing
from limner.strokes.packed import PackedStrokes
from limner.strokes.segments import offsets_from_lengths

numbers = st.integers(-500, 500).map(float) | st.floats(-500, 500, width=32)
strokes = st.integers(1, 6).flatmap(lambda n: arrays(np.float32, (n, 2), elements=numbers))
drawings = st.lists(strokes, min_size=1, max_size=4).map(lambda found: Drawing(tuple(found)))
many = st.lists(drawings, min_size=1, max_size=5)


def rows_of(found: list[Drawing]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    arrays = [drawing.to_stroke3() for drawing in found]
    return np.concatenate(arrays), offsets_from_lengths([len(rows) for rows in arrays])


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(many)
def test_stroke3_both_ways_is_that_of_single_drawings(found: list[Drawing]) -> None:
    rows, offsets = rows_of(found)
    packed = PackedStrokes.from_stroke3(rows, offsets)
    for i, drawing in enumerate(found):
        again = Drawing.from_stroke3(drawing.to_stroke3())
        assert packed.drawing(i) == again
    np.testing.assert_array_equal(PackedStrokes.from_drawings(found).to_stroke3(), rows)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(many)
def test_measures_are_those_of_single_drawings(found: list[Drawing]) -> None:
    packed = PackedStrokes.from_drawings(found)
    assert packed.strokes.tolist() == [len(drawing) for drawing in found]
    assert packed.sizes.tolist() == [drawing.n_points for drawing in found]
    np.testing.assert_array_equal(packed.boxes, [drawing.bounds for drawing in found])
    np.testing.assert_allclose(packed.inks, [drawing.ink_length for drawing in found], rtol=1e-9, atol=1e-9)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(many, st.data())
def test_drawings_do_not_depend_on_their_neighbours(found: list[Drawing], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(found))))
    rows, offsets = rows_of(found)
    shuffled, cuts = rows_of([found[i] for i in order])
    one, two = PackedStrokes.from_stroke3(rows, offsets), PackedStrokes.from_stroke3(shuffled, cuts)
    np.testing.assert_array_equal(one.take(list(order)).points, two.points)


def test_a_last_stroke_without_a_lift_is_kept() -> None:
    rows = np.array([[1, 2, 0], [1, 1, 1], [5, 5, 0], [1, 0, 0]], np.float32)
    packed = PackedStrokes.from_stroke3(rows, np.array([0, 2, 4]))
    assert packed.lengths.tolist() == [2, 2]
    assert packed.points.tolist() == [[1, 2], [2, 3], [5, 5], [6, 5]]
    assert packed.to_stroke3()[:, 2].tolist() == [0, 1, 0, 1]


def test_strokes_and_points_are_left_out() -> None:
    packed = PackedStrokes.from_drawings([Drawing(([(0, 0), (1, 0)], [(5, 5)])), Drawing(([(2, 2)],))])  # type: ignore[arg-type]
    fewer = packed.keep_strokes(np.array([False, True, False]))
    assert fewer.strokes.tolist() == [1, 0]
    assert fewer.points.tolist() == [[5, 5]]
    assert fewer.boxes.tolist() == [[5, 5, 5, 5], [0, 0, 0, 0]]
    assert packed.keep_points(np.array([False, False, True, True])).strokes.tolist() == [1, 1]


def test_nothing() -> None:
    empty = PackedStrokes.from_drawings([])
    assert (len(empty), len(empty.points), len(empty.to_stroke3())) == (0, 0, 0)
    assert len(PackedStrokes.join([empty, empty])) == 0
    assert PackedStrokes.from_stroke3(np.zeros((0, 3)), [0]).strokes.tolist() == []


@pytest.mark.parametrize("change", [{"lengths": [1]}, {"strokes": [2]}])
def test_what_does_not_fit_is_refused(change: dict[str, Any]) -> None:
    parts = {"points": np.zeros((2, 2)), "lengths": np.array([2]), "strokes": np.array([1])}
    with pytest.raises(ValueError, match="fit"):
        PackedStrokes(**{name: np.asarray(change.get(name, value)) for name, value in parts.items()})
