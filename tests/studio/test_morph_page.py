"""The Morph room, as a person uses it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from tests.studio.conftest import PHONE
from tests.studio.page_actions import arc, choose_class, draw, until

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.studio.conftest import Shot

pytestmark = [pytest.mark.browser, pytest.mark.slow]
COUNT = "n => document.querySelector('.room-morph .body')?.dataset.count === String(n)"


@pytest.fixture
def morph(open_page: Callable[..., Page]) -> Page:
    """Return the room with a way between two imagined drawings."""
    page = open_page("morph")
    until(page, COUNT, 21)
    return page


def seen(page: Page) -> str:
    """Return what stands on the stage."""
    text = page.evaluate("document.querySelector('.stage').toDataURL()")
    assert isinstance(text, str)
    return text


def test_a_way_between_two(morph: Page, shot: Shot) -> None:
    """The slider leads from the one to the other; it plays by itself, and holds."""
    looks = []
    for share in (0, 0.5, 1):
        morph.locator("#share").fill(str(share))
        looks.append(seen(morph))
    assert len(set(looks)) == 3
    morph.locator("#share").fill("0.4")
    shot(morph, "morph-two")
    morph.click("#play")
    until(morph, "() => Number(document.querySelector('#share').value) > 0.5")
    morph.click("#play")
    still = morph.input_value("#share")
    morph.wait_for_timeout(200)
    assert morph.input_value("#share") == still


def test_drawings_are_chosen(morph: Page, shot: Shot) -> None:
    """Imagined by class, out of the corpus; by a die."""
    before = seen(morph)
    morph.locator(".slot-picture").first.click()
    morph.wait_for_selector(".choice")
    morph.click("[data-source=corpus]")
    choose_class(morph, "whale", "#picker-label")
    until(morph, "() => document.querySelector('.choice span')?.textContent === 'whale'")
    shot(morph, "morph-picker")
    morph.locator(".choice").first.click()
    until(morph, "() => !document.querySelector('.body.busy')")
    assert "whale" in str(morph.locator(".slot-picture").first.get_attribute("aria-label"))
    assert seen(morph) != before
    with morph.expect_response("**/api/morph") as answer:
        morph.locator("[aria-label='B: imagine another']").click()
    assert len(answer.value.json()["sketches"]) == 21
    morph.locator(".slot-picture").first.click()
    morph.wait_for_selector(".choice")
    morph.keyboard.press("Escape")
    assert not morph.locator("dialog[open]").count()


def test_four_corners_and_a_sum(morph: Page, shot: Shot) -> None:
    morph.click("[data-mode=four]")
    until(morph, COUNT, 25)
    morph.locator(".cell").nth(7).click()
    assert morph.locator(".cell").nth(7).get_attribute("aria-pressed") == "true"
    shot(morph, "morph-four")
    morph.click("[data-mode=sum]")
    until(morph, COUNT, 4)
    shot(morph, "morph-sum")
    morph.click("#morph-draw")
    morph.wait_for_selector("canvas.sheet")
    until(morph, "() => JSON.parse(localStorage.getItem('limner.draw.sketch')).strokes.length > 0")


def test_an_own_drawing_comes_over(page: Page) -> None:
    page.locator("#alone").uncheck()
    draw(page, arc(size=0.2))
    page.click("[aria-label='Take this drawing to Morph']")
    until(page, COUNT, 21)
    assert page.url.endswith("#morph")
    page.go_back()
    assert page.locator("canvas.sheet").is_visible()


def test_the_way_is_saved_as_a_film(morph: Page, tmp_path: Path) -> None:
    morph.select_option("#film", "gif")
    with morph.expect_download() as download:
        morph.click("#save-film")
    download.value.save_as(tmp_path / "way.gif")
    with Image.open(tmp_path / "way.gif") as image:
        assert image.n_frames > 5  # type: ignore[attr-defined]
    assert download.value.suggested_filename == "morph.gif"


def test_on_a_phone(open_page: Callable[..., Page], shot: Shot) -> None:
    page = open_page("morph", size=PHONE)
    until(page, COUNT, 21)
    shot(page, "morph-phone-two")
    page.click("[data-mode=four]")
    until(page, COUNT, 25)
    shot(page, "morph-phone-four")
    page.click("[data-mode=sum]")
    until(page, COUNT, 4)
    shot(page, "morph-phone-sum")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.locator(".slot-picture").first.click()
    page.wait_for_selector(".choice")
    shot(page, "morph-phone-picker")
