"""The little CSS that decides what is seen."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import pytest

from limner.strokes.svg_style import Stylesheet, declarations


def style(css: str, tag: str = "path", **attributes: str) -> dict[str, str]:
    return Stylesheet([css]).style(
        Element(tag, {key.rstrip("_"): value for key, value in attributes.items()})
    )


@pytest.mark.parametrize(
    ("selector", "matches"),
    [
        ("path", True),
        ("*", True),
        (".a", True),
        (".b", True),
        ("#one", True),
        ("path.a", True),
        (".a.b", True),
        ("path.a#one", True),
        ("g, path", True),
        ("rect", False),
        (".c", False),
        (".a.c", False),
        ("#two", False),
        ("rect.a", False),
        ("g path", False),
        ("g > .a", False),
        (".a:hover", False),
        ("", False),
    ],
)
def test_selectors(selector: str, matches: bool) -> None:
    found = style(f"{selector} {{ display: none }}", class_="a b", id="one")
    assert found == ({"display": "none"} if matches else {})


def test_the_nearer_wins() -> None:
    attributes = {"class_": "a", "id": "one", "fill": "0"}
    sheet = "*{fill:1} path{fill:2} .a{fill:3} path.a{fill:4} #one{fill:5}"
    for rule in ("", "*{fill:1}", "path{fill:2}", ".a{fill:3}", "path.a{fill:4}", "#one{fill:5}"):
        assert style(sheet[: sheet.find(rule) + len(rule)], **attributes) == {"fill": rule[-2:-1] or "0"}
    assert style(sheet, **attributes, style="fill:6") == {"fill": "6"}
    upside_down = " ".join(reversed(sheet.split()))
    assert style(upside_down, **attributes) == {"fill": "5"}
    assert style(upside_down.replace("#one", "#two"), **attributes) == {"fill": "4"}


def test_of_equals_the_later_wins() -> None:
    assert style(".a{fill:red} .b{fill:blue}", class_="b a") == {"fill": "blue"}
    assert Stylesheet([".a{fill:red}", ".a{fill:blue}"]).style(Element("g", {"class": "a"})) == {
        "fill": "blue"
    }


def test_comments_and_at_rules_are_passed_over() -> None:
    css = """@import url(x.css); /* path { fill: 1 } */ @media print { path { fill: 2 } .a { fill: 3 } }
    @font-face { src: url(data:font;base64,abc) } @charset "utf-8"; path { fill: 4; /* fill: 5 */ }"""
    assert style(css, class_="a") == {"fill": "4"}


def test_declarations() -> None:
    assert declarations(" fill : none ;stroke-width:3; display:inline!important;;visibility") == {
        "fill": "none",
        "display": "inline",
        "visibility": "",
    }
    assert style("path{fill:inherit}", fill="red") == {}


@pytest.mark.parametrize("css", ["", "}", "{", "path{", "}}{{", "path", "a{b{c}d}e"])
def test_broken_sheets_set_nothing(css: str) -> None:
    assert style(css) == {}
