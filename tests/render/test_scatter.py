"""Points on a plane."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from limner.render.chart_parts import COLOURS
from limner.render.scatter import MARGIN, MOST_NAMES, SIDE, scatter_chart

SVG = "{http://www.w3.org/2000/svg}"


def _circles(svg: str) -> list[dict[str, str]]:
    return [dict(circle.attrib) for circle in ET.fromstring(svg).iter(f"{SVG}circle")]


def test_points_lie_where_they_are() -> None:
    svg = scatter_chart([(-1, -1), (1, 1), (0, 0.5)], [0, 0, 0], [""], name="n")
    places = [(float(c["cx"]), float(c["cy"])) for c in _circles(svg)]
    half = SIDE / 2 - MARGIN
    assert places == [(MARGIN, MARGIN), (SIDE - MARGIN, SIDE - MARGIN), (SIDE / 2, SIDE / 2 + half / 2)]


def test_groups_have_colours_and_a_legend() -> None:
    svg = scatter_chart([(0, 0), (0.1, 0)], [0, 1], ["cat & co", "<dog>"], name='said "so"')
    kinds = [circle["class"] for circle in _circles(svg)]
    assert kinds == ["c0", "c1", "c0", "c1"]  # points, then the legend
    assert [text.text for text in ET.fromstring(svg).iter(f"{SVG}text")] == ["cat & co", "<dog>"]
    assert ET.fromstring(svg).attrib["aria-label"] == 'said "so"'


def test_colours_come_again() -> None:
    n = len(COLOURS) + 1
    svg = scatter_chart([(0, 0)] * n, list(range(n)), [f"name {k}" for k in range(n)], name="n")
    assert _circles(svg)[n - 1]["class"] == "c0"
    _, _, _, height = map(float, ET.fromstring(svg).attrib["viewBox"].split())
    assert height > SIDE + 20  # the names take more than one row


def test_too_many_groups_are_not_named() -> None:
    names = [str(k) for k in range(MOST_NAMES + 1)]
    assert "<text" not in scatter_chart([(0, 0)], [3], names, name="n")


def test_nothing_to_show() -> None:
    assert scatter_chart([], [], [], name="n") == ""
