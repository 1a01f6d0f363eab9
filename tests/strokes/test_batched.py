from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from limner.strokes.batched import box_factors, evenly_resampled, placed, simplified, walked
from limner.strokes.drawing import Drawing
from limner.strokes.geometry import arc_lengths, fitted, points_along, resampled
from limner.strokes.packed import PackedStrokes
from limner.strokes.simplify import simplify_strokes

strokes = st.integers(1, 7).flatmap(
    lambda n: arrays(np.float64, (n, 2), elements=st.floats(0, 60, width=16, allow_subnormal=False))
)
lists = st.lists(strokes, min_size=1, max_size=4)


def packed_of(found: list[NDArray[np.float64]]) -> PackedStrokes:
    return PackedStrokes(np.concatenate(found), np.array([len(s) for s in found]), np.array([len(found)]))


def strokes_of(packed: PackedStrokes) -> list[NDArray[np.float64]]:
    return np.split(packed.points, packed.stroke_starts[1:-1])


def test_boxes_are_filled() -> None:
    drawings = [
        Drawing.from_polylines([[(10, 20), (40, 30)]]),
        Drawing.from_polylines([[(5, 5)]]),
        Drawing.from_polylines([[(0, 0), (0, 8)], [(1, 1)]]),
    ]
    packed = PackedStrokes.from_drawings(drawings)
    boxed = placed(packed, box_factors(packed, 255.0), packed.boxes[:, :2])
    for i, drawing in enumerate(drawings):
        ours, one = boxed.drawing(i), fitted(drawing, 255.0)
        for a, b in zip(ours, one, strict=True):
            np.testing.assert_allclose(a, b, atol=1e-4)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(lists, st.sampled_from([0.5, 1.0, 3.0]))
def test_walking_puts_points_at_whole_steps_and_at_the_end(
    found: list[NDArray[np.float64]], step: float
) -> None:
    for old, new in zip(found, strokes_of(walked(packed_of(found), step)), strict=True):
        length = arc_lengths(old)[-1]
        at = np.append(np.arange(max(np.ceil(length / step), 1)) * step, length)
        np.testing.assert_allclose(new, points_along(old, at), atol=1e-6)


def test_whole_lengths_end_at_the_last_point_once() -> None:
    line = walked(packed_of([np.array([[0.0, 0], [2, 0], [2, 0], [4, 0], [4, 0]])]), 1.0)
    assert line.points[:, 0].tolist() == [0, 1, 2, 3, 4]


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.floats(0.3, 4))
def test_the_corners_alone_are_simplified_like_the_whole_walk(seed: int, epsilon: float) -> None:
    """Points in between never are the farthest from a chord."""
    rng = np.random.default_rng(seed)
    found = [rng.normal(0, 8, (rng.integers(1, 12), 2)).cumsum(axis=0) for _ in range(3)]
    packed = packed_of(found)
    whole = simplified(walked(packed, 1.0), epsilon)
    corners = walked(packed, 1.0, corners_only=True)
    assert len(corners.points) <= 2 * len(packed.points)
    np.testing.assert_allclose(simplified(corners, epsilon).points, whole.points, atol=1e-9)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(lists, st.sampled_from([0.7, 2.0, 50.0]))
def test_even_points_are_those_of_single_drawings(found: list[NDArray[np.float64]], spacing: float) -> None:
    ours = strokes_of(evenly_resampled(packed_of(found), spacing))
    for old, new in zip(found, ours, strict=True):
        theirs = resampled(Drawing((old,)), spacing).strokes[0]  # type: ignore[arg-type]
        np.testing.assert_allclose(new, theirs, atol=2e-5)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(lists)
def test_simplifying_is_that_of_strokes(found: list[NDArray[np.float64]]) -> None:
    ours = strokes_of(simplified(packed_of(found), 1.5))
    for a, b in zip(ours, simplify_strokes(found, 1.5), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("make", [walked, evenly_resampled])
def test_a_step_must_be_positive(make: object) -> None:
    packed = packed_of([np.zeros((2, 2))])
    with pytest.raises(ValueError, match="must be positive"):
        make(packed, 0.0)  # type: ignore[operator]
