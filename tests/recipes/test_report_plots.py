from __future__ import annotations

from collections import Counter
from xml.etree import ElementTree

import numpy as np

from limner.corpus.doodles.make import make_doodles
from limner.recipes.report_plots import BINS, HEIGHT, histograms, picture

NAME = "points of a <drawing>"


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def test_every_drawing_is_in_a_bar_of_its_row() -> None:
    before, after = Counter({n: n for n in range(1, 60)}), Counter({3: 5})
    svg = parsed(histograms([("before", before), ("after", after)], NAME))
    assert svg.get("aria-label") == NAME
    for role, counts in (("before", before), ("after", after)):
        bars = [bar for bar in svg.iter("rect") if bar.get("class") == role]
        titles = ["".join(bar.itertext()) for bar in bars]
        assert sum(int(title.split(": ")[1].replace(",", "")) for title in titles) == counts.total()
        assert len(bars) <= BINS
        assert max(float(bar.get("height", 0)) for bar in bars) == HEIGHT
    assert [line.get("class") for line in svg.iter("line")].count("median") == 2


def test_a_long_tail_is_in_the_last_bar() -> None:
    text = "".join(parsed(histograms([("after", Counter({5: 1000, 9: 500, 10_000: 1}))], NAME)).itertext())
    assert "and more" in text
    assert "10,000" not in text


def test_nothing_to_count() -> None:
    assert histograms([("before", Counter()), ("after", Counter())], NAME) == ""
    assert "median" in histograms([("before", Counter()), ("after", Counter({0: 1}))], NAME)


def test_every_stroke_has_a_path_and_a_colour_in_turn() -> None:
    drawing = max(make_doodles(40, seed=1), key=len)
    svg = parsed(picture(drawing.to_stroke3(), box=(0, 0, 10, 20), name='a "b"'))
    paths = list(svg.iter("path"))
    assert [path.get("class") for path in paths] == [f"s{i % 8}" for i in range(len(drawing))]
    frame = next(svg.iter("rect"))
    assert (float(frame.get("width", 0)), float(frame.get("height", 0))) == (10, 20)
    assert svg.get("aria-label") == 'a "b"'


def test_dots_and_nothing() -> None:
    assert len(list(parsed(picture(np.array([[5, 5, 1]], np.float32))).iter("path"))) == 1
    assert picture(np.zeros((0, 3), np.float32)) == ""
