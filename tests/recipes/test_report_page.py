"""The report in a real browser: light and dark, wide and small."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from limner.recipes.build import build
from limner.recipes.recipe import Recipe
from limner.recipes.steps.augment import AugmentStep
from limner.recipes.steps.geometry import SimplifyStep
from limner.recipes.steps.size import SizeStep
from limner.recipes.steps.split import SplitStep

NAME = "a&b <i>.ndjson"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    rng = np.random.default_rng(0)
    lines = []
    for i in range(60):
        walk = rng.integers(-9, 10, (int(rng.integers(3, 40)), 2)).cumsum(axis=0)
        lines.append(json.dumps({"key_id": f"k{i}", "drawing": [walk.T.tolist(), [[0, 5], [0, 5]]]}))
    (folder / NAME).write_text("\n".join([*lines, json.dumps({"drawing": None})]))
    (folder / "broken.ndjson").write_text("{")
    recipe = Recipe(
        "test",
        "A recipe for <everyone>.",
        0,
        (SimplifyStep(epsilon=2.0), SizeStep(min_points=8), SplitStep(), AugmentStep(copies=1)),
    )
    build([folder], folder / "out" / "a.npz", recipe=recipe)
    return folder / "out" / "a.report.html"


def test_the_page_needs_nothing_else_and_escapes_what_is_not_its_own(report: Path) -> None:
    page = report.read_text(encoding="utf-8")
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "<i>" not in page
    assert "a&amp;b &lt;i&gt;.ndjson#k" in page
    assert "A recipe for &lt;everyone&gt;." in page
    for heading in ("Kept", "Copies", "Left out", "Files that cannot be read", "The recipe"):
        assert f"<h2>{heading}</h2>" in page
    assert "fewer than 8 points" in page
    assert "it has no drawing, a list of strokes" in page


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("there is no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
def test_it_fits_every_screen(report: Path, browser: Any, width: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(report.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".card svg").count() > 20
    assert page.locator("svg.plot").count() == 3
    paper = page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor")
    ink = page.locator("body").evaluate("e => getComputedStyle(e).color")
    dark = sum(map(int, paper[4:-1].split(","))) < sum(map(int, ink[4:-1].split(",")))
    assert dark == (scheme == "dark")
    assert errors == []
    page.close()
