"""Ramer-Douglas-Peucker against a plain recursive one."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from limner.strokes import simplify
from limner.strokes.drawing import Drawing
from limner.strokes.simplify import kept_mask, simplified, simplify_strokes

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

EPSILONS = st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.7])


def by_recursion(points: NDArray[np.float64], epsilon: float) -> list[int]:
    """Indices that the textbook algorithm keeps, point by point."""
    last = len(points) - 1
    kept = {0, last}

    def split(a: int, b: int) -> None:
        (ax, ay), (ex, ey) = points[a], points[b]
        length = np.sqrt((ex - ax) ** 2 + (ey - ay) ** 2)
        far, at = 0.0, a
        for k in range(a + 1, b):
            dx, dy = points[k, 0] - ax, points[k, 1] - ay
            height = abs(dx * (ey - ay) - dy * (ex - ax)) / length if length else np.hypot(dx, dy)
            if height > far:
                far, at = height, k
        if far > epsilon:
            kept.add(at)
            split(a, at)
            split(at, b)

    split(0, last)
    return sorted(kept)


def strokes_on_grid(size: int, max_points: int = 25) -> st.SearchStrategy[NDArray[np.float64]]:
    """Strokes on a small grid: many ties, points in line, points on each other, closed strokes."""
    return arrays(
        np.float64,
        st.tuples(st.integers(1, max_points), st.just(2)),
        elements=st.integers(-size, size).map(float),
    )


def random_strokes(seed: int, closed: bool = False) -> list[NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    walks = [rng.normal(size=(n, 2)).cumsum(axis=0) for n in (1, 2, 3, 4, 5, 60, 300, 2, 1)]
    return [np.concatenate([walk, walk[:1]]) for walk in walks] if closed else walks


@pytest.mark.slow
@given(st.lists(st.one_of(strokes_on_grid(2), strokes_on_grid(9)), max_size=8), EPSILONS)
@settings(max_examples=150, deadline=None)
def test_grid_strokes_as_by_recursion(strokes: list[NDArray[np.float64]], epsilon: float) -> None:
    expected = [stroke[by_recursion(stroke, epsilon)] for stroke in strokes]
    got = simplify_strokes(strokes, epsilon)
    assert [g.tolist() for g in got] == [e.tolist() for e in expected]


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("epsilon", [0.0, 0.2, 1.0, 5.0])
def test_random_strokes_as_by_recursion(epsilon: float, closed: bool) -> None:
    strokes = random_strokes(1, closed)
    expected = [stroke[by_recursion(stroke, epsilon)] for stroke in strokes]
    for got, wanted in zip(simplify_strokes(strokes, epsilon), expected, strict=True):
        np.testing.assert_array_equal(got, wanted)


def test_many_strokes_are_cut_into_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    strokes = [s for seed in range(5) for s in random_strokes(seed)]
    whole = simplify_strokes(strokes, 0.7)
    monkeypatch.setattr(simplify, "POINTS_AT_ONCE", 100)
    pieces = simplify_strokes(strokes, 0.7)
    assert [p.tolist() for p in pieces] == [w.tolist() for w in whole]


def test_among_equals_the_first_point_wins() -> None:
    square_wave = np.array([[0, 0], [1, 2], [2, 2], [3, 2], [4, 0]], float)
    assert kept_mask(square_wave, [0, 5], 1.5).tolist() == [True, True, False, False, True]
    assert kept_mask(square_wave, [0, 5], 1.0).tolist() == [True, True, False, True, True]


def test_distance_is_that_to_the_infinite_line() -> None:
    overshoot = np.array([[0, 0], [10, 0], [5, 0]], float)  # 10 lies on the line, 5 beyond the segment
    assert len(simplify_strokes([overshoot], 1.0)[0]) == 2
    assert len(simplify_strokes([overshoot], 1.0, distance="segment")[0]) == 3


def test_where_ends_coincide_the_distance_is_that_to_the_point() -> None:
    there_and_back = np.array([[0, 0], [3, 4], [0, 0]], float)
    assert len(simplify_strokes([there_and_back], 4.9)[0]) == 3
    assert len(simplify_strokes([there_and_back], 5.0)[0]) == 2


def test_a_point_exactly_epsilon_away_is_given_up() -> None:
    roof = np.array([[0, 0], [2, 2], [4, 0]], float)
    assert len(simplify_strokes([roof], 2.0)[0]) == 2
    assert len(simplify_strokes([roof], np.nextafter(2.0, 0))[0]) == 3


@given(strokes_on_grid(6), EPSILONS)
@settings(max_examples=60, deadline=None)
def test_ends_are_kept_and_nothing_is_invented(stroke: NDArray[np.float64], epsilon: float) -> None:
    mask = kept_mask(stroke, [0, len(stroke)], epsilon)
    assert mask[0]
    assert mask[-1]
    np.testing.assert_array_equal(simplify_strokes([stroke], epsilon)[0], stroke[mask])


@given(strokes_on_grid(6))
@settings(max_examples=60, deadline=None)
def test_epsilon_zero_drops_only_points_in_line(stroke: NDArray[np.float64]) -> None:
    kept = np.flatnonzero(kept_mask(stroke, [0, len(stroke)], 0.0))
    for a, b in pairwise(kept):
        chord, inside = stroke[b] - stroke[a], stroke[a + 1 : b] - stroke[a]
        assert (inside[:, 0] * chord[1] == inside[:, 1] * chord[0]).all()
        if not chord.any():
            assert not inside.any()


@pytest.mark.parametrize("distance", ["line", "segment"])
def test_no_dropped_point_is_farther_than_epsilon_from_its_chord(distance: Any) -> None:
    for stroke in random_strokes(3):
        short = simplify_strokes([stroke], 0.8, distance=distance)[0]
        kept = [int(np.flatnonzero((stroke == point).all(axis=1))[0]) for point in short]
        for a, b in pairwise(kept):
            chord, inside = stroke[b] - stroke[a], stroke[a + 1 : b] - stroke[a]
            heights = np.abs(inside[:, 0] * chord[1] - inside[:, 1] * chord[0]) / np.hypot(*chord)
            assert (heights <= 0.8 + 1e-9).all()


def test_segment_distance_is_that_of_shapely() -> None:
    import shapely

    strokes = random_strokes(2)
    for got, stroke in zip(simplify_strokes(strokes, 0.6, distance="segment"), strokes, strict=True):
        if len(stroke) < 2:
            np.testing.assert_array_equal(got, stroke)
        else:
            line = shapely.LineString(stroke).simplify(0.6, preserve_topology=False)
            np.testing.assert_array_equal(got, shapely.get_coordinates(line))


@pytest.mark.parametrize("distance", ["line", "segment"])
def test_dtype_and_order_of_strokes_stay(distance: Any) -> None:
    strokes = [np.array(s, np.int16) for s in ([[5, 5]], [[0, 0], [1, 0], [2, 0]], [[1, 1], [2, 2]])]
    got = simplify_strokes(strokes, 1.0, distance=distance)
    assert [g.tolist() for g in got] == [[[5, 5]], [[0, 0], [2, 0]], [[1, 1], [2, 2]]]
    assert {g.dtype for g in got} == {np.dtype(np.int16)}


@pytest.mark.parametrize("distance", ["line", "segment"])
def test_nothing_to_simplify(distance: Any) -> None:
    assert simplify_strokes([], 1.0, distance=distance) == []
    assert [len(s) for s in simplify_strokes([np.zeros((0, 2))], 1.0, distance=distance)] == [0]


def test_empty_strokes_between_others() -> None:
    line = np.array([[0, 0], [1, 0], [2, 0], [3, 0]], float)
    assert kept_mask(line, [0, 0, 3, 3, 4, 4], 1.0).tolist() == [True, False, True, True]


@pytest.mark.parametrize("distance", ["line", "segment"])
@pytest.mark.parametrize(
    ("strokes", "epsilon"),
    [
        ([np.zeros((3, 3))], 1.0),
        ([np.zeros(4)], 1.0),
        ([np.array([[0, 0], [np.nan, 0]])], 1.0),
        ([np.zeros((3, 2))], -1.0),
        ([np.zeros((3, 2))], np.nan),
    ],
)
def test_bad_input_is_refused(strokes: list[NDArray[np.float64]], epsilon: float, distance: Any) -> None:
    with pytest.raises(ValueError):
        simplify_strokes(strokes, epsilon, distance=distance)


def test_a_drawing_keeps_its_label_and_its_points() -> None:
    drawing = Drawing.from_polylines([[[0, 0], [1, 0], [2, 0], [2, 5]], [[7, 7]]], label="hook", source="a#1")
    short = simplified(drawing, 0.5)
    assert short.to_polylines() == [[(0, 0), (2, 0), (2, 5)], [(7, 7)]]
    assert (short.label, short.source) == ("hook", "a#1")
    assert simplified(Drawing(()), 2.0) == Drawing(())


def test_real_drawings_as_by_recursion(data_dir: Path) -> None:
    lines = (data_dir / "quickdraw" / "raw" / "cow.ndjson").read_text().splitlines()[:8]
    drawings = [Drawing.from_quickdraw(json.loads(line)["drawing"]) for line in lines]
    for drawing in drawings:
        short = simplified(drawing, 1.5)
        for before, after in zip(drawing, short, strict=True):
            expected = by_recursion(before.astype(np.float64), 1.5)
            np.testing.assert_array_equal(after, before[expected])
    assert sum(simplified(d, 1.5).n_points for d in drawings) < 0.5 * sum(d.n_points for d in drawings)
