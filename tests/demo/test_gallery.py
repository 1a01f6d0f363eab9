"""The page: whole, with its drawings inside."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from limner.demo.gallery import (
    FINEST,
    Exhibit,
    ExhibitCard,
    Gallery,
    GalleryFilm,
    GalleryLink,
    GalleryStage,
    ShellCommand,
    write_gallery,
)
from limner.render.thumbnail import PEN_SHARE
from limner.strokes.drawing import Drawing

VOID = {"meta", "img", "path", "line", "polyline", "circle", "br"}
LINE = Drawing.from_polylines([np.array([[0, 0], [10, 0], [10, 20]])])
CROSS = Drawing.from_polylines([np.array([[0, 0], [8, 8]]), np.array([[8, 0], [0, 8]])])


class Page(HTMLParser):
    """Reads a page and checks that its elements are closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture
def page(tmp_path: Path) -> Page:
    gallery = Gallery(
        title="Title & co",
        text="It took $5 & 3 steps.",
        stages=(GalleryStage("Learning", "Step <3.", "working"),),
        exhibits=(
            Exhibit(
                "First & last", "Drawings < 3.", [ExhibitCard((LINE,)), ExhibitCard((CROSS, LINE), 'a "cat"')]
            ),
            Exhibit("Completed", "Some ink was given.", [ExhibitCard((CROSS,), given=LINE)]),
            Exhibit("Empty", "A drawing without points.", [ExhibitCard((Drawing(()),))]),
            Exhibit("Films", "", films=(GalleryFilm("drawing.gif", "A film"),), notes=("A note > 2.",)),
            Exhibit(
                "Next", "", links=(GalleryLink("report.html", "all <of it>"),),
                commands=(ShellCommand("more & more", "limner sample 'my demo/run' -n 16"),),
            ),
        ),
    )  # fmt: skip
    write_gallery(tmp_path / "index.html", gallery)
    return Page((tmp_path / "index.html").read_text(encoding="utf-8"))


def test_every_drawing_stands_on_the_page(page: Page) -> None:
    pictures = [svg for svg in page.all("svg") if "chart" not in str(svg.get("class"))]
    assert len(pictures) == 5
    sides = [float(str(picture["viewbox"]).split()[2]) for picture in pictures[:2]]
    assert sides == pytest.approx([20 * (1 + 2 * PEN_SHARE), 8 * (1 + 2 * PEN_SHARE)], abs=0.01)
    inked = [path for path in page.all("path") if "pathlength" in path]
    assert len(inked) == 1 + (2 + 1) + 2
    assert len([path for path in page.all("path") if path.get("class") == "given"]) == 1
    assert len(page.all("figure")) == 4 + 1


def test_texts_are_escaped(page: Page) -> None:
    texts = (
        "Title & co", "First & last", "Drawings < 3.", 'a "cat"', "It took $5 & 3 steps.", "Step <3.",
        "A note > 2.", "all <of it>", "# more & more\nlimner sample 'my demo/run' -n 16",
    )  # fmt: skip
    for text in texts:
        assert text in page.text
    assert "$" not in page.text.replace("$5", "")


def test_strokes_are_drawn_one_after_the_other(page: Page) -> None:
    first, second = (str(path["style"]) for path in page.all("path")[1:3])
    assert first == "--at:0s;--for:1.2s"
    assert second == "--at:1.2s;--for:1.2s"


def test_the_page_needs_nothing_but_its_films(page: Page) -> None:
    assert [image["src"] for image in page.all("img")] == ["drawing.gif"]
    for tag in ("script", "link", "iframe"):
        assert page.all(tag) == []
    fetched = [a.get(key) for _, a in page.found for key in ("src", "href", "srcset", "data", "poster")]
    assert not any("http" in str(value) for value in fetched)


def test_dense_drawings_have_a_fine_pen(tmp_path: Path) -> None:
    """A line of many turns would become a blot; all drawings of an exhibit have the same pen."""
    scribble = Drawing.from_polylines([np.array([[10 * (k % 2), k / 2] for k in range(20)])])
    exhibit = Exhibit("", "", [ExhibitCard((scribble,)), ExhibitCard((scribble,)), ExhibitCard((LINE,))])
    write_gallery(tmp_path / "page.html", Gallery("", "", (exhibit,)))
    pens = [float(str(svg["stroke-width"])) for svg in Page((tmp_path / "page.html").read_text()).all("svg")]
    fine = FINEST * PEN_SHARE
    assert pens == pytest.approx([10 * fine, 10 * fine, 20 * fine], rel=0.01)
    assert Exhibit("", "", [ExhibitCard((LINE,))]).pen_share == Exhibit("", "").pen_share == PEN_SHARE
