"""Sheets as SVG: groups, escapes and agreement with the layout."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.render.colouring import ORDER_STEPS
from limner.render.options import ColourBy
from limner.render.sheet_layout import plan_sheet
from limner.render.style import Style
from limner.render.svg import sheet_to_svg
from limner.strokes.drawing import Drawing

CROSS = Drawing.from_polylines(([(0, 0), (10, 10)], [(10, 0), (0, 10)]), label="cross")
LINE = Drawing.from_polylines(([(0, 0), (10, 3)],))
DOT = Drawing.from_polylines(([(3, 3)],))
NAMESPACE = {"svg": "http://www.w3.org/2000/svg"}


def groups(root: ET.Element) -> list[ET.Element]:
    return [g for g in root.findall("svg:g", NAMESPACE) if g.get("id", "").startswith("drawing-")]


def paths(element: ET.Element) -> list[ET.Element]:
    return element.findall("svg:path", NAMESPACE)


def texts(root: ET.Element) -> list[str]:
    return [text.text or "" for text in root.findall(".//svg:text", NAMESPACE)]


def test_every_drawing_is_a_group_with_a_path_a_stroke() -> None:
    root = ET.fromstring(sheet_to_svg([CROSS, LINE, Drawing(()), DOT]))
    assert [group.get("id") for group in groups(root)] == [f"drawing-000{i}" for i in range(4)]
    assert [len(paths(group)) for group in groups(root)] == [2, 1, 0, 1]


def test_groups_carry_their_own_pen() -> None:
    style = Style(ink="navy", stroke_width_px=2.5)
    for group in groups(ET.fromstring(sheet_to_svg([CROSS, LINE], style=style))):
        assert group.get("stroke") == "#000080"
        assert float(group.get("stroke-width", "0")) == 2.5
        assert (group.get("stroke-linecap"), group.get("stroke-linejoin")) == ("round", "round")
        assert group.get("fill") == "none"
        assert group.get("transform") is None


def test_the_document_has_the_size_of_the_layout() -> None:
    root = ET.fromstring(sheet_to_svg([CROSS] * 7, columns=3, cell_px=70, captions=list("abcdefg")))
    sheet = plan_sheet([CROSS] * 7, columns=3, cell_px=70, captions=list("abcdefg"))
    assert (root.get("width"), root.get("height")) == (str(sheet.width), str(sheet.height))
    assert root.get("viewBox") == f"0 0 {sheet.width} {sheet.height}"
    rect = root.find("svg:rect", NAMESPACE)
    assert rect is not None
    assert rect.get("fill") == Style().paper_colour.hex


def test_the_first_point_stands_where_the_layout_says() -> None:
    root = ET.fromstring(sheet_to_svg([CROSS, LINE], columns=2))
    for group, drawing in zip(groups(root), plan_sheet([CROSS, LINE], columns=2).drawings, strict=True):
        for path, stroke in zip(paths(group), drawing, strict=True):
            numbers = re.findall(r"-?[\d.]+", path.get("d", ""))[:2]
            assert [float(n) for n in numbers] == pytest.approx(stroke[0].tolist(), abs=0.01)


def test_a_dot_is_a_path_of_no_length() -> None:
    (path,) = paths(groups(ET.fromstring(sheet_to_svg([DOT])))[0])
    assert re.search(r"[LlHhVvZz]", path.get("d", ""))  # a lone move draws nothing


def test_drawings_are_labelled_by_caption_or_else_by_label() -> None:
    title = "svg:title"
    labelled = ET.fromstring(sheet_to_svg([CROSS, LINE]))
    assert [group.findtext(title, None, NAMESPACE) for group in groups(labelled)] == ["cross", None]
    captioned = ET.fromstring(sheet_to_svg([CROSS, LINE], captions=["one", "two"], title="Both"))
    assert [group.findtext(title, None, NAMESPACE) for group in groups(captioned)] == ["one", "two"]
    assert captioned.findtext(title, None, NAMESPACE) == "Both"
    assert texts(captioned) == ["Both", "one", "two"]


def test_text_is_escaped() -> None:
    captions = ["<b>&amp;</b>", "\"quoted\" & 'so'"]
    root = ET.fromstring(sheet_to_svg([CROSS, LINE], captions=captions, title="a < b", cell_px=400))
    assert texts(root) == ["a < b", *captions]


@pytest.mark.slow
@settings(deadline=None)
@given(st.lists(st.text(max_size=20), min_size=4, max_size=4))
def test_any_text_gives_well_formed_xml(words: list[str]) -> None:
    svg = sheet_to_svg([CROSS, LINE], captions=words[:2], title=words[2], row_headings=[words[3]])
    assert len(groups(ET.fromstring(svg.encode("utf-8")))) == 2


def test_long_captions_are_whole_in_the_group_title() -> None:
    caption = "an improbably long caption that will not fit below a cell"
    root = ET.fromstring(sheet_to_svg([CROSS], captions=[caption]))
    assert texts(root)[0].endswith("…")
    assert groups(root)[0].findtext("svg:title", None, NAMESPACE) == caption


@pytest.mark.parametrize(("colour_by", "n_paths"), [("stroke", 2), ("order", ORDER_STEPS)])
def test_inks_are_on_the_paths(colour_by: ColourBy, n_paths: int) -> None:
    (group,) = groups(ET.fromstring(sheet_to_svg([CROSS], style=Style(colour_by=colour_by))))
    inks = [path.get("stroke") for path in paths(group)]
    assert group.get("stroke") is None
    assert len(inks) == len(set(inks)) == n_paths


def test_no_drawings_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one drawing"):
        sheet_to_svg([])
