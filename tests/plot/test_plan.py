"""Plotter pages: millimetres, margins, layers, and less travel."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.plot.page import PlotPage
from limner.plot.paper import SIZES_MM
from limner.plot.pens import BLACK, PENS, parse_pen
from limner.plot.plan import plan_page
from limner.plot.plot import plot_to_svg
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
def test_a_page_is_measured_in_millimetres(size: str, width: float, height: float) -> None:
    root = ElementTree.fromstring(plot_to_svg([TALL], page=PlotPage(size)))
    facts = (root.get("width"), root.get("height"), root.get("viewBox"))
    assert facts == (f"{width:g}mm", f"{height:g}mm", f"0 0 {width:g} {height:g}")


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
def test_ink_stays_within_the_margins(some: list[Drawing], size: str, margin: float, reorder: bool) -> None:
    """As large as it fits, the width of the pen counted in."""
    text = plot_to_svg(some, page=PlotPage(size, margin_mm=margin, pen_mm=0.5, reorder=reorder))
    root = ElementTree.fromstring(text)
    width, height = (float(str(root.get(side)).removesuffix("mm")) for side in ("width", "height"))
    x_min, y_min, x_max, y_max = Drawing.from_svg_text(text, tolerance=1.0).bounds
    edge = margin + 0.25 - 0.001
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
    page = PlotPage(merge_mm=0)
    text = plot_to_svg(some, page=page, pens=PENS, pen_of=[[k % 3 for k in range(len(d))] for d in some])
    assert text.count("<path") == sum(map(len, some))


def test_layers_are_pens() -> None:
    text = plot_to_svg([TALL, FLAT], pens=PENS, pen_of=[[3, 1], [1]], title="A & <B>")
    assert layers(text) == {"1 pen 2": 2, "!2 pen 4": 1}
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
        PlotPage("A0")
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
    with pytest.raises(ValueError, match="2 captions for 1 drawings"):
        plot_to_svg([TALL], captions=["a", "b"])
    with pytest.raises(ValueError, match="leave no room on A6"):
        plot_to_svg([TALL] * 400, page=PlotPage("A6", pen_mm=5))
    with pytest.raises(ValueError, match="scale"):
        PlotPage(scale=-1)


def test_a_size_of_ones_own_lies_as_it_is_given() -> None:
    assert 'width="100mm" height="50.8mm"' in plot_to_svg([TALL], page=PlotPage("100x50.8mm", margin_mm=5))
    assert 'width="100mm" height="200mm"' in plot_to_svg(
        [TALL], page=PlotPage("200x100mm", False, margin_mm=5)
    )


def test_captions_lie_beneath_their_drawings_within_the_margins() -> None:
    page = PlotPage(margin_mm=10, merge_mm=0, reorder=False)
    plan = plan_page([TALL, FLAT], page=page, captions=["gjy 7", "x" * 500])
    strokes = plan.layers[0].strokes
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    assert (low >= 10.2 - 1e-6).all()
    assert (high <= np.array([plan.width_mm, plan.height_mm]) - 10.2 + 1e-6).all()
    letters = strokes[2:9]
    assert min(stroke[:, 1].min() for stroke in letters) > max(stroke[:, 1].max() for stroke in strokes[:2])
    plain = plan_page([TALL, FLAT], page=page)
    assert len(strokes) > len(plain.layers[0].strokes) + 10


def test_a_scale_is_kept_and_what_is_too_large_refused_or_cut() -> None:
    plan = plan_page([FLAT], page=PlotPage(scale=0.5))
    assert np.ptp(plan.layers[0].strokes[0], axis=0) == pytest.approx([150, 10], abs=1e-3)
    with pytest.raises(ValueError, match="900 x 60 mm at this scale"):
        plan_page([FLAT], page=PlotPage(scale=3))
    cut = plan_page([FLAT], page=PlotPage(scale=3, clip=True, landscape=True))
    points = np.concatenate(cut.layers[0].strokes)
    assert points.min() >= 15
    assert points[:, 0].max() == pytest.approx(297 - 15.2)
    away = Drawing.from_polylines([[(0, 0), (0, 1)], [(900, 0), (900, 1)]])
    with pytest.raises(ValueError, match="nothing of the drawings"):
        plan_page([away], page=PlotPage(scale=1, clip=True))


def test_a_layer_ends_where_the_ink_does() -> None:
    plan = plan_page([TALL, FLAT, TALL], page=PlotPage(refill_every_mm=200.0))
    inked = [sum(np.hypot(*np.diff(s, axis=0).T).sum() for s in layer.strokes) for layer in plan.layers]
    assert max(inked) <= 200 + 1e-6
    assert [layer.number for layer in plan.layers] == list(range(1, len(inked) + 1))
    assert [layer.name[0] for layer in plan.layers] == ["1", *"!" * (len(inked) - 1)]
    assert sum(inked) == pytest.approx(plan.before.draw_mm)


def test_pauses_are_left_out_when_they_are_not_wanted() -> None:
    pens, pen_of = [parse_pen("black+S40!"), parse_pen("sky=#88c")], [[0, 1]]
    names = [layer.name for layer in plan_page([TALL], pens=pens, pen_of=pen_of).layers]
    assert names == ["!1+S40 black", "!2 sky"]
    plain = plan_page([TALL], page=PlotPage(pause=False), pens=pens, pen_of=pen_of)
    assert [layer.name for layer in plain.layers] == ["!1+S40 black", "2 sky"]


def test_twice_the_same_drawing_is_drawn_once() -> None:
    twice = TALL.replace(strokes=(*TALL.strokes, *(s[::-1] for s in TALL.strokes)))
    plan = plan_page([twice])
    assert plan.after.draw_mm == pytest.approx(plan.before.draw_mm / 2)
    assert plan.after.lifts == 2
    assert plan_page([twice], page=PlotPage(merge_mm=0)).after.draw_mm == pytest.approx(plan.before.draw_mm)


def test_curves_are_in_the_document() -> None:
    turn = np.linspace(0, 6, 200)
    wave = Drawing.from_polylines([np.stack([turn, np.sin(turn)], axis=1)])
    straight, curved = (plot_to_svg([wave], page=PlotPage(curve_mm=mm)) for mm in (None, 0.1))
    assert "C" in curved
    assert len(curved) < len(straight) / 3
    near = Drawing.from_svg_text(curved, tolerance=0.01)
    assert near.bounds == pytest.approx(Drawing.from_svg_text(straight).bounds, abs=0.11)
