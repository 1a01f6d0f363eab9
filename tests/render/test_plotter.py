"""Plotter pages: millimetres, margins, layers, and less travel."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.render.options import PageSize
from limner.render.plotter import BLACK, PENS, SIZES_MM, PlotPage, plot_to_svg
from limner.strokes.drawing import Drawing
from limner.strokes.order import travel

LABEL = "{http://www.inkscape.org/namespaces/inkscape}label"
TALL = Drawing.from_polylines([[(0, 0), (10, 100)], [(0, 100), (10, 0)]])
FLAT = Drawing.from_polylines([[(0, 0), (300, 20)]])

coordinates = st.floats(-1000, 1000, width=32)
strokes = st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=5)
drawings = st.lists(strokes, min_size=1, max_size=4).map(Drawing.from_polylines)


def layers(text: str) -> dict[str, int]:
    return {group.get(LABEL, ""): len(group) for group in ElementTree.fromstring(text) if group.get(LABEL)}


@pytest.mark.parametrize(("size", "width", "height"), [(s, w, h) for s, (w, h) in SIZES_MM.items()])
def test_a_page_is_measured_in_millimetres(size: PageSize, width: int, height: int) -> None:
    root = ElementTree.fromstring(plot_to_svg([TALL], page=PlotPage(size)))
    facts = (root.get("width"), root.get("height"), root.get("viewBox"))
    assert facts == (f"{width}mm", f"{height}mm", f"0 0 {width} {height}")


def test_the_page_lies_as_the_drawing_does() -> None:
    assert 'width="297mm" height="210mm"' in plot_to_svg([FLAT])
    assert 'width="210mm" height="297mm"' in plot_to_svg([TALL])
    assert 'width="210mm" height="297mm"' in plot_to_svg([FLAT], page=PlotPage(landscape=False))


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(
    some=st.lists(drawings, min_size=1, max_size=7),
    size=st.sampled_from(["A3", "A6"]),
    margin=st.floats(0, 30),
    reorder=st.booleans(),
)
def test_ink_stays_within_the_margins(
    some: list[Drawing], size: PageSize, margin: float, reorder: bool
) -> None:
    """As large as it fits, the width of the pen counted in."""
    text = plot_to_svg(some, page=PlotPage(size, margin_mm=margin, pen_mm=0.5, reorder=reorder))
    root = ElementTree.fromstring(text)
    width, height = (float(str(root.get(side)).removesuffix("mm")) for side in ("width", "height"))
    x_min, y_min, x_max, y_max = Drawing.from_svg_text(text, tolerance=1.0).bounds
    edge = margin + 0.25 - 0.02
    assert min(x_min, y_min) >= edge
    assert x_max <= width - edge
    assert y_max <= height - edge
    if len(some) == 1 and min(np.ptp(some[0].points, axis=0)) > 1:
        rooms = (width - 2 * margin - 0.5, height - 2 * margin - 0.5)
        shares = ((x_max - x_min) / rooms[0], (y_max - y_min) / rooms[1])
        assert max(shares) == pytest.approx(1, abs=0.02)


@pytest.mark.slow
@settings(deadline=None, max_examples=40)
@given(some=st.lists(drawings, min_size=1, max_size=3))
def test_every_stroke_is_drawn_once(some: list[Drawing]) -> None:
    text = plot_to_svg(some, pens=PENS, pen_of=[[k % 3 for k in range(len(d))] for d in some])
    assert text.count("<path") == sum(map(len, some))


def test_layers_are_pens() -> None:
    text = plot_to_svg([TALL, FLAT], pens=PENS, pen_of=[[3, 1], [1]], title="A & <B>")
    assert layers(text) == {"1 pen 2": 2, "2 pen 4": 1}
    assert "<title>A &amp; &lt;B&gt;</title>" in text
    assert f'stroke="{PENS[3].colour.hex}"' in text
    assert layers(plot_to_svg([TALL, FLAT])) == {f"1 {BLACK.name}": 3}


def test_the_pen_travels_less() -> None:
    """And the same page without reordering keeps the order of the drawing."""
    places = np.random.default_rng(0).uniform(0, 100, (60, 1, 2))
    scattered = Drawing.from_polylines(places + np.array([[0, 0], [2, 1]]))
    pages = (plot_to_svg([scattered], page=PlotPage(reorder=on)) for on in (False, True))
    kept, short = map(Drawing.from_svg_text, pages)
    assert travel(short) < 0.4 * travel(kept)
    assert travel(kept) / travel(scattered) == pytest.approx(kept.ink_length / scattered.ink_length, rel=0.01)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="not 'A0'"):
        PlotPage("A0")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="leaves no room"):
        PlotPage("A6", margin_mm=50)
    with pytest.raises(ValueError, match="mm wide"):
        PlotPage(pen_mm=0)
    with pytest.raises(ValueError, match="at least one"):
        plot_to_svg([])
    with pytest.raises(ValueError, match="for each stroke"):
        plot_to_svg([TALL], pen_of=[[0]])
    with pytest.raises(ValueError, match="indices of 1 pens"):
        plot_to_svg([TALL], pen_of=[[0, 1]])
