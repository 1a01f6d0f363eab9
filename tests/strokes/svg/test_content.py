"""Reading SVG: what is drawn, where it is drawn, and what is refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import numpy as np
import pytest
import shapely
from svgelements import Path as ReferencePath

from limner.errors import DataError
from limner.strokes.drawing import Drawing
from limner.strokes.svg.skipped import Skipped

if TYPE_CHECKING:
    from pathlib import Path

LINE = '<path d="M0 0L1 0"/>'
HEAD = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def svg(body: str, attributes: str = "") -> str:
    return f"<svg {HEAD} {attributes}>{body}</svg>"


def read(body: str, attributes: str = "", tolerance: float = 100) -> list[list[tuple[float, float]]]:
    drawing = Drawing.from_svg_text(svg(body, attributes), tolerance=tolerance)
    return [[(round(x, 4), round(y, 4)) for x, y in line] for line in drawing.to_polylines()]


def starts(body: str, attributes: str = "") -> list[float]:
    """Return where strokes start, which tells which of several lines were read."""
    return [line[0][0] for line in read(body, attributes)]


# What is drawn -----------------------------------------------------------------------------------


def test_every_shape_in_document_order() -> None:
    body = """<line x1="1" x2="9"/><g><polyline points="2,0 9,9"/><a><polygon points="3,0 9,9 8,8"/></a></g>
    <rect x="4" width="1" height="1"/><circle cx="4" r="1"/><ellipse cx="5" rx="1" ry="2"/>
    <path d="M7 0h1M8 0h1"/>"""
    assert starts(body) == [1, 2, 3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize(
    "hidden",
    [
        "<defs>{}</defs>",
        "<clipPath>{}</clipPath>",
        "<mask>{}</mask>",
        "<marker>{}</marker>",
        "<pattern>{}</pattern>",
        "<symbol>{}</symbol>",
        "<metadata>{}</metadata>",
        "<foreignObject>{}</foreignObject>",
        "<text>{}</text>",
        "<title>{}</title>",
        '<g xmlns="urn:other">{}</g>',
        '<g display="none">{}</g>',
        '<g style="fill:red; display : none">{}</g>',
        '<g display="none"><g display="inline">{}</g></g>',
        '<g visibility="hidden">{}</g>',
        '<g style="visibility:collapse">{}</g>',
        '<g class="ghost">{}</g>',
        '<g transform="scale(0)">{}</g>',
        '<use href="#nobody"/><use href="other.svg#a"/><use/>',
        "<!-- {} -->",
    ],
)
def test_what_is_not_drawn(hidden: str) -> None:
    body = "<style>.ghost { display: none }</style>" + hidden.format('<path d="M5 5h1"/>')
    assert starts(body + LINE) == [0]
    with pytest.raises(DataError, match=r"^The SVG draws no lines"):
        read(body)


def test_the_visible_within_the_hidden() -> None:
    assert starts(f'<g visibility="hidden">{LINE}<path visibility="visible" d="M5 5h1"/></g>') == [5]


def test_shapes_without_paint_are_left_out_unless_there_are_no_others() -> None:
    units = '<path stroke="none" d="M7 0h24v24H0z" fill="none"/>'
    assert starts(units + LINE, 'fill="none" stroke="currentColor"') == [0]
    assert starts(f"{LINE}<g fill='none'>{units}</g>") == [0]
    assert starts(units) == [7]
    assert starts(units.replace('fill="none"', 'style="fill:red"') + LINE) == [7, 0]


def test_the_first_choice_of_a_switch() -> None:
    body = f'<switch><g requiredExtensions="x"><path d="M5 0h1"/></g><g>{LINE}</g><path d="M6 0h1"/></switch>'
    assert starts(body) == [0]


# Where it is drawn -------------------------------------------------------------------------------


def test_transforms_compose_from_the_outside_in() -> None:
    assert read('<g transform="translate(0,100) scale(1,-1)"><path d="M0 10L5 0"/></g>') == [
        [(0, 90), (5, 100)]
    ]
    nested = '<g transform="translate(0,100)"><g transform="scale(1,-1)"><path d="M0 10L5 0"/></g></g>'
    assert read(nested) == [[(0, 90), (5, 100)]]
    own = '<g transform="rotate(90)"><path transform="matrix(2 0 0 1 10 0)" d="M1 3L2 3"/></g>'
    assert read(own) == [[(-3, 12), (-3, 14)]]


def test_a_view_box_counts_whatever_the_size_shown() -> None:
    body = '<path d="M0 24L24 0"/><line x2="50%" y2="25%"/>'
    sizes = ("", 'width="240" height="240"', 'width="10cm" height="1%" preserveAspectRatio="none"')
    for size in sizes:
        assert read(body, f'viewBox="0 0 24 24" {size}') == [[(0, 24), (24, 0)], [(0, 0), (12, 6)]]


def test_without_a_view_box_pixels_count() -> None:
    body = '<line x2="1in" y2="25.4mm"/><line x2="50%" y2="50%"/>'
    assert read(body, 'width="2in" height="100"') == [[(0, 0), (96, 96)], [(0, 0), (96, 50)]]
    assert read(body) == [[(0, 0), (96, 96)], [(0, 0), (150, 75)]]


def test_nested_documents() -> None:
    inner = '<svg x="10" y="20" width="50%" height="30" viewBox="0 0 10 10"><path d="M0 0L10 10"/></svg>'
    assert read(inner, 'viewBox="0 0 100 100"') == [[(20, 20), (50, 50)]]
    assert read('<svg x="10"><line x2="10%"/></svg>', 'viewBox="0 0 100 100"') == [[(10, 0), (20, 0)]]


@pytest.mark.parametrize("href", ["href", "xlink:href"])
def test_uses(href: str) -> None:
    defs = f'<defs><g id="a" transform="scale(2)">{LINE}</g></defs>'
    assert read(f'{defs}<use {href}="#a" x="5" y="6" transform="scale(3)"/>') == [[(15, 18), (21, 18)]]


def test_symbols_take_their_size_from_the_use() -> None:
    symbol = '<symbol id="s" viewBox="0 0 10 20"><path d="M0 0L10 20"/><line x2="100%"/></symbol>'
    assert read(symbol + '<use href="#s" x="1" y="2" width="10" height="20"/>') == [
        [(1, 2), (11, 22)],
        [(1, 2), (11, 2)],
    ]
    assert read(symbol + '<use href="#s" width="40" height="40"/>')[0] == [(10, 0), (30, 40)]
    assert read(f'<symbol id="s">{LINE}</symbol><use href="#s" x="4"/><use href="#s"/>') == [
        [(4, 0), (5, 0)],
        [(0, 0), (1, 0)],
    ]


def test_a_use_hands_its_style_down() -> None:
    defs = f'<defs><g id="a">{LINE}</g><g id="b" display="none">{LINE}</g></defs>'
    uses = '<use href="#a" visibility="hidden"/><use href="#b" x="2"/><use href="#a" x="3"/>'
    assert starts(defs + uses) == [3]


def test_uses_in_a_circle_end() -> None:
    assert starts(f'<g id="a">{LINE}<use href="#a" x="5"/></g>') == [0]
    both = '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'
    assert starts(both + LINE) == [0]


@pytest.mark.slow
def test_swarms_of_uses_are_refused() -> None:
    uses = [f'<use href="#a{i}"/>' * 10 for i in range(9)]
    levels = "".join(f'<g id="a{i + 1}">{ten}</g>' for i, ten in enumerate(uses))
    with pytest.raises(DataError, match="repeat more than"):
        read(f'<defs><path id="a0" d="M0 0h1"/>{levels}</defs><use href="#a9"/>')


def test_tolerance_counts_in_coordinates_of_the_drawing() -> None:
    circle = '<circle r="1"/>'
    small, large = (
        Drawing.from_svg_text(svg(f'<g transform="scale({s})">{circle}</g>'), tolerance=0.1) for s in (1, 100)
    )
    assert small.n_points < large.n_points
    away = 100 - shapely.distance(shapely.LineString(large.strokes[0]), shapely.Point(0, 0))
    assert 0.01 < away <= 0.1
    skewed = Drawing.from_svg_text(svg(f'<g transform="scale(100 1)">{circle}</g>'), tolerance=0.1).strokes[0]
    ellipse = np.column_stack([100 * np.cos(np.linspace(0, 7, 999)), np.sin(np.linspace(0, 7, 999))])
    assert shapely.distance(shapely.points(ellipse), shapely.LineString(skewed)).max() <= 0.1


def test_facts() -> None:
    assert Drawing.from_svg_text(svg(f"<title> a cat </title>{LINE}")).label == "a cat"
    assert Drawing.from_svg_text(svg(f"<g><title>part</title>{LINE}</g>")).label is None


# What is passed over --------------------------------------------------------------------------------


def passed_over(body: str, attributes: str = "") -> dict[str, int]:
    skipped = Skipped()
    Drawing.from_svg_text(svg(body, attributes), skipped=skipped)
    return dict(skipped)


@pytest.mark.parametrize(
    ("body", "kind"),
    {
        "<text>cat</text><g><text/></g>": "texts",
        '<image href="a.png"/><image/>': "images",
        "<foreignObject/><foreignObject/>": "embedded pages (foreignObject)",
        '<marker id="m"/><path marker-end="url(#m)"/><path style="marker:url(#m)"/>': "markers",
        '<use href="b.svg#a"/><use href="http://x/y"/>': "uses of other files",
        '<use href="#a"/><use href="#b"/>': "uses of what is not there",
        '<path d="M0 0h1Lx"/><path d="oops"/>': "errors in the d of paths",
        '<g transform="turn(3)"><g transform="scale(a)"/></g>': "transforms that cannot be read",
        '<path fill="none" d="M0 0h1"/><path fill="#0000" d="M0 0h1"/>': "shapes that cannot be seen",
        '<mask id="k"/><g clip-path="url(#k)"/><g mask="url(#k)"/>': "clip paths and masks, which do not cut",
        "<path d='M0 0h1'><animate/></path><set/>": "animations, which stand still",
        "<script/><script/>": "scripts",
    }.items(),
)
def test_what_is_passed_over_is_counted_by_kind(body: str, kind: str) -> None:
    assert passed_over(body + LINE) == {kind: 2}


@pytest.mark.parametrize("tag", ["text", "g", "image"])
def test_an_element_that_draws_nothing_has_an_empty_box(tag: str) -> None:
    assert starts(f'<{tag} style="transform-box: fill-box; transform: rotate(9deg)"/>{LINE}') == [0]


def test_paper_is_left_out() -> None:
    paper = '<rect width="200" height="200" fill="#fff"/>'
    page = 'viewBox="0 0 200 200"'
    assert starts(paper + LINE, page) == [0]
    assert len(read(paper + paper + LINE, page)) == 1
    assert passed_over(paper + LINE, page) == {"paper: rectangles that cover the page": 1}
    assert len(read('<path d="M0 0h200v200H0z" fill="beige"/>' + LINE, page)) == 1
    assert len(read('<rect width="100%" height="100%"/>' + LINE)) == 1
    for kept in (
        '<rect width="200" height="200" stroke="red"/>',
        '<rect width="190" height="200"/>',
        '<rect width="200" height="200" rx="9"/>',
        '<path d="M0 0h200v200z"/>',
    ):
        assert len(read(kept + LINE, page)) == 2
    assert len(read(LINE + paper, page)) == 2
    assert len(read(paper, page)) == 1
    assert len(read('<rect width="900" height="900"/>' + LINE)) == 2  # nobody says how large the page is


@pytest.mark.parametrize(
    "hidden", ['opacity="0"', 'fill-opacity="0"', 'fill="transparent"', 'fill="url(#x)"']
)
def test_what_is_transparent_is_no_ink(hidden: str) -> None:
    assert starts(f'<path {hidden} d="M5 0h1"/>{LINE}') == [0]
    with pytest.raises(DataError, match=r"^The SVG draws no lines"):
        read(f'<path {hidden} d="M5 0h1"/>')


def test_nested_documents_clip() -> None:
    inner = '<svg width="10" height="10" {}><path d="M-5 5H15M20 5h1"/></svg>'
    assert read(inner.format("")) == [[(0, 5), (10, 5)]]
    assert len(read(inner.format('overflow="visible"'))) == 2
    symbol = '<symbol id="s"><path d="M-5 5H15"/></symbol><use href="#s" x="3" width="10" height="10"/>'
    assert read(symbol) == [[(3, 5), (13, 5)]]


def test_small_drawings_are_cut_finer() -> None:
    circle = '<circle r="{}"/>'
    sizes = [Drawing.from_svg_text(svg(circle.format(r))).n_points for r in (0.5, 5, 50)]
    assert sizes[0] == sizes[1] <= sizes[2]
    assert Drawing.from_svg_text(svg('<path d="M0 0C0 1e9 1e9 1e9 1e9 0"/>')).n_points <= 257


# Limits ---------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [
        f'<path d="M0 0{"L1 2" * 1_000_001}"/>',
        '<path id="a" d="M0 0{}"/>{}'.format("l9 9" * 400_000, '<use href="#a"/>' * 9),
        f'<polyline points="{"1 2 " * 1_000_001}"/>',
    ],
    ids=["path", "uses", "points"],
)
def test_too_many_points_are_refused(body: str) -> None:
    with pytest.raises(DataError, match="too many points: a drawing may have 1,000,000"):
        read(body)


def test_chains_of_uses_end() -> None:
    chain = "".join(f'<use id="u{i + 1}" href="#u{i}"/>' for i in range(200))
    skipped = Skipped()
    Drawing.from_svg_text(
        svg(f'<defs><path id="u0" d="M0 0h1"/>{chain}</defs><use href="#u200"/>{LINE}'), skipped=skipped
    )
    assert skipped == {"uses that lead through more than 100 others": 1}


# Files -------------------------------------------------------------------------------------------


def test_the_file_is_the_source(tmp_path: Path) -> None:
    file = tmp_path / "cat.svg"
    file.write_text(svg(LINE), encoding="utf-8")
    assert Drawing.from_svg(file).source == "cat.svg"
    assert Drawing.from_svg(str(file)).to_polylines() == [[(0, 0), (1, 0)]]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg",
        b"\x89PNG\r\n\x1a\n",
        b"<html><body/></html>",
        svg("").encode(),
        svg("<text>cat</text>").encode(),
        svg('<path d="M0 0Lnan 1"/>').encode(),
        svg('<path d="M0 0L1e999 1"/>').encode(),
        svg('<path d="M0 0L1e39 1"/>').encode(),
        svg('<circle r="NaN"/>').encode(),
        svg(f'<g transform="scale(1e300)">{LINE}</g>').encode(),
        svg(f'<g transform="scale(1e300) scale(1e300)">{LINE}</g>').encode(),
        b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
        + svg("<title>&x;</title>" + LINE).encode(),
    ],
)
def test_bad_files_are_refused_in_one_sentence(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "bad one.svg"
    file.write_bytes(content)
    with pytest.raises(DataError) as caught:
        Drawing.from_svg(file)
    message = str(caught.value)
    assert "bad one.svg" in message
    assert "\n" not in message
    assert message.endswith(".")


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nothing\.svg: no such file"):
        Drawing.from_svg(tmp_path / "nothing.svg")
    with pytest.raises(DataError, match="is a directory"):
        Drawing.from_svg(tmp_path)


@pytest.mark.parametrize("tolerance", [0, -1, float("nan")])
def test_tolerances_are_positive(tolerance: float) -> None:
    with pytest.raises(ValueError, match="tolerance"):
        Drawing.from_svg_text(svg(LINE), tolerance=tolerance)


# Real files --------------------------------------------------------------------------------------


def assert_within_tolerance(drawing: Drawing, data: list[str], tolerance: float) -> None:
    """Compare strokes with the segments of their paths, evaluated densely."""
    subpaths = [sub for d in data for sub in ReferencePath(d).as_subpaths()]
    assert len(drawing) == len(subpaths)
    for stroke, subpath in zip(drawing, subpaths, strict=True):
        line = shapely.LineString(stroke)
        dense = [segment.point(t) for segment in list(subpath)[1:] for t in np.linspace(0, 1, 40)]
        assert shapely.distance(shapely.points([(p.x, p.y) for p in dense]), line).max() <= tolerance + 1e-4
        assert stroke[0].tolist() == pytest.approx([dense[0].x, dense[0].y], abs=1e-4)
        assert stroke[-1].tolist() == pytest.approx([dense[-1].x, dense[-1].y], abs=1e-4)


@pytest.mark.slow
def test_kanji_have_a_stroke_a_path(data_dir: Path) -> None:
    files = sorted((data_dir / "svg" / "kanji").glob("*.svg"))
    assert files
    for i, file in enumerate(files):
        data = re.findall(r'<path [^>]*\bd="([^"]*)"', file.read_text(encoding="utf-8"))
        drawing = Drawing.from_svg(file, tolerance=0.05)
        assert len(drawing) == len(data)
        x_min, y_min, x_max, y_max = drawing.bounds
        assert min(x_min, y_min) >= 0
        assert max(x_max, y_max) <= 109
        if i % 5 == 0:
            assert_within_tolerance(drawing, data, 0.05)


@pytest.mark.slow
def test_icons_lie_in_their_boxes(data_dir: Path) -> None:
    files = sorted((data_dir / "svg" / "feather").glob("*.svg"))
    assert files
    for file in files:
        root = ElementTree.parse(file).getroot()
        shapes = [element for element in root.iter() if element.tag.endswith("}path")]
        others = [e for e in root.iter() if e.tag.rpartition("}")[2] not in ("svg", "path", "g", "title")]
        drawing = Drawing.from_svg(file, tolerance=0.02)
        x_min, y_min, x_max, y_max = drawing.bounds
        assert min(x_min, y_min) >= 0
        assert max(x_max, y_max) <= 24
        assert len(drawing) >= len(shapes) + len(others)
        if not others:
            assert_within_tolerance(drawing, [shape.attrib["d"] for shape in shapes], 0.02)
