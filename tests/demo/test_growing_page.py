"""A page that grows, and is whole each time."""

from __future__ import annotations

import threading
from pathlib import Path

from tests.demo.test_gallery import Page

from limner.demo.gallery import Exhibit
from limner.demo.growing_page import GrowingPage, looking_on
from limner.errors import LimnerError


def new_page(folder: Path) -> GrowingPage:
    return GrowingPage(folder / "index.html", "A title", "A text", stages=("One", "Two"), order=("A", "B"))


def read(page: GrowingPage) -> Page:
    return Page(page.path.read_text(encoding="utf-8"))


def test_it_grows_in_order(tmp_path: Path) -> None:
    page = new_page(tmp_path)
    page.show(Exhibit("B", "the second"))
    page.stage("One", "It begins.")
    assert "the second" in read(page).text
    assert "As of " in read(page).text
    page.show(Exhibit("A", "the first"))
    page.show(Exhibit("B", "the second, again"))
    page.stage("One", "It is done.", "done")
    text = read(page).text
    assert text.index("the first") < text.index("the second, again")
    assert [item["class"] for item in read(page).all("li")] == ["done", "waiting"]


def test_it_looks_again_only_while_it_grows(tmp_path: Path) -> None:
    page = new_page(tmp_path)
    page.write()
    assert len(read(page).all("script")) == 1
    assert "location.reload()" in page.path.read_text()
    page.end("All is done.")
    done = read(page)
    assert done.all("script") == []
    assert "refresh" not in page.path.read_text()
    assert "All is done." in done.text


def test_what_broke_it_off_stands_on_it(tmp_path: Path) -> None:
    page = new_page(tmp_path)
    page.stage("One", "It is done.", "done")
    page.stage("Two", "It goes on.")
    page.break_off("The disk is full.")
    assert [(stage.state, stage.text) for stage in page.stages] == [
        ("done", "It is done."), ("stopped", "The disk is full."),
    ]  # fmt: skip
    assert "The disk is full." in read(page).text
    assert read(page).all("script") == []


def test_a_look_that_finds_nothing_yet_is_passed_over() -> None:
    seen, enough = 0, threading.Event()

    def look() -> None:
        nonlocal seen
        seen += 1
        if seen > 2:
            enough.set()
        raise LimnerError("nothing yet")

    with looking_on(look, every_s=0.001):
        assert enough.wait(60)
    last = seen
    assert not enough.wait(0.01) or seen == last
