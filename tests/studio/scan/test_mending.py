"""Strokes are mended under the hand, and the command line makes the same strokes of what was saved."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.studio.conftest import PHONE
from tests.studio.page_actions import until
from tests.studio.scan.pictures import picture
from tests.studio.scan.test_page import FIGURES, IDLE, SAID, dropped

from limner.cli import scan as verb
from limner.strokes.drawing import Drawing

if TYPE_CHECKING:
    from playwright.sync_api import Download, Page
    from tests.studio.conftest import Shot

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDTH, HEIGHT = 360, 270
LINES = [
    [[30, 70], [330, 80]], [[30, 200], [330, 190]], [[100, 30], [110, 240]], [[250, 30], [240, 240]],
]  # fmt: skip
"""Two lines across two others; they meet at four places."""
CROSSINGS = [(102, 72.4), (248, 77.3), (108.1, 197.4), (241.8, 192.9)]
FIXES_ON_THE_MOUSE = """text => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([text], "page.fixes.toml"));
  return transfer;
}"""
FIXED = "n => document.querySelector('.notes').textContent.includes(n)"


def touch(page: Page, place: tuple[float, float], *, tap: bool = False) -> None:
    """Touch a place of the picture in the pane of strokes, and wait for the answer."""
    canvas = page.locator("#scan-pane-strokes canvas")
    box = canvas.bounding_box()
    assert box is not None
    scale = 0.95 * min(box["width"] / WIDTH, box["height"] / HEIGHT)
    x = box["width"] / 2 + (place[0] - WIDTH / 2) * scale
    y = box["height"] / 2 + (place[1] - HEIGHT / 2) * scale
    (canvas.tap if tap else canvas.click)(position={"x": x, "y": y})
    until(page, IDLE)


def dropped_page(page: Page, name: str = "page.png") -> None:
    page.wait_for_selector(".room-scan .door")
    transfer = dropped(page, picture(*LINES, size=(HEIGHT, WIDTH)), name)
    page.dispatch_event(".room-scan", "drop", {"dataTransfer": transfer})
    until(page, FIGURES, "4 strokes")
    until(page, IDLE)


def saved(page: Page, button: str) -> Download:
    with page.expect_download() as waiting:
        page.click(button)
    return waiting.value


def by_command_line(page: Page, folder: Path) -> tuple[Drawing, Drawing]:
    """Return the strokes that the page saves, and those of ``limner scan`` beside the fixes it saves."""
    folder.mkdir()
    (folder / "page.png").write_bytes(picture(*LINES, size=(HEIGHT, WIDTH)))
    fixes = saved(page, "#scan-fixes")
    assert fixes.suggested_filename == "page.fixes.toml"
    fixes.save_as(folder / "page.fixes.toml")
    drawing = saved(page, ".others button:has-text('SVG')")
    drawing.save_as(folder / "seen.svg")
    (tolerance,) = parse_qs(urlsplit(drawing.url).query)["tolerance_px"]
    out = folder / "out"
    assert verb.main([str(folder / "page.png"), "--out", str(out), "--tolerance-px", tolerance]) == 0
    assert json.loads((out / "report.json").read_text())["pages"][0]["fixes"]
    return Drawing.from_svg(folder / "seen.svg"), Drawing.from_svg(out / "page.svg")


def assert_same(one: Drawing, two: Drawing) -> None:
    assert [stroke.tolist() for stroke in one] == [stroke.tolist() for stroke in two]


def test_flipped_by_clicks_and_again_by_the_command_line(
    open_page: Callable[..., Page], shot: Shot, tmp_path: Path
) -> None:
    page = open_page("scan")
    dropped_page(page)
    before = Drawing.from_svg(Path(saved(page, ".others button:has-text('SVG')").path()))
    for number, place in enumerate(CROSSINGS[:3], start=1):
        touch(page, place)
        until(page, FIXED, f"{number} fix")
    shot(page, "scan-flipped")
    seen, made = by_command_line(page, tmp_path / "book")
    assert_same(seen, made)
    assert [s.tolist() for s in seen] != [s.tolist() for s in before]
    for _ in range(3):
        page.click("#scan-undo-fix")
        until(page, IDLE)
    assert page.locator("#scan-undo-fix").is_disabled()
    back = Drawing.from_svg(Path(saved(page, ".others button:has-text('SVG')").path()))
    assert_same(back, before)


def test_every_tool(open_page: Callable[..., Page], shot: Shot, tmp_path: Path) -> None:
    page = open_page("scan")
    dropped_page(page)
    page.click("#scan-tool-delete")
    touch(page, (180, 75))
    until(page, FIGURES, "3 strokes")
    page.click("#scan-tool-split")
    touch(page, (180, 195))
    until(page, FIGURES, "4 strokes")
    page.click("#scan-tool-join")
    touch(page, (100, 30))
    touch(page, (250, 30))
    until(page, FIGURES, "3 strokes")
    page.click("#scan-tool-reverse")
    touch(page, (60, 199))
    page.click("#scan-tool-order")
    touch(page, (300, 191))
    shot(page, "scan-mended")
    until(page, FIXED, "5 fixes")
    seen, made = by_command_line(page, tmp_path / "book")
    assert_same(seen, made)
    assert made.strokes[0][:, 0].min() > 175  # the right half of the line that was split
    page.click("#scan-tool-delete")
    page.keyboard.press("Escape")
    until(page, SAID, "left out")


def test_by_touch_on_a_phone(open_page: Callable[..., Page], shot: Shot, tmp_path: Path) -> None:
    page = open_page("scan", size={**PHONE, "width": 390}, has_touch=True)
    dropped_page(page)
    for number, place in enumerate(CROSSINGS[:3], start=1):
        touch(page, place, tap=True)
        until(page, FIXED, f"{number} fix")
    page.locator(".mending").scroll_into_view_if_needed()
    shot(page, "scan-flipped-phone")
    assert page.evaluate("document.querySelector('.room-scan').scrollWidth") <= 390
    seen, made = by_command_line(page, tmp_path / "book")
    assert_same(seen, made)


def test_a_file_of_fixes_dropped_with_its_page(open_page: Callable[..., Page], tmp_path: Path) -> None:
    page = open_page("scan")
    dropped_page(page)
    touch(page, CROSSINGS[0])
    until(page, FIXED, "1 fix")
    text = Path(saved(page, "#scan-fixes").path()).read_text()
    other = open_page("scan")
    dropped_page(other)
    file = other.evaluate_handle(FIXES_ON_THE_MOUSE, text)
    other.dispatch_event(".room-scan", "drop", {"dataTransfer": file})
    until(other, FIXED, "1 fix")
    assert_same(*by_command_line(other, tmp_path / "book"))
