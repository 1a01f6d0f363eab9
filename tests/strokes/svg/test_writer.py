"""SVG documents: well-formed, short, and the same points when read again."""

from __future__ import annotations

import math
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.strokes.drawing import Drawing
from limner.strokes.svg.writer import number, path_data

NS = "{http://www.w3.org/2000/svg}"
COORDINATES = st.one_of(
    st.integers(-300, 300).map(float), st.floats(-1e4, 1e4, width=32), st.floats(-0.5, 0.5, width=32)
)
STROKES = st.lists(st.tuples(COORDINATES, COORDINATES), min_size=1, max_size=7)


@pytest.mark.slow
@given(st.lists(STROKES, min_size=1, max_size=4), st.sampled_from([None, "cat", "<a> & 'b'", "猫"]))
@settings(max_examples=120, deadline=None)
def test_the_same_points_when_read_again(strokes: list[list[tuple[float, float]]], label: str | None) -> None:
    drawing = Drawing.from_polylines(strokes, label=label)
    back = Drawing.from_svg_text(drawing.to_svg())
    x_min, y_min, x_max, y_max = drawing.bounds
    step = 1e-5 * (max(x_max - x_min, y_max - y_min) or 1)
    assert back.label == label
    assert len(back) == len(drawing)
    for read, stroke in zip(back, drawing, strict=True):
        if len(read) == 1:  # a dot
            assert np.ptp(stroke, axis=0).max() <= step
        np.testing.assert_allclose(read, stroke[: len(read)], rtol=1e-6, atol=step)
        assert len(read) in (1, len(stroke))


def test_integers_come_back_exactly() -> None:
    drawing = Drawing.from_polylines([[(0, 0), (255, 1)], [(7, 7)], [(3, 4), (5, 6), (3, 4)]], label="x")
    assert Drawing.from_svg_text(drawing.to_svg()) == drawing


def test_the_document() -> None:
    drawing = Drawing.from_polylines([[(10, 20), (110, 70)], [(50, 60)]], label="a < b")
    root = ElementTree.fromstring(drawing.to_svg(stroke_width=2, margin=10))
    group = root.find(f"{NS}g")
    assert root.tag == f"{NS}svg"
    assert root.get("viewBox") == "0 10 120 70"
    assert root.findtext(f"{NS}title") == "a < b"
    assert group is not None
    assert (group.get("fill"), group.get("stroke-width")) == ("none", "2")
    assert group.get("stroke-linecap") == group.get("stroke-linejoin") == "round"
    assert [path.get("d") for path in group] == ["M10 20L110 70", "M50 60L50 60"]


@pytest.mark.parametrize("factor", [1e-3, 1, 1e4])
def test_the_pen_grows_with_the_drawing(factor: float) -> None:
    drawing = Drawing.from_polylines([np.array([(0, 0), (200, 100)]) * factor])
    root = ElementTree.fromstring(drawing.to_svg())
    view = [float(side) / factor for side in root.attrib["viewBox"].split()]
    pen = next(iter(root)).attrib["stroke-width"]
    assert float(pen) / factor == pytest.approx(2)
    assert view == pytest.approx([-10, -10, 220, 120])


def test_a_thick_pen_is_not_cut_off() -> None:
    root = ElementTree.fromstring(Drawing.from_polylines([[(0, 0), (10, 0)]]).to_svg(stroke_width=8))
    assert root.get("viewBox") == "-8 -8 26 16"


@pytest.mark.parametrize("strokes", [[], [[(5, 5)]]])
def test_drawings_without_extent_are_documents_too(strokes: list[list[tuple[float, float]]]) -> None:
    for text in (
        Drawing.from_polylines(strokes).to_svg(),
        Drawing.from_polylines(strokes).to_svg(stroke_width=0, margin=0),
    ):
        root = ElementTree.fromstring(text)
        _, _, width, height = map(float, root.attrib["viewBox"].split())
        assert width > 0
        assert height > 0
        assert len(root.findall(f".//{NS}path")) == len(strokes)


def test_characters_that_xml_cannot_hold_are_dropped() -> None:
    text = Drawing.from_polylines([[(0, 0), (1, 1)]], label="a\x00b\x1bc\ud800d").to_svg()
    assert ElementTree.fromstring(text.encode()).findtext(f"{NS}title") == "abcd"


@pytest.mark.parametrize("bad", [-1, math.nan, math.inf])
def test_bad_widths_are_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="stroke width"):
        Drawing(()).to_svg(stroke_width=bad)
    with pytest.raises(ValueError, match="margin"):
        Drawing(()).to_svg(margin=bad)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-0.0, "0"),
        (-0.0001, "0"),
        (1e-9, "0"),
        (3.0, "3"),
        (2.9999, "3"),
        (100, "100"),
        (1 / 3, "0.333"),
        (-1.25, "-1.25"),
        (np.float32(0.1), "0.1"),
        (1e22, "10000000000000000000000"),
    ],
)
def test_numbers_are_short(value: float, text: str) -> None:
    assert number(value) == text


def test_digits() -> None:
    assert number(math.pi, 0) == "3"
    assert number(math.pi, 6) == "3.141593"
    assert number(100, 0) == "100"
    assert path_data([(0.123456, 1)], 5) == "M0.12346 1L0.12346 1"


@given(st.floats(-1e6, 1e6), st.integers(0, 6))
@settings(max_examples=80, deadline=None)
def test_numbers_are_rounded_and_nothing_else(value: float, digits: int) -> None:
    text = number(value, digits)
    assert abs(float(text) - value) <= 0.5000001 * 10.0**-digits
    assert "e" not in text
    assert text == text.strip()
    assert text != "-0"
    assert "." not in text or text[-1] not in "0."


def test_path_data() -> None:
    assert path_data(np.array([(0, 1.5), (2, -3), (4, 4)], np.float32)) == "M0 1.5L2 -3 4 4"
