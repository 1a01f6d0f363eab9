"""Shapes, and the lengths they are made of."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

import numpy as np
import pytest

from limner.strokes.curves import flatten_cubics
from limner.strokes.svg.lengths import Units
from limner.strokes.svg.outlines import attribute_length, outline
from limner.strokes.svg.skipped import Skipped
from limner.strokes.svg.style import SvgStyle
from limner.strokes.svg.stylesheet import Stylesheet

FRAME = Units(300, 400, (300, 400))


def points(xml: str, skipped: Skipped | None = None) -> list[list[tuple[float, float]]]:
    element, told = fromstring(xml), Skipped() if skipped is None else skipped
    sheet = Stylesheet(element, told)
    style = SvgStyle().child(sheet.declared(sheet.node(element)), FRAME)
    found = outline(element, style, FRAME, told).subpaths
    cut = [np.concatenate([s[:1, 0], flatten_cubics(s, 100, 1000)[0]]) for s in found]
    return [[(round(float(x), 9), round(float(y), 9)) for x, y in line] for line in cut]


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
        ('<circle style="r:5px;cx:1px" cy="2"/>', [(6, 2), (1, 7), (-4, 2), (1, -3), (6, 2)]),
        ('<path style="d:path(&quot;M1 2 3 4&quot;)"/>', [(1, 2), (3, 4)]),
        ('<ellipse rx="5"/>', [(5, 0), (0, 5), (-5, 0), (0, -5), (5, 0)]),
        ('<path d=" M 1 2 3 4 "/>', [(1, 2), (3, 4)]),
    ],
)
def test_shapes(xml: str, expected: list[tuple[float, float]]) -> None:
    (line,) = points(xml)
    assert line == expected or line[::2] == expected  # of ovals every eighth of a turn is there


@pytest.mark.parametrize("radii", ['rx="1"', 'ry="1"', 'rx="1" ry="auto"', 'rx="1" ry="1"', 'rx="-3" ry="1"'])
def test_rounded_rectangles(radii: str) -> None:
    (line,) = points(f'<rect width="4" height="6" {radii}/>')
    for corner in [(1, 0), (3, 0), (4, 1), (4, 5), (3, 6), (1, 6), (0, 5), (0, 1)]:
        assert corner in line
    assert (0, 0) not in line


def test_radii_end_at_half_of_a_side() -> None:
    (line,) = points('<rect width="4" height="6" rx="99" ry="1"/>')
    assert {(2, 0), (4, 1), (4, 5), (2, 6), (0, 5), (0, 1)} <= set(line)


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


def test_values_that_cannot_be_read_count_as_missing() -> None:
    skipped = Skipped()
    assert points('<line x1="1" x2="5vx" y2="undefined"/>', skipped) == [[(1, 0), (0, 0)]]
    assert points('<rect width="44mmx" height="9"/>', skipped) == []
    assert points('<path d="M0 0L1 1LNaN"/>', skipped) == [[(0, 0), (1, 1)]]
    assert {kind.rpartition(" ")[2]: n for kind, n in skipped.items()}
    assert skipped["errors in the d of paths"] == 1
    assert skipped["values of x2 that cannot be read"] == 1


def test_attributes_that_are_no_properties() -> None:
    element = fromstring('<svg x="10%" y="auto" width="zz"/>')
    lengths = [
        attribute_length(element, key, FRAME, Skipped(), "100%") for key in ("x", "y", "width", "height")
    ]
    assert lengths == [30, 400, 300, 400]
