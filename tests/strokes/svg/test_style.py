"""What style sheets, attributes and inheritance make of an element's style."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, SubElement, fromstring

import pytest

from limner.strokes.svg import stylesheet
from limner.strokes.svg.lengths import Units
from limner.strokes.svg.skipped import Skipped
from limner.strokes.svg.style import SvgStyle
from limner.strokes.svg.stylesheet import Stylesheet, is_for_screens

FRAME = Units(300, 400, (300, 400))


def style(css: str, skipped: Skipped | None = None, /, **attributes: str) -> SvgStyle:
    """SvgStyle the child of an element that fills with a tenth and whose font is 20 units large."""
    root = Element("svg", {"fill-opacity": "0.1", "font-size": "20"})
    SubElement(root, "style").text = css
    SubElement(root, "path", {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()})
    sheet = Stylesheet(root, Skipped() if skipped is None else skipped)
    node = sheet.node(root)
    parent = SvgStyle().child(sheet.declared(node), FRAME)
    child = list(node.iter_children())[1]
    return parent.child(sheet.declared(child), FRAME)


def shown(css: str, **attributes: str) -> Any:
    return style(css, **attributes)["display"]


@pytest.mark.parametrize(
    ("selector", "matches"),
    [
        ("path", True),
        ("*", True),
        (".a", True),
        ("#one", True),
        ("path.a#one", True),
        (".a.b", True),
        ("g, path", True),
        ("svg path", True),
        ("svg > path", True),
        ("style + path", True),
        ("[class~=a]", True),
        ("path:not(.c)", True),
        (":last-child", True),
        ("rect", False),
        ("PATH", False),
        (".a.c", False),
        ("g path", False),
        ("svg > g > .a", False),
        (".a:hover", False),
        ("rect, path:foo(3)", False),
        ("", False),
    ],
)
def test_selectors(selector: str, matches: bool) -> None:
    found = shown(f"{selector} {{ display: none }}", class_="a b", id="one")
    assert found == ("none" if matches else "inline")


def test_the_nearer_wins() -> None:
    attributes = {"class_": "a", "id": "one", "opacity": "0"}
    sheet = "*{opacity:.1} path{opacity:.2} .a{opacity:.3} path.a{opacity:.4} #one{opacity:.5}"
    rules = sheet.split()
    for k in range(len(rules) + 1):
        assert style(" ".join(rules[:k]), **attributes)["opacity"] == pytest.approx(k / 10)
    assert style(" ".join(rules[::-1]), **attributes)["opacity"] == 0.5
    assert style(sheet, **attributes, style="opacity:.6")["opacity"] == 0.6
    assert style(sheet + "*{opacity:.7 !important}", **attributes, style="opacity:.6")["opacity"] == 0.7
    loud = style("path{opacity:.7 ! important}", style="opacity:.6!IMPORTANT")
    assert loud["opacity"] == 0.6


def test_bad_values_leave_what_was_there_and_are_counted() -> None:
    skipped = Skipped()
    assert style("path{opacity:x;visibility:foo}", skipped, opacity=".5", fill="blurple")["opacity"] == 0.5
    assert sum(skipped.values()) == 3


def test_words_for_all_properties() -> None:
    assert style("path{fill-opacity:initial}")["fill-opacity"] == 1
    assert style("path{fill-opacity:unset}")["fill-opacity"] == 0.1
    assert style("path{opacity:inherit}", opacity=".2")["opacity"] == 1
    assert style("path{fill-opacity:INHERIT}", fill_opacity="1")["fill-opacity"] == 0.1


@pytest.mark.parametrize(
    ("css", "size"),
    {
        "": 20,
        "path{font-size:2em}": 40,
        "path{font-size:150%}": 30,
        "path{font-size:larger}": 24,
        "path{font-size:large}": 18,
        "path{font:italic bold 1in/2 serif}": 96,
        "path{font-size:inherit}": 20,
        "path{font-size:10vw}": 30,
        "path{font-size:-3px}": 20,
        "path{font-size:calc(1em + 5px)}": 25,
    }.items(),
)
def test_sizes_of_fonts(css: str, size: float) -> None:
    assert style(css).font == pytest.approx(size)


def test_variables() -> None:
    assert shown("svg{--a:none} path{display:var(--a)}") == "none"
    assert shown("path{display:var(--b, none)}") == "none"
    assert shown("path{display:var(--b)}", display="none") == "inline"
    assert shown("svg{--a:var(--b);--b:var(--a)} path{display:var(--a, none)}") == "none"
    swelling = "".join(f"--a{i + 1}:var(--a{i}) var(--a{i});" for i in range(30))
    assert shown(f"svg{{--a0:none;{swelling}}} path{{display:var(--a30)}}") == "inline"


def test_sheets_for_screens_count() -> None:
    css = """@import url(x.css); @media print { path { display: none } } @font-face { src: url(data:,abc) }
    /* path { display: none } */ @media screen { path { opacity: .5 } }"""
    skipped = Skipped()
    found = style(css, skipped)
    assert (found["display"], found["opacity"]) == ("inline", 0.5)
    assert skipped == {"style sheets of other files, which are not read": 1}


@pytest.mark.parametrize(
    ("query", "counts"),
    {
        "": True,
        "all": True,
        "print, screen": True,
        "only screen": True,
        "not print": True,
        "print": False,
        "not all": False,
        "(prefers-color-scheme: dark)": False,
        "(prefers-color-scheme: light)": True,
        "screen and (min-width: 9px)": True,
    }.items(),
)
def test_media(query: str, counts: bool) -> None:
    assert is_for_screens(query) == counts


@pytest.mark.parametrize("css", ["", "}", "{", "path{", "}}{{", "path", "a{b{c}d}e", "@media{"])
def test_broken_sheets_set_nothing(css: str) -> None:
    assert shown(css) == "inline"


@pytest.mark.parametrize(
    ("attributes", "stroked", "filled"),
    [
        ({}, False, True),
        ({"stroke": "red"}, True, True),
        ({"stroke": "red", "stroke-width": "0"}, False, True),
        ({"stroke": "#f000"}, False, True),
        ({"stroke": "currentColor", "color": "transparent"}, False, True),
        ({"fill": "none"}, False, False),
        ({"fill": "url(#g)"}, False, True),
        ({"fill": "url(#h)"}, False, False),
        ({"fill": "url(#h) red"}, False, True),
        ({"fill": "rgba(0, 0, 0, 0)", "stroke": "oklch(0 0 0)"}, True, False),
        ({"fill-opacity": "0", "stroke": "red", "stroke-opacity": "0%"}, False, False),
    ],
)
def test_what_can_be_seen(attributes: dict[str, str], stroked: bool, filled: bool) -> None:
    element = Element("path", attributes)
    sheet = Stylesheet(element, Skipped())
    found = SvgStyle().child(sheet.declared(sheet.node(element)), FRAME)
    assert (found.is_stroked({"#g"}, FRAME), found.is_filled({"#g"})) == (stroked, filled)


@pytest.mark.parametrize(
    "css",
    [
        "*{fill:red}" * 50,
        ".z g g g g g g path{fill:red}",
        "path:only-of-type{fill:red}",
        "g:has(rect){fill:red}",
        ".z ~ path ~ path ~ rect{fill:red}",
    ],
)
def test_too_much_work_is_refused(css: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stylesheet, "MAX_STEPS", 500)
    root = fromstring(f"<svg><style>{css}</style>{'<g>' * 20}{'<path/>' * 30}<rect/>{'</g>' * 20}</svg>")
    sheet = Stylesheet(root, Skipped())
    nodes = sheet.node(root).iter_subtree()
    with pytest.raises(ValueError, match="too much work"):
        list(map(sheet.declared, nodes))
