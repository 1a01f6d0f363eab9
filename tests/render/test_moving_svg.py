"""SVG that moves: well-formed, timed as the GIF is, finished for those who do not play it."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.render.layout import plan_picture
from limner.render.moving_svg import layout_to_moving_svg, stills_to_moving_svg
from limner.render.pace import Pace
from limner.render.style import Style
from limner.strokes.drawing import Drawing

TWO = Drawing.from_polylines([[(0, 0), (100, 0)], [(100, 50), (0, 50)]])
PACE = Pace(seconds=3.0, hold_seconds=1.0, lift_seconds=0.0)

coordinates = st.floats(-100, 100, width=32)
strokes = st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=5)
drawings = st.lists(strokes, min_size=1, max_size=4).map(Drawing.from_polylines)
styles = st.sampled_from([Style(), Style(colour_by="stroke"), Style(colour_by="order")])


def keyframes(text: str, name: str) -> list[float]:
    """Return the moments of an animation, in per cent."""
    rule = re.search(rf"@keyframes {name}\{{((?:[^{{}}]*\{{[^}}]*\}})*)\}}", text)
    assert rule is not None
    return [float(at) for at in re.findall(r"([\d.]+)%", rule[1])]


def test_strokes_grow_one_after_the_other() -> None:
    text = layout_to_moving_svg(plan_picture(TWO, 200), PACE)
    assert "animation:4s linear infinite" in text
    assert keyframes(text, "p0") == pytest.approx([0, 0, 0.001, 37.5, 100], abs=0.01)
    assert keyframes(text, "p1") == pytest.approx([0, 37.5, 37.501, 75, 100], abs=0.01)


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(drawing=drawings, style=styles, hold=st.sampled_from([0.0, 2.0]))
def test_moments_are_in_order(drawing: Drawing, style: Style, hold: float) -> None:
    """For any drawing, with dots, in any ink; and the document is well-formed."""
    text = layout_to_moving_svg(plan_picture(drawing, 100), Pace(hold_seconds=hold), style)
    paths = ElementTree.fromstring(text).findall(".//{http://www.w3.org/2000/svg}path")
    assert len(paths) >= len(drawing)
    for path in paths:
        moments = keyframes(text, str(path.get("class")))
        assert moments == sorted(moments)
        assert (moments[0], moments[-1]) == (0, 100)


def test_those_who_do_not_play_it_see_the_finished_drawing() -> None:
    layout = plan_picture(TWO, 200)
    read = Drawing.from_svg_text(layout_to_moving_svg(layout, PACE))
    lines = [stroke for stroke in read if len(stroke) == 2]
    for stroke, wanted in zip(lines, layout.drawings[0], strict=True):
        np.testing.assert_allclose(stroke, wanted, atol=0.01)


def test_it_rests_for_those_who_want_no_motion() -> None:
    text = layout_to_moving_svg(plan_picture(TWO, 200), PACE)
    style = text[text.index("<style>") : text.index("</style>")]
    assert style.startswith("<style>@media (prefers-reduced-motion: no-preference){")
    assert "animation" not in text.replace(style, "")


def test_stills_follow_each_other() -> None:
    a, b = plan_picture(TWO, 100), plan_picture(Drawing.from_polylines([[(0, 0), (1, 1)]]), 100)
    text = stills_to_moving_svg([a, a, a, b], 2.0)
    assert text.count("<g ") == 2  # what stays is written once
    assert "animation:2s" in text
    assert keyframes(text, "s0") == pytest.approx([0, 74.999, 75, 100], abs=0.01)
    assert keyframes(text, "s1") == pytest.approx([0, 74.999, 75, 99.999, 100], abs=0.01)
    assert text.count('opacity="0"') == 1  # the last one is seen where nothing moves
    ElementTree.fromstring(text)
