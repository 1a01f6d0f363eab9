"""The Keep room, as a person uses it; and what she keeps when the server goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.studio.conftest import PATIENT_SECONDS, PHONE, Server, Watch
from tests.studio.page_actions import arc, draw, on_sheet, until

from limner.corpus.load import load_corpus
from limner.strokes.drawing import Drawing
from limner.strokes.geometry import fitted
from limner.studio.keep.formats import export_formats

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from tests.studio.conftest import Shot

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ALL_ON_DISK = "n => document.querySelectorAll('.kept').length === n && !document.querySelector('.kept .mark')"
SAID = "words => document.querySelector('#status').textContent.includes(words)"


def keep_something(page: Page, size: float = 0.2) -> None:
    """Draw and keep."""
    page.goto(page.url.split("#")[0] + "#draw")
    page.locator("#alone").uncheck()
    page.locator("canvas.sheet").focus()
    page.keyboard.press("Delete")
    draw(page, arc(size=size))
    draw(page, [(0.3, 0.7), (0.6, 0.75)])
    page.keyboard.press("k")
    until(page, SAID, "Kept")


def to_keep(page: Page) -> None:
    page.click("#nav a[data-room=keep]")
    page.wait_for_selector(".kept")


def export(page: Page, format_: str, folder: Path) -> Path:
    page.select_option("#export-format", format_)
    with page.expect_download() as download:
        page.click("#export")
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_keeping_exporting_and_opening_again(page: Page, shot: Shot, tmp_path: Path) -> None:
    keep_something(page)
    drawn = Drawing.from_polylines(on_sheet(page)["strokes"])
    keep_something(page, size=0.1)
    to_keep(page)
    until(page, "() => !document.querySelector('.kept .mark')")  # all of it is on disk
    page.locator(".kept").nth(1).click()
    page.select_option("#export-format", "plotter")
    shot(page, "keep")
    path = export(page, "svg", tmp_path)
    read = Drawing.from_svg(path)
    for stroke, wanted in zip(read, drawn, strict=True):
        np.testing.assert_allclose(stroke, wanted, atol=0.05)
    before = page.locator(".kept").count()
    page.locator(".room-keep input[type=file]").set_input_files(path)
    until(page, "n => document.querySelectorAll('.kept').length === n", before + 1)
    page.locator(".kept").first.click()
    page.locator(".kept").nth(2).click()  # given back
    page.click("#keep-draw")
    page.wait_for_selector("canvas.sheet")
    again = Drawing.from_polylines(on_sheet(page)["strokes"])
    for stroke, wanted in zip(fitted(again, 100.0), fitted(drawn, 100.0), strict=True):
        np.testing.assert_allclose(stroke, wanted, atol=0.2)


def test_many_at_once(page: Page, tmp_path: Path) -> None:
    keep_something(page)
    keep_something(page, size=0.1)
    to_keep(page)
    page.locator(".kept").nth(0).click()
    page.locator(".kept").nth(1).click()
    for format_ in ("plotter", "png", "gif", "moving-svg", "zip", "npz"):
        path = export(page, format_, tmp_path)
        assert path.stem == f"2 drawings{export_formats()[format_].mark}"
        assert path.stat().st_size > 300
    assert len(load_corpus(str(path))) == 2


def test_giving_up_asks_first(page: Page) -> None:
    keep_something(page)
    to_keep(page)
    before = page.locator(".kept").count()
    page.locator(".kept").first.click()
    page.click("#give-up")
    assert "Really" in page.locator("#give-up").inner_text()
    assert page.locator(".kept").count() == before
    page.click("#give-up")
    until(page, "n => document.querySelectorAll('.kept').length === n", before - 1)


def test_on_a_phone(open_page: Callable[..., Page], shot: Shot) -> None:
    page = open_page(size=PHONE)
    keep_something(page)
    to_keep(page)
    page.locator(".kept").first.click()
    page.select_option("#export-format", "gif")
    shot(page, "keep-phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_server_goes_and_comes_back(chromium: Browser, tmp_path: Path, shot: Shot) -> None:
    """What was shown as kept is there; what was drawn meanwhile follows; the page comes back by itself."""
    server = Server(tmp_path / "kept")
    context = chromium.new_context()
    context.set_default_timeout(1000 * PATIENT_SECONDS)
    try:
        page = context.new_page()
        watch = Watch(page, server.address)
        page.goto(server.address)
        keep_something(page)
        until(page, SAID, "on disk too")
        server.kill()
        until(page, "() => !document.querySelector('#link').hidden")
        keep_something(page, size=0.1)
        until(page, SAID, "on disk when the studio answers")
        to_keep(page)
        assert page.locator(".kept .mark").count() == 1  # the first one had been confirmed
        shot(page, "keep-without-server")
        server = Server(tmp_path / "kept", server.port)
        until(page, "() => document.querySelector('#link').hidden")
        until(page, ALL_ON_DISK, 2)
        assert len(list((tmp_path / "kept").glob("*.svg"))) == 2
        page.click("#nav a[data-room=draw]")
        page.locator("#alone").check()
        draw(page, arc())
        page.wait_for_selector(".future")
        assert watch.strangers == []
        assert all("ERR_CONNECTION_REFUSED" in fault or "WebSocket" in fault for fault in watch.faults)
    finally:
        context.close()
        assert server.stop() == ""
