"""The Scan room, as a person uses it: pictures are dropped, sliders moved, drawings taken."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from tests.studio.conftest import PHONE, Server
from tests.studio.page_actions import on_sheet, set_slider, until
from tests.studio.scan.pictures import TWO, doodle_page, picture

from limner.corpus.load import load_corpus

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page
    from tests.studio.conftest import Shot

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FIGURES = "words => document.querySelector('.room-scan .figures').textContent.includes(words)"
FEWER = "n => Number(/([0-9]+) point/.exec(document.querySelector('.figures').textContent)[1]) < n"
TOLD = "words => document.querySelector('#scan-counts').textContent.includes(words)"
SAID = "words => document.querySelector('#status').textContent.includes(words)"
IDLE = "() => !document.querySelector('.room-scan').classList.contains('busy')"
INKS = "() => [...document.querySelectorAll('.pane canvas')].map((canvas) => canvas.toDataURL())"
DROP = """([name, data]) => {
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type: "image/png" }));
  return transfer;
}"""


def payload(data: bytes, name: str) -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": data}


def choose(page: Page, *pictures: bytes) -> None:
    """Choose pictures from the disk, and wait until the first one has been read."""
    files = [payload(data, f"page {k}.png") for k, data in enumerate(pictures, start=1)]
    page.set_input_files("#scan-files", files)
    until(page, FIGURES, "stroke")
    until(page, IDLE)


def dropped(page: Page, data: bytes, name: str = "dropped.png") -> Any:
    """Return a picture as it hangs on the mouse."""
    return page.evaluate_handle(DROP, [name, base64.b64encode(data).decode()])


def points(page: Page) -> int:
    words = page.inner_text(".room-scan .figures")
    return int(words.split(",", 1)[1].split()[0].replace(",", ""))


def test_pictures_become_a_corpus(open_page: Callable[..., Page], studio_server: Server, shot: Shot) -> None:
    page = open_page("scan")
    page.wait_for_selector(".room-scan .door")
    shot(page, "scan-door")
    choose(page, doodle_page(5), doodle_page(7))
    assert page.locator(".thumb").count() == 2
    before = points(page)
    set_slider(page, "scan-simplify", 0.9)
    until(page, FEWER, before)
    set_slider(page, "scan-threshold", 0.4)
    until(page, IDLE)
    shot(page, "scan")
    page.fill("#scan-corpus", "my-hand")
    page.click("#scan-add")
    until(page, SAID, "1 drawing added to my-hand")
    folder = studio_server.kept / "corpora/my-hand"
    assert len(list(folder.glob("*.svg"))) == 1  # what is said to be added is on disk
    until(page, "() => document.querySelectorAll('.thumb')[1].hasAttribute('aria-current')")  # the next one
    until(page, FIGURES, "stroke")
    until(page, IDLE)
    page.click("#scan-add")
    until(page, SAID, "it holds 2")
    assert sum(map(len, load_corpus(folder).splits.values())) == 2
    page.click(".room-scan .undo button")
    until(page, SAID, "Taken back")
    assert len(list(folder.glob("*.svg"))) == 1


def test_dropping_separating_and_taking_along(
    open_page: Callable[..., Page], studio_server: Server, shot: Shot
) -> None:
    page = open_page("scan")
    page.wait_for_selector(".room-scan .door")
    transfer = dropped(page, picture(*TWO))
    page.dispatch_event(".room-scan", "dragover", {"dataTransfer": transfer})
    assert page.locator(".drop-here").is_visible()
    page.dispatch_event(".room-scan", "drop", {"dataTransfer": transfer})
    until(page, FIGURES, "2 strokes")
    page.check("#scan-separate")
    until(page, TOLD, "2 of 2 drawings")
    page.locator(".parts button").first.press("Enter")  # by keyboard
    until(page, TOLD, "1 of 2 drawings")
    page.locator(".parts button").first.press("Enter")
    until(page, TOLD, "2 of 2 drawings")
    touch_frame(page, (125, 95))  # by hand
    until(page, TOLD, "1 of 2 drawings")
    shot(page, "scan-frames")
    page.locator("#scan-pane-strokes canvas").press("k")
    until(page, SAID, "1 drawing kept")
    assert len(list(studio_server.kept.glob("*dropped*.svg"))) == 1
    page.evaluate(
        "transfer => window.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer }))",
        dropped(page, doodle_page(5), "pasted.png"),
    )
    until(page, "() => document.querySelectorAll('.thumb').length === 2")
    page.click(".others button:has-text('Draw')")
    page.wait_for_selector("canvas.sheet")
    assert len(on_sheet(page)["strokes"]) == 1


def touch_frame(page: Page, place: tuple[float, float]) -> None:
    """Touch a place of the picture of 160 x 120 pixels in the pane of strokes."""
    canvas = page.locator("#scan-pane-strokes canvas")
    box = canvas.bounding_box()
    assert box is not None
    scale = 0.95 * min(box["width"] / 160, box["height"] / 120)
    x, y = box["width"] / 2 + (place[0] - 80) * scale, box["height"] / 2 + (place[1] - 60) * scale
    canvas.click(position={"x": x, "y": y})


def test_all_panes_show_the_same_part(open_page: Callable[..., Page]) -> None:
    """Whichever is zoomed, by keyboard or wheel; 0 shows all again."""
    page = open_page("scan")
    choose(page, doodle_page(5))
    whole = page.evaluate(INKS)
    assert len(set(whole)) == 3
    page.locator("#scan-pane-picture canvas").focus()
    page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    until(page, f"old => ({INKS})().every((ink, k) => ink !== old[k])", whole)
    page.keyboard.press("0")
    until(page, f"old => ({INKS})().every((ink, k) => ink === old[k])", whole)
    page.locator("#scan-pane-ink canvas").hover(position={"x": 60, "y": 60})
    page.mouse.wheel(0, -600)
    until(page, f"old => ({INKS})().every((ink, k) => ink !== old[k])", whole)


@pytest.mark.parametrize("look", ["light", "dark"])
def test_on_a_phone(open_page: Callable[..., Page], shot: Shot, look: str) -> None:
    """One pane at a time; nothing sticks out sideways."""
    page = open_page("scan", size=PHONE, color_scheme=look, has_touch=True)
    page.wait_for_selector(".room-scan .photo")
    choose(page, doodle_page(9))
    assert [page.locator(f"#scan-pane-{layer}").is_visible() for layer in ("picture", "strokes")] == [
        False,
        True,
    ]
    shot(page, f"scan-phone-{look}")
    page.tap("#scan-tab-ink")
    assert page.locator("#scan-pane-ink").is_visible()
    assert not page.locator("#scan-pane-strokes").is_visible()
    assert page.evaluate("document.querySelector('.room-scan').scrollWidth") <= PHONE["width"]
    assert page.get_attribute("#scan-camera", "capture") == "environment"
