"""Round trips between the field's formats, and the rows they refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import DTypeLike, NDArray

from limner.strokes.formats import (
    END_TOKEN,
    START_TOKEN,
    as_stroke3,
    polylines_to_stroke3,
    quickdraw_to_polylines,
    stroke3_to_polylines,
    stroke3_to_stroke5,
    stroke5_to_stroke3,
)

Line = list[tuple[int, int]]
NUMBERS = st.integers(-60, 60)  # sums of two still fit int8
LINES = st.lists(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=6), max_size=5)
DTYPES: list[DTypeLike] = [np.int8, np.int16, np.int64, np.float16, np.float32, np.float64, object]
FEW = settings(max_examples=50, deadline=None)


def as_lists(polylines: tuple[NDArray[np.float32], ...]) -> list[Line]:
    return [[(int(x), int(y)) for x, y in line] for line in polylines]


@given(LINES)
@FEW
def test_polylines_to_stroke3_and_back(lines: list[Line]) -> None:
    rows = polylines_to_stroke3(lines)
    assert rows.shape == (sum(map(len, lines)), 3)
    assert rows[:, 2].sum() == len(lines)
    assert as_lists(stroke3_to_polylines(rows)) == lines


@given(LINES, NUMBERS, NUMBERS)
@FEW
def test_origin(lines: list[Line], x: int, y: int) -> None:
    rows = polylines_to_stroke3(lines, origin=(x, y))
    assert as_lists(stroke3_to_polylines(rows, origin=(x, y))) == lines
    np.testing.assert_array_equal(rows[1:], polylines_to_stroke3(lines)[1:])


@pytest.mark.parametrize("dtype", DTYPES)
@given(lines=LINES)
@settings(max_examples=20, deadline=None)
def test_rows_of_any_dtype(dtype: DTypeLike, lines: list[Line]) -> None:
    rows = polylines_to_stroke3(lines)
    as_stored = rows.astype(dtype)
    np.testing.assert_array_equal(as_stroke3(as_stored), rows.astype(np.float64))
    assert as_lists(stroke3_to_polylines(as_stored)) == lines
    np.testing.assert_array_equal(stroke3_to_stroke5(as_stored), stroke3_to_stroke5(rows))


@given(LINES, st.integers(0, 9), st.booleans())
@FEW
def test_stroke5_and_back(lines: list[Line], spare: int, start_token: bool) -> None:
    rows = polylines_to_stroke3(lines)
    five = stroke3_to_stroke5(rows, len(rows) + spare, start_token=start_token)
    assert five.shape == (len(rows) + spare + start_token, 5)
    assert (five[:, 2:].sum(axis=1) == 1).all()
    np.testing.assert_array_equal(stroke5_to_stroke3(five[int(start_token) :]), rows)


@given(LINES)
@FEW
def test_quickdraw_and_back(lines: list[Line]) -> None:
    simplified = [[[x for x, _ in line], [y for _, y in line]] for line in lines]
    raw = [[*columns, list(range(len(columns[0])))] for columns in simplified]
    assert as_lists(quickdraw_to_polylines(simplified)) == lines
    assert as_lists(quickdraw_to_polylines(raw)) == lines


@given(
    st.lists(st.lists(st.tuples(*[st.floats(-1e3, 1e3, width=32)] * 2), min_size=1, max_size=8), max_size=4)
)
@FEW
def test_fractions_come_back_within_float32(lines: list[list[tuple[float, float]]]) -> None:
    back = stroke3_to_polylines(polylines_to_stroke3(lines))
    assert len(back) == len(lines)
    for line, original in zip(back, lines, strict=True):
        np.testing.assert_allclose(line, original, atol=0.02)


def test_a_missing_final_lift_loses_nothing() -> None:
    rows = np.array([[1, 1, 0], [1, 0, 1], [5, 5, 0], [0, 1, 0]])
    assert as_lists(stroke3_to_polylines(rows)) == [[(1, 1), (2, 1)], [(7, 6), (7, 7)]]
    assert as_lists(stroke3_to_polylines([[4, 2, 0]])) == [[(4, 2)]]
    five = stroke3_to_stroke5(rows)
    assert five[3].tolist() == [0, 1, 1, 0, 0]
    assert five[4].tolist() == list(END_TOKEN)
    np.testing.assert_array_equal(stroke5_to_stroke3(five), rows)


@pytest.mark.parametrize("nothing", [[], np.zeros((0, 3)), np.zeros((0, 3), object)])
def test_no_rows(nothing: Any) -> None:
    assert stroke3_to_polylines(nothing) == ()
    assert stroke3_to_stroke5(nothing).tolist() == [list(END_TOKEN)]
    assert polylines_to_stroke3([]).shape == (0, 3)
    assert polylines_to_stroke3([[]]).shape == (0, 3)
    assert stroke5_to_stroke3([]).shape == (0, 3)
    assert quickdraw_to_polylines([]) == ()
    assert quickdraw_to_polylines([[[], []]]) == ()


def test_stroke5_spells_out_the_pen() -> None:
    five = stroke3_to_stroke5([[1, 2, 0], [3, 4, 1]], 4, start_token=True)
    expected = [START_TOKEN, (1, 2, 1, 0, 0), (3, 4, 0, 1, 0), END_TOKEN, END_TOKEN]
    assert five.tolist() == [list(row) for row in expected]
    assert five.dtype == np.float32


def test_the_first_end_row_cuts() -> None:
    rows = [[1, 2, 0, 1, 0], [9, 9, 0, 0, 1], [5, 5, 1, 0, 0]]
    assert stroke5_to_stroke3(rows).tolist() == [[1, 2, 1]]


def test_long_sums_do_not_drift() -> None:
    rows = np.full((100_000, 3), [0.1, -0.1, 0.0])
    np.testing.assert_allclose(stroke3_to_polylines(rows)[0][-1], [1e4, -1e4], rtol=1e-6)


def test_a_drawing_must_fit() -> None:
    with pytest.raises(ValueError, match="2 points does not fit into 1 rows"):
        stroke3_to_stroke5([[1, 2, 0], [3, 4, 1]], 1)


BAD_NUMBERS: list[Any] = [
    [[np.nan, 0, 0]],
    [[0, np.inf, 1]],
    [["1", "2", "0"]],
    np.array([["1", "2", "0"]], object),
    np.array([[None, 2, 0]], object),
    np.array([[10**400, 2, 0]], object),
    [[1j, 0, 0]],
    "rows",
    None,
    [[1, 2], [1, 2, 3]],
    np.array([("2017-01-01", "2017-01-01", "2017-01-01")], "datetime64[D]"),
]


@pytest.mark.parametrize(
    "rows", [*BAD_NUMBERS, [[1, 2]], [[1, 2, 0, 0]], [1, 2, 0], 7, [[[1, 2, 0]]], [[1, 2, 2]]]
)
def test_bad_stroke3_is_refused(rows: Any) -> None:
    with pytest.raises(ValueError):
        as_stroke3(rows)


@pytest.mark.parametrize("lift", [-1, 0.5, 2, np.nan])
def test_a_lift_is_zero_or_one(lift: float) -> None:
    with pytest.raises(ValueError):
        stroke3_to_polylines([[0.0, 0.0, 0.0], [1.0, 1.0, lift]])


@pytest.mark.parametrize(
    "rows",
    [[[1, 2, 0]], [[1, 2, 1, 1, 0]], [[1, 2, 0, 0, 0]], [[1, 2, 0.5, 0.5, 0]], [[np.nan, 0, 1, 0, 0]], 3],
)
def test_bad_stroke5_is_refused(rows: Any) -> None:
    with pytest.raises(ValueError):
        stroke5_to_stroke3(rows)


@pytest.mark.parametrize(
    "lines", [[[1, 2]], [[[1, 2, 3]]], [5], [[["a", "b"]]], [[[np.nan, 0]]], [[[1e300, 0]]], [[[[1, 2]]]]]
)
def test_bad_polylines_are_refused(lines: Any) -> None:
    with pytest.raises(ValueError):
        polylines_to_stroke3(lines)


@pytest.mark.parametrize(
    "drawing",
    [
        None,
        {"drawing": []},
        [[1, 2]],
        [[[1, 2]]],
        [[[1, 2], [3]]],
        [[[1], [2], [3, 4]]],
        [[[1], [2], [3], [4]]],
        [[[1], [None]]],
        [[[1], ["2"]]],
        ["ab"],
        [[[[1], [2]], [[3], [4]]]],
        [[[1e300], [0]]],
    ],
)
def test_bad_quickdraw_is_refused(drawing: Any) -> None:
    with pytest.raises(ValueError):
        quickdraw_to_polylines(drawing)


def test_what_float32_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        stroke3_to_polylines([[3e38, 0, 0], [3e38, 0, 1]])
    with pytest.raises(ValueError, match="too large"):
        stroke3_to_stroke5([[1e300, 0, 1]])
