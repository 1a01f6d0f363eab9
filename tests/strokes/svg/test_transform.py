"""Transforms compose as the SVG specification says."""

from __future__ import annotations

import numpy as np
import pytest
import tinycss2

from limner.strokes.svg.css_transform import css_matrix, parse_css_transform
from limner.strokes.svg.lengths import Units
from limner.strokes.svg.transform import (
    parse_transform,
    parse_view_box,
    viewbox_matrix,
)


def moved(text: str, x: float, y: float) -> list[float]:
    matrix = parse_transform(text)
    assert matrix is not None
    return [float(v) for v in (matrix @ [x, y, 1])[:2]]


@pytest.mark.parametrize(
    ("text", "point", "expected"),
    [
        ("", (3, 4), (3, 4)),
        ("none", (3, 4), (3, 4)),
        ("translate(5)", (3, 4), (8, 4)),
        ("translate(5,6)", (3, 4), (8, 10)),
        ("scale(2)", (3, 4), (6, 8)),
        ("scale(2 -1)", (3, 4), (6, -4)),
        ("rotate(90)", (3, 4), (-4, 3)),
        ("rotate(90, 1, 2)", (3, 4), (-1, 4)),
        ("skewX(45)", (3, 4), (7, 4)),
        ("skewY(45)", (3, 4), (3, 7)),
        ("matrix(1 2 3 4 5 6)", (3, 4), (1 * 3 + 3 * 4 + 5, 2 * 3 + 4 * 4 + 6)),
        ("translate(0,100) scale(1,-1)", (0, 10), (0, 90)),
        ("scale(1,-1) translate(0,100)", (0, 10), (0, -110)),
        ("translate(10,0)rotate(90)scale(2,1)", (3, 4), (6, 6)),
        ("translate(1, 2),\n scale( 2 )", (3, 4), (7, 10)),
        ("translate (.5.5)", (0, 0), (0.5, 0.5)),
        ("translate(1-2)", (0, 0), (1, -2)),
        ("translate(1e1,+2.E-1)", (0, 0), (10, 0.2)),
    ],
)
def test_functions(text: str, point: tuple[float, float], expected: tuple[float, float]) -> None:
    assert moved(text, *point) == pytest.approx(expected)


@pytest.mark.parametrize(
    "text",
    [
        "garbage",
        "translate",
        "translate()",
        "translate(1,2,3)",
        "translate(a)",
        "translate(1",
        "translate(1) x",
        "scale(1 2 3)",
        "rotate(1,2)",
        "skewX(1,2)",
        "matrix(1,2,3)",
        "foo(1)",
        "translate(1e999)",
        "translate(10%)",
        "rotate(1turn)",
        "translate(nan)",
        "translate(1px)",
        "rotate(90deg)",
        "translate(1,,2)",
        "translate(1),",
        "TRANSLATE(1)",
    ],
)
def test_bad_transforms_are_none(text: str) -> None:
    assert parse_transform(text) is None


def styled(text: str) -> list[float] | None:
    steps = parse_css_transform(tinycss2.parse_component_value_list(text))
    matrix = None if steps is None else css_matrix(steps, Units(200, 100, (200, 100), font=10))
    return None if matrix is None else [round(float(v), 6) for v in (matrix @ [3, 4, 1])[:2]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("none", [3, 4]),
        ("translate(5px)", [8, 4]),
        ("translate(50%, 1em)", [103, 14]),
        ("TranslateX(1in) translateY(-1px)", [99, 3]),
        ("scale(2) scaleX(50%)", [3, 8]),
        ("rotate(.25turn)", [-4, 3]),
        ("rotate(0)", [3, 4]),
        ("rotateZ(90deg) rotateX(180deg)", [4, 3]),
        ("skewX(45deg)", [7, 4]),
        ("skew(0, 50grad)", [3, 7]),
        ("matrix(1, 2, 3, 4, 5, 6)", [20, 28]),
        ("translate3d(1px, 2px, 3px)", [4, 6]),
        ("translate(calc(50% - 10px * 2))", [83, 4]),
    ],
)
def test_functions_of_style_sheets(text: str, expected: list[float]) -> None:
    assert styled(text) == expected


@pytest.mark.parametrize(
    "text",
    ["translate(5)", "rotate(90)", "scale(1px)", "matrix(1 0 0 1 0 0)", "foo(1)", "rotate(1deg) x", ""],
)
def test_bad_functions_of_style_sheets_are_none(text: str) -> None:
    assert styled(text) is None


@pytest.mark.parametrize(
    ("how", "corner", "opposite"),
    [
        ("", (0, 25), (100, 75)),
        ("xMidYMid meet", (0, 25), (100, 75)),
        ("xMinYMin", (0, 0), (100, 50)),
        ("xMaxYMax", (0, 50), (100, 100)),
        ("none", (0, 0), (100, 100)),
        ("xMidYMid slice", (-50, 0), (150, 100)),
        ("xMinYMid slice", (0, 0), (200, 100)),
        ("xMaxYMin slice", (-100, 0), (100, 100)),
    ],
)
def test_view_boxes(how: str, corner: tuple[float, float], opposite: tuple[float, float]) -> None:
    matrix = viewbox_matrix((10, 20, 20, 10), 100, 100, how)
    assert (matrix @ [10, 20, 1])[:2].tolist() == pytest.approx(corner)
    assert (matrix @ [30, 30, 1])[:2].tolist() == pytest.approx(opposite)


def test_view_boxes_are_four_numbers() -> None:
    assert parse_view_box(" 1,2 3 4\n") == (1, 2, 3, 4)
    np.testing.assert_array_equal(viewbox_matrix(None, 5, 5, ""), np.eye(3))


@pytest.mark.parametrize(
    "text", ["", "0,0,10,-1", "1 2 3", "a b c d", "0 0 1 nan", "0 0 10 1e999", "0 0 10 10 10"]
)
def test_bad_view_boxes_are_none(text: str) -> None:
    assert parse_view_box(text) is None
