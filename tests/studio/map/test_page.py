"""The Map room, as a person uses it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.studio.conftest import PHONE, Server
from tests.studio.map.maps import lay_toys, write_toys
from tests.studio.page_actions import until

from limner.curation.choices import read_choices

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.studio.conftest import Shot

pytestmark = [pytest.mark.browser, pytest.mark.slow]
READY = ".world[data-ready=yes]"


@pytest.fixture(scope="module")
def toys(studio_server: Server) -> Path:
    """Lay sixty toys out in the studio's folder; return the file of choices about them."""
    corpus = write_toys(studio_server.kept / "corpora" / "toys.parquet")
    lay_toys(studio_server.kept, corpus)
    return studio_server.kept / "choices" / "toys.parquet.csv"


@pytest.fixture
def map_page(toys: Path, open_page: Callable[..., Page]) -> Page:
    """Return the room with the map of toys."""
    assert toys.name
    page = open_page("map", reduced_motion="reduce")
    page.wait_for_selector(READY)
    return page


def middle(page: Page) -> tuple[float, float]:
    box = page.locator(".plane").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def lasso_all(page: Page) -> None:
    """Draw a line around all of the map, between the cards."""
    x, y = middle(page)
    page.mouse.move(x - 350, y - 250)
    page.mouse.down()
    for dx, dy in ((350, -250), (380, 280), (-350, 280), (-350, -250)):
        page.mouse.move(x + dx, y + dy, steps=5)
    page.mouse.up()


def test_a_lasso_chooses_and_choices_are_saved(map_page: Page, toys: Path, shot: Shot) -> None:
    page = map_page
    shot(page, "map")
    for _ in range(2):
        page.keyboard.press("-")
    page.click("[data-tool=lasso]")
    lasso_all(page)
    assert page.inner_text(".count") == "60 chosen"
    page.click("[data-tool=move]")
    page.keyboard.press("Escape")
    page.click(".legend li:has-text('whale') button")
    assert page.inner_text(".count") == "20 chosen"
    page.click("[data-verb=keep]")
    page.click(".legend li:has-text('cat') button")
    page.keyboard.press("d")
    page.keyboard.press("t")
    page.fill("#map-label", "tomcat")
    page.keyboard.press("Enter")
    page.wait_for_selector(".count:has-text('labelled')")
    assert page.inner_text(".count") == "20 chosen\n20 kept · 20 dropped · 20 labelled"
    shot(page, "map-chosen")
    with page.expect_response("**/choices") as answer:
        page.keyboard.press("Control+s")
    assert answer.value.json() == {"file": str(toys), "rows": 40}
    until(page, "() => document.querySelector('#map-save').offsetParent === null")
    page.click("#map-build")
    page.wait_for_selector("dialog.built")
    assert "limner build" in page.locator("dialog.built").inner_text()
    assert "limner train" in page.locator("dialog.built").inner_text()
    page.click("dialog.built .chief")
    made = read_choices(toys)
    assert sorted(made.choice.values()) == ["drop"] * 20 + ["keep"] * 20
    assert set(made.label.values()) == {"tomcat"}
    page.reload()  # what was saved is there again
    page.wait_for_selector(READY)
    assert page.inner_text(".count") == "20 kept · 20 dropped · 20 labelled"


def test_the_drawing_at_a_spot(map_page: Page, shot: Shot) -> None:
    """Tapped, wandered with, by the keyboard; taken to Draw."""
    page, (x, y) = map_page, middle(map_page)
    page.keyboard.press("i")
    with page.expect_response("**/imagine") as first:
        page.mouse.click(x, y)
    page.wait_for_selector(".dream:not([hidden])")
    shot(page, "map-imagined")
    with page.expect_response("**/imagine") as second:
        page.mouse.move(x - 30, y)
        page.mouse.down()
        page.mouse.move(x - 160, y + 90, steps=6)
        page.mouse.up()
    assert first.value.json()["of"] != second.value.json()["of"]
    page.locator(".plane").focus()
    with page.expect_response("**/imagine"):
        page.keyboard.press("Space")
    with page.expect_response("**/imagine"):
        page.click("[aria-label='Imagine it in another way']")
    page.click(".dream-draw")
    page.wait_for_selector("canvas.sheet")
    until(page, "() => JSON.parse(localStorage.getItem('limner.draw.sketch')).strokes.length > 0")


def test_one_drawing_and_its_like(map_page: Page, shot: Shot) -> None:
    page = map_page
    page.locator(".plane").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(".preview:not([hidden])")
    page.keyboard.press("Space")
    page.keyboard.press("n")
    until(page, "() => document.querySelectorAll('.near-row button').length === 8")
    shot(page, "map-near")
    before = page.inner_text(".near-words")
    page.locator(".near-row button").first.click()
    until(page, "before => document.querySelector('.near-words').innerText !== before", before)
    until(page, "() => document.querySelectorAll('.near-row button').length === 8")
    page.click(".near-all")
    assert page.inner_text(".count").startswith("9 chosen")
    page.keyboard.press("?")
    shot(page, "map-keys")
    page.click("dialog .chief")


def test_a_map_is_made(toys: Path, open_page: Callable[..., Page], studio_server: Server, shot: Shot) -> None:
    """Ordered, stopped, ordered again; then removed."""
    write_toys(studio_server.kept / "corpora" / "few.parquet", 30)
    assert toys.name
    page = open_page("map")
    page.wait_for_selector(READY)
    page.click("[aria-label='A new map']")
    page.select_option("#map-what", "corpus few.parquet")
    page.select_option("#map-by", "latent")
    shot(page, "map-order")
    page.click("#map-go")
    page.wait_for_selector(".work:not([hidden])")
    page.click("#map-stop")
    until(page, "() => document.querySelector('.order .fault').textContent === 'The map was given up.'")
    page.click("#map-go")
    until(page, "() => document.querySelector('.about').textContent.startsWith('30 drawings by latents')")
    page.wait_for_selector(READY)
    assert page.inner_text(".count") == "30 drawings"
    for _ in range(2):
        page.click("[aria-label='Remove this map; choices stay']")
    until(page, "() => document.querySelector('.about').textContent.startsWith('60 drawings by form')")


def test_on_a_dark_phone(toys: Path, open_page: Callable[..., Page], shot: Shot) -> None:
    assert toys.name
    page = open_page("map", size=PHONE, has_touch=True, is_mobile=True, color_scheme="dark")
    page.wait_for_selector(READY)
    shot(page, "map-phone")
    page.click("[aria-label='Fold the list']")
    page.click(".legend li button")
    page.click("[aria-label='Fold the list']")
    shot(page, "map-phone-chosen")
    page.tap("[data-tool=imagine]")
    page.touchscreen.tap(*middle(page))
    page.wait_for_selector(".dream:not([hidden])")
    shot(page, "map-phone-imagined")
    page.tap("[aria-label='Put it away']")
    page.tap("[data-verb=near]")
    until(page, "() => document.querySelectorAll('.near-row button').length === 8")
    shot(page, "map-phone-near")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
