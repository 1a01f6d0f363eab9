"""Histograms."""

from __future__ import annotations

from collections import Counter
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from limner.render.histogram import BINS, HEIGHT, histogram_chart

NAME = "points of a <drawing>"
SVG = "{http://www.w3.org/2000/svg}"


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def bars_of(svg: ElementTree.Element, role: str) -> list[ElementTree.Element]:
    return [bar for bar in svg.iter(f"{SVG}rect") if bar.get("class") == role]


def test_every_drawing_is_in_a_bar_of_its_row() -> None:
    before, after = Counter({n: n for n in range(1, 60)}), Counter({3: 5})
    svg = parsed(histogram_chart([("before", before), ("after", after)], NAME))
    assert svg.get("aria-label") == NAME
    for role, counts in (("before", before), ("after", after)):
        bars = bars_of(svg, role)
        titles = ["".join(bar.itertext()) for bar in bars]
        assert sum(int(title.split(": ")[1].replace(",", "")) for title in titles) == counts.total()
        assert len(bars) <= BINS
        assert max(float(bar.get("height", 0)) for bar in bars) == HEIGHT
    assert [line.get("class") for line in svg.iter(f"{SVG}path")].count("median") == 2


@given(st.dictionaries(st.integers(0, 10**6), st.integers(1, 10**6), min_size=1, max_size=30))
def test_counts_of_any_kind_are_drawn(counts: dict[int, int]) -> None:
    bars = bars_of(parsed(histogram_chart([("after", Counter(counts))], NAME)), "after")
    assert 1 <= len(bars) <= BINS + 1


def test_a_long_tail_is_in_the_last_bar() -> None:
    counts = Counter({5: 1000, 9: 500, 10_000: 1})
    text = "".join(parsed(histogram_chart([("after", counts)], NAME)).itertext())
    assert "and more" in text
    assert "10,000" not in text


def test_nothing_to_count() -> None:
    assert histogram_chart([("before", Counter()), ("after", Counter())], NAME) == ""
    assert "median" in histogram_chart([("before", Counter()), ("after", Counter({0: 1}))], NAME)
