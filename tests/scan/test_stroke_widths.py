"""The width of the ink at each point, and what SVG documents make of it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter
from tests.scan.ink import Paper, on_paper

from limner.scan.outlines import mean_width, outline_data
from limner.scan.picture import grey_of_image
from limner.scan.scan import scan_grey
from limner.scan.stroke_widths import ink_darkness
from limner.strokes.drawing import Drawing
from limner.strokes.svg.writer import number

if TYPE_CHECKING:
    from tests.scan.conftest import Inked

    from limner.scan.result import ScanResult

WAVE = [[40 * k, 60 + 40 * np.sin(k / 2)] for k in range(16)]
CROSSING = [[100.0, 0.0], [180.0, 190.0]]


def read(paper: Paper, *strokes: list[list[float]]) -> ScanResult:
    drawing = Drawing.from_polylines(strokes)
    image, _ = on_paper(drawing, paper, np.random.default_rng(0))
    return scan_grey(grey_of_image(image), name="x")


@pytest.mark.slow
@pytest.mark.parametrize("pen_px", [2.0, 3.0, 5.0, 8.0, 12.0])
@pytest.mark.parametrize("blur_px", [0.0, 0.9])
def test_widths_are_those_of_the_pen(pen_px: float, blur_px: float) -> None:
    """Within 10 %, however much it is blurred and whatever crosses it."""
    found = read(Paper(side_px=800, pen_px=pen_px, blur_px=blur_px, noise=5, shade=0.2), WAVE, CROSSING)
    assert [len(stroke) for stroke in found.drawing] == [len(widths) for widths in found.widths]
    for stroke, widths in zip(found.drawing, found.widths, strict=True):
        assert mean_width(stroke, widths) == pytest.approx(pen_px, rel=0.1)
    every = np.concatenate(found.widths)
    assert (np.abs(every / pen_px - 1) < 0.1).mean() > 0.8


def test_a_thick_and_a_thin_pen_on_one_page(inked: Inked) -> None:
    grey = np.minimum(
        inked([[20, 30], [140, 30]], pen_px=3),
        inked([[20, 90], [140, 90]], pen_px=7),
    )
    found = scan_grey(grey.astype(np.float32), name="x")
    pairs = zip(found.drawing, found.widths, strict=True)
    widths = {int(stroke[0, 1] > 60): mean_width(stroke, own) for stroke, own in pairs}
    assert widths[0] == pytest.approx(3, rel=0.12)
    assert widths[1] == pytest.approx(7, rel=0.12)


@settings(max_examples=30, deadline=None)
@given(st.floats(2, 12), st.floats(0.3, 1), st.floats(0.2, 1))
def test_darkness_of_ink_is_found_under_blur(width: float, blur: float, darkness: float) -> None:
    step = 0.05
    offsets = np.arange(-400, 401) * step
    box = darkness * (np.abs(offsets) <= width / 2)
    profile = gaussian_filter(box, blur / step)
    assert ink_darkness(np.tile(profile, (3, 1)), step) == pytest.approx(darkness, rel=0.06)


def test_strokes_have_a_width_each(inked: Inked) -> None:
    grey = inked([[20, 30], [140, 30]], pen_px=3)
    found = scan_grey(grey.astype(np.float32), name="x")
    svg = found.to_svg()
    (width,) = re.findall(r'<path d="[^"]*" stroke-width="([\d.]+)"/>', svg)
    assert float(width) == pytest.approx(3, rel=0.1)
    assert replace(found, widths=()).to_svg().count("stroke-width") == 1
    outlined = found.to_svg(variable_width=True)
    assert "stroke" not in outlined
    assert outlined.count("<path") == 1


def test_outlines_cover_what_the_pen_covered() -> None:
    """Rendered by the rule of SVG, from the pieces of the path: discs and quadrilaterals."""
    stroke, widths = np.array([[10, 10], [50, 10], [50, 50]], np.float32), np.array([6.0, 10.0, 4.0])
    data = outline_data(stroke, widths, 2)
    assert data.count("a") == 6
    assert data.count("L") == 6
    assert f"M{number(7, 2)} 10a3 3 0 1 0 6 0" in data
    assert "M10 13L50 15L50 5L10 7Z" in data
    assert mean_width(stroke, widths) == pytest.approx(7.5)
    assert mean_width(stroke[:1], widths[:1]) == 6
