"""A page that grows looks again by itself, where it was, and stops when it is done."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.demo.conftest import drawing

from limner.demo.gallery import Exhibit, ExhibitCard
from limner.demo.growing_page import GrowingPage

PATIENT_MS = 120_000
"""A busy machine is no fault."""


@pytest.mark.browser
@pytest.mark.slow
def test_a_page_that_grows_in_a_browser(tmp_path: Path) -> None:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no Chromium here")
    from playwright.sync_api import sync_playwright

    page = GrowingPage(tmp_path / "index.html", "A title", "", stages=("One", "Two"), order=("A",))
    page.show(Exhibit("A", "", [ExhibitCard((drawing(k),)) for k in range(80)]))
    page.stage("One", "It begins.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        view = browser.new_page(viewport={"width": 390, "height": 600})
        errors: list[str] = []
        view.on("pageerror", lambda error: errors.append(str(error)))
        view.goto(f"file://{page.path}")
        assert view.evaluate("document.documentElement.scrollWidth") == 390  # nothing stands out at the side
        view.evaluate("scrollTo(0, 500)")
        page.stage("One", "It is done.", "done")
        view.wait_for_function("document.body.innerText.includes('It is done.')", timeout=PATIENT_MS)
        view.wait_for_function("scrollY === 500", timeout=PATIENT_MS)
        page.end()
        view.wait_for_function("document.querySelector('script') === null", timeout=PATIENT_MS)
        browser.close()
    assert errors == []
