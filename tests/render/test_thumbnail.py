"""Small pictures inside pages."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from limner.corpus.doodles.make import make_doodles
from limner.render.thumbnail import PEN_SHARE, thumbnail


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def test_every_stroke_has_a_path_with_its_attributes() -> None:
    drawing = max(make_doodles(40, seed=1), key=len)
    classes = [f'class="s{k % 8}"' for k in range(len(drawing))]
    svg = parsed(thumbnail(drawing.strokes, classes, name='a "b"', kind="read", frame=(0, 0, 10, 20)))
    assert [path.get("class") for path in svg.iter("path")] == [f"s{k % 8}" for k in range(len(drawing))]
    frame = next(svg.iter("rect"))
    assert (float(frame.get("width", 0)), float(frame.get("height", 0))) == (10, 20)
    assert (svg.get("aria-label"), svg.get("class")) == ('a "b"', "read")


def test_the_drawing_fills_a_square_with_its_pen() -> None:
    svg = parsed(thumbnail([np.array([[5, 5], [105, 25]], np.float32)], [""], name="flat"))
    margin = 100 * PEN_SHARE
    view = [float(value) for value in svg.attrib["viewBox"].split()]
    assert view == pytest.approx([-margin, -margin, 100 + 2 * margin, 100 + 2 * margin])
    assert next(svg.iter("path")).get("d") == "M0 40L100 60"


def test_dots_and_nothing() -> None:
    dot = [np.array([[5, 5]], np.float32)]
    assert len(list(parsed(thumbnail(dot, [""], name="dot")).iter("path"))) == 1
    assert list(parsed(thumbnail([], [], name="nothing"))) == []
