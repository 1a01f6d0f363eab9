"""Parts of reports, escaped and self-contained."""

from __future__ import annotations

import base64
from pathlib import Path
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from limner.render.chart import ChartLine
from limner.render.page import Picture, Table, chart, page, section

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=4))
def test_tables_say_what_they_are_given(rows: list[tuple[str, str]]) -> None:
    root = ElementTree.fromstring(Table(["<one>", "b"], rows).html())
    cells = [[cell.text or "" for cell in row] for row in root.iter("tr")]
    assert cells == [["<one>", "b"], *map(list, rows)]


def test_markdown() -> None:
    assert Table(["a", "b"], [["1", "2"]]).markdown() == "| a | b |\n| --- | --- |\n| 1 | 2 |"


def test_a_picture_lies_inside_the_page(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(b"picture")
    html = Picture.read(tmp_path / "x.png", "a < b").html()
    assert base64.b64encode(b"picture").decode() in html
    assert "a &lt; b" in html


def test_nothing_to_show_leaves_no_trace() -> None:
    assert chart("Nothing", [ChartLine("none", [])]) == ""
    assert section("Nothing", "note", ["", ""]) == ""
    assert "<h2>" not in page("$title", [section("Nothing", "", []), "<p>$body</p>"])
