"""Transforms compose as the SVG specification says."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

import numpy as np
import pytest

from limner.strokes.svg_transform import parse_transform, view_box, viewbox_matrix


def moved(text: str, x: float, y: float) -> list[float]:
    return [float(v) for v in (parse_transform(text) @ [x, y, 1])[:2]]


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
        ("rotate(90deg)", (3, 4), (-4, 3)),
        ("rotate(90, 1, 2)", (3, 4), (-1, 4)),
        ("skewX(45)", (3, 4), (7, 4)),
        ("skewY(45)", (3, 4), (3, 7)),
        ("matrix(1 2 3 4 5 6)", (3, 4), (1 * 3 + 3 * 4 + 5, 2 * 3 + 4 * 4 + 6)),
        ("translate(0,100) scale(1,-1)", (0, 10), (0, 90)),
        ("scale(1,-1) translate(0,100)", (0, 10), (0, -110)),
        ("translate(10,0)rotate(90)scale(2,1)", (3, 4), (6, 6)),
        ("translate(1px, 2px),\n scale( 2 )", (3, 4), (7, 10)),
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
    ],
)
def test_bad_transforms_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"the transform .* cannot be read"):
        parse_transform(text)


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
    element = fromstring(f'<svg viewBox="10 20 20 10" preserveAspectRatio="{how}"/>')
    matrix = viewbox_matrix(element, 100, 100)
    assert (matrix @ [10, 20, 1])[:2].tolist() == pytest.approx(corner)
    assert (matrix @ [30, 30, 1])[:2].tolist() == pytest.approx(opposite)


@pytest.mark.parametrize("text", ["", "0 0 0 10", "0,0,10,-1"])
def test_no_view_box(text: str) -> None:
    element = fromstring(f'<svg viewBox="{text}"/>')
    assert view_box(element) is None
    np.testing.assert_array_equal(viewbox_matrix(element, 5, 5), np.eye(3))


@pytest.mark.parametrize("text", ["1 2 3", "a b c d", "0 0 1 nan", "0 0 10 1e999", "0 0 10 10 10"])
def test_bad_view_boxes_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"the viewBox .* cannot be read"):
        view_box(fromstring(f'<svg viewBox="{text}"/>'))
