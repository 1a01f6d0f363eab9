"""Line charts."""

from __future__ import annotations

import math
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.render.chart import HEIGHT, TOP, WIDTH, ChartLine, line_chart, round_values

NAMESPACE = "{http://www.w3.org/2000/svg}"
FINITE = st.integers(-(10**9), 10**9).map(lambda n: n / 1000)


def _spots(svg: str) -> list[list[tuple[float, float]]]:
    found = ElementTree.fromstring(svg).findall(f"{NAMESPACE}polyline")
    return [
        [(float(x), float(y)) for x, y in (spot.split(",") for spot in line.attrib["points"].split())]
        for line in found
    ]


def test_a_falling_line_falls() -> None:
    ((first, second, third),) = _spots(line_chart([ChartLine("a", [(0, 3), (5, 2), (10, 1)])], name="falls"))
    assert first[0] < second[0] < third[0]
    assert first[1] < second[1] < third[1]  # y grows downward


def test_the_legend_names_a_line_once_and_no_faint_one() -> None:
    lines = [
        ChartLine("mean", [(0, 1), (1, 2)]),
        ChartLine("mean", [(0, 2), (1, 2)]),
        ChartLine("seed", [(0, 0)], faint=True),
    ]
    svg = line_chart(lines, name="n")
    texts = [text.text for text in ElementTree.fromstring(svg).findall(f"{NAMESPACE}text")]
    assert texts.count("mean") == 1
    assert "seed" not in texts


def test_names_are_escaped() -> None:
    svg = line_chart([ChartLine('<"&>', [(0, 1), (1, 2)])], name='a "name" <b>')
    assert ElementTree.fromstring(svg).attrib["aria-label"] == 'a "name" <b>'


def test_clipped_values_lie_on_the_upper_edge() -> None:
    points = [(k, 100.0 if k == 0 else 1 + 0.01 * k) for k in range(100)]
    clipped = _spots(line_chart([ChartLine("a", points)], name="n", clip=0.05))[0]
    whole = _spots(line_chart([ChartLine("a", points)], name="n"))[0]
    assert clipped[0][1] == TOP
    assert max(y for _, y in clipped[1:]) - min(y for _, y in clipped[1:]) > 10 * (
        max(y for _, y in whole[1:]) - min(y for _, y in whole[1:])
    )


@pytest.mark.parametrize(
    ("last", "words"), [(1.2, "1.2 steps"), (2e6, "2,000,000 steps"), (1500, "1,500 steps")]
)
def test_the_largest_x_stands_as_it_is(last: float, words: str) -> None:
    assert f">{words}</text>" in line_chart([ChartLine("a", [(0, 1), (last, 2)])], name="n")


@pytest.mark.parametrize("points", [[], [(1.0, math.nan)], [(math.inf, 1.0)]])
def test_nothing_to_plot(points: list[tuple[float, float]]) -> None:
    assert line_chart([ChartLine("a", points)], name="n") == ""


@pytest.mark.slow
@given(st.lists(st.tuples(st.integers(0, 10**6), FINITE), min_size=2, max_size=30))
def test_every_point_is_inside(points: list[tuple[float, float]]) -> None:
    (spots,) = _spots(line_chart([ChartLine("a", points)], name="n"))
    assert all(-1 <= x <= WIDTH + 1 and -1 <= y <= HEIGHT + 1 for x, y in spots)


@given(FINITE, st.floats(1e-3, 1e6))
def test_round_values(low: float, span: float) -> None:
    values = round_values(low, low + span)
    assert 1 <= len(values) <= 5
    assert all(
        low - 1e-9 * abs(low) - 1e-9 <= v <= low + span + 1e-6 * abs(low + span) + 1e-9 for v in values
    )
