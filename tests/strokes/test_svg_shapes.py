"""Shapes, and the lengths they are made of."""

from __future__ import annotations

import math
from xml.etree.ElementTree import fromstring

import pytest

from limner.strokes.svg_path import path_polylines
from limner.strokes.svg_shapes import Viewport, shape_path

PORT = Viewport(300, 400)


def points(xml: str, tolerance: float = 100) -> list[list[tuple[float, float]]]:
    lines = path_polylines(shape_path(fromstring(xml), PORT), tolerance)
    return [[(round(float(x), 9), round(float(y), 9)) for x, y in line] for line in lines]


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ('<line x1="1" y1="2" x2="3" y2="4"/>', [(1, 2), (3, 4)]),
        ('<line x2="5"/>', [(0, 0), (5, 0)]),
        ('<polyline points="1,2 3 4,5-6"/>', [(1, 2), (3, 4), (5, -6)]),
        ('<polyline points="1 2 3 4 1 2"/>', [(1, 2), (3, 4), (1, 2)]),
        ('<polygon points="0,0 4,0 4,3"/>', [(0, 0), (4, 0), (4, 3), (0, 0)]),
        ('<rect x="1" y="2" width="3" height="4"/>', [(1, 2), (4, 2), (4, 6), (1, 6), (1, 2)]),
        ('<rect width="3" height="4" ry="0" rx="2"/>', [(0, 0), (3, 0), (3, 4), (0, 4), (0, 0)]),
        ('<circle cx="1" cy="2" r="5"/>', [(6, 2), (1, 7), (-4, 2), (1, -3), (6, 2)]),
        ('<ellipse cx="1" cy="2" rx="5" ry="3"/>', [(6, 2), (1, 5), (-4, 2), (1, -1), (6, 2)]),
        ('<ellipse rx="5"/>', [(5, 0), (0, 5), (-5, 0), (0, -5), (5, 0)]),
        ('<path d=" M 1 2 3 4 "/>', [(1, 2), (3, 4)]),
    ],
)
def test_shapes(xml: str, expected: list[tuple[float, float]]) -> None:
    assert points(xml) == [expected]


@pytest.mark.parametrize("radii", ['rx="1"', 'ry="1"', 'rx="1" ry="auto"', 'rx="1" ry="1"', 'rx="-3" ry="1"'])
def test_rounded_rectangles(radii: str) -> None:
    corners = [(1, 0), (3, 0), (4, 1), (4, 5), (3, 6), (1, 6), (0, 5), (0, 1), (1, 0)]
    assert points(f'<rect width="4" height="6" {radii}/>') == [corners]


def test_radii_end_at_half_of_a_side() -> None:
    stadium = points('<rect width="4" height="6" rx="99" ry="1"/>')
    assert stadium == [[(2, 0), (2, 0), (4, 1), (4, 5), (2, 6), (2, 6), (0, 5), (0, 1), (2, 0)]]


@pytest.mark.parametrize(
    "xml",
    [
        '<rect width="3"/>',
        '<rect width="3" height="-4"/>',
        "<circle/>",
        '<circle r="-1"/>',
        '<ellipse rx="1" ry="0"/>',
        "<ellipse/>",
        "<polyline/>",
        '<polygon points=" "/>',
        '<polyline points="1 2"/>',
        "<path/>",
        '<path d="none"/>',
        '<path d="M1 1"/>',
    ],
)
def test_shapes_that_draw_nothing(xml: str) -> None:
    assert points(xml) == []


@pytest.mark.parametrize(
    ("text", "user_units"),
    {
        "7": 7,
        "7px": 7,
        "1in": 96,
        "2.54cm": 96,
        "25.4mm": 96,
        "101.6Q": 96,
        "72pt": 96,
        "6pc": 96,
        "2em": 32,
        "-.5e1": -5,
        "+4.": 4,
        "1E-1": 0.1,
        " 3 ": 3,
        "": 9,
        "auto": 9,
    }.items(),
)
def test_lengths(text: str, user_units: float) -> None:
    assert PORT.length(fromstring(f'<rect x="{text}"/>'), "x", "9") == pytest.approx(user_units)


@pytest.mark.parametrize("key", ["x", "width", "cx", "rx", "x1", "x2"])
def test_percentages_of_the_width(key: str) -> None:
    assert PORT.length(fromstring(f'<rect {key}="10%"/>'), key) == 30


@pytest.mark.parametrize("key", ["y", "height", "cy", "ry", "y1", "y2"])
def test_percentages_of_the_height(key: str) -> None:
    assert PORT.length(fromstring(f'<rect {key}="10%"/>'), key) == 40


def test_percentages_of_the_diagonal() -> None:
    assert PORT.length(fromstring('<circle r="10%"/>'), "r") == pytest.approx(50 / math.sqrt(2))


@pytest.mark.parametrize("text", ["x", "1 2", "1foo", "nan", "inf", "1e999", "1px2", "%", "--1", "1,5"])
def test_bad_lengths_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a length"):
        points(f'<circle r="{text}"/>')
