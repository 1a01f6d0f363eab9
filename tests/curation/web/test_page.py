"""The map in a browser: move, zoom, lasso, mark, label, save; nothing is asked of the network."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray

from limner.curation.choices import read_choices
from limner.curation.clustering import find_clusters
from limner.curation.features import Features
from limner.curation.items import DrawingItems
from limner.curation.map_page import MapWords, write_map

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

Places = NDArray[np.float32]
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
SIZE = (1200, 800)
N = 120

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not Path(CHROMIUM).is_file(), reason="chromium is not installed"),
]


@pytest.fixture(scope="module")
def places() -> Places:
    """Lay 120 items out on a grid of 12 by 10."""
    row, column = np.divmod(np.arange(N), 12)
    return np.column_stack([column / 5.5 - 1, row / 5.5 - 0.8]).astype(np.float32)


@pytest.fixture(scope="module")
def file(
    items: DrawingItems,
    features: Features,
    places: Places,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    clusters, _ = find_clusters(features, 6, names={0: "first of all"})
    path = tmp_path_factory.mktemp("map") / "index.html"
    write_map(items, places, clusters, MapWords("Toys", "120 drawings"), path)
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield found
        found.close()


def _opened(context: BrowserContext, file: Path, complaints: list[str]) -> Page:
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.on("request", lambda asked: _note(asked.url, complaints))
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-ready=yes]", timeout=60_000)
    return page


def _note(url: str, complaints: list[str]) -> None:
    if not url.startswith(("file:", "data:", "blob:")):
        complaints.append(url)


@pytest.fixture
def page(browser: Browser, file: Path) -> Iterator[Page]:
    """Yield the page, opened from a disk; whatever goes wrong in it fails the test."""
    complaints: list[str] = []
    context = browser.new_context(
        viewport={"width": SIZE[0], "height": SIZE[1]}, accept_downloads=True, reduced_motion="reduce"
    )
    yield _opened(context, file, complaints)
    context.close()
    assert complaints == []


def _at(places: Places, i: int, size: tuple[int, int] = SIZE) -> tuple[float, float]:
    """Return the initial position of an item on the screen, fitted beside what covers the map."""
    low, high = places.min(axis=0), places.max(axis=0)
    corner, opposite = ((50, 70), (270, 90)) if size[0] > 900 else ((50, 90), (40, 140))
    room = np.array(size) - corner - opposite
    scale = (room / (high - low)).min()
    x, y = corner + room / 2 + (places[i] - (low + high) / 2) * scale
    return float(x), float(y)


def _saved(page: Page, tmp_path: Path) -> list[dict[str, str]]:
    with page.expect_download() as download:
        page.click("#save")
    assert download.value.suggested_filename == "choices.csv"
    download.value.save_as(tmp_path / "choices.csv")
    with (tmp_path / "choices.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def _lasso(page: Page, corners: list[tuple[float, float]]) -> None:
    page.mouse.move(*corners[0])
    page.mouse.down()
    for x, y in [*corners[1:], corners[0]]:
        page.mouse.move(x, y, steps=6)
    page.mouse.up()


def _around(places: Places, first: int, last: int) -> list[tuple[float, float]]:
    (left, top), (right, bottom) = _at(places, first), _at(places, last)
    edge = 20
    return [
        (left - edge, top - edge),
        (right + edge, top - edge),
        (right + edge, bottom + edge),
        (left - edge, bottom + edge),
    ]


def test_a_lasso_marks_and_saves(page: Page, places: Places, tmp_path: Path) -> None:
    page.click("#lasso")
    _lasso(page, _around(places, 13, 39))  # rows 1 to 3, columns 1 to 3
    wanted = [f"toys#{12 * row + column}" for row in (1, 2, 3) for column in (1, 2, 3)]
    assert page.inner_text("#count") == "9 chosen"
    page.keyboard.press("k")
    page.keyboard.down("Shift")
    _lasso(page, _around(places, 16, 16))
    page.keyboard.up("Shift")
    assert page.inner_text("#count") == "10 chosen · 9 kept"
    rows = _saved(page, tmp_path)
    assert [row["source"] for row in rows if row["choice"] == "keep"] == wanted
    assert [row["source"] for row in rows if not row["choice"]] == ["toys#16"]
    assert set(read_choices(tmp_path / "choices.csv").choice) == {*wanted, "toys#16"}
    page.keyboard.press("Control+z")
    assert page.inner_text("#count") == "10 chosen"


def test_a_click_chooses_and_labels(page: Page, places: Places, tmp_path: Path) -> None:
    page.mouse.click(*_at(places, 50))
    page.keyboard.down("Control")
    page.mouse.click(*_at(places, 70))
    page.keyboard.up("Control")
    assert page.inner_text("#count") == "2 chosen"
    page.keyboard.press("t")
    page.fill("#name", 'cat, "sitting"')
    page.keyboard.press("Enter")
    page.wait_for_selector("#count:has-text('labelled')")
    assert page.inner_text("#count") == "2 chosen · 2 labelled"
    rows = _saved(page, tmp_path)
    assert [(row["source"], row["choice"], row["label"]) for row in rows] == [
        ("toys#50", "", 'cat, "sitting"'),
        ("toys#70", "", 'cat, "sitting"'),
    ]
    page.keyboard.press("Escape")
    page.mouse.click(*_at(places, 50))
    page.keyboard.press("d")
    assert page.inner_text("#count") == "1 chosen · 1 dropped · 2 labelled"


def test_hovering_shows_what_is_there(page: Page, items: DrawingItems, places: Places) -> None:
    assert page.is_hidden("#preview")
    page.mouse.move(*_at(places, 7))
    page.wait_for_selector("#preview:visible")
    assert page.inner_text("#preview b") == items.labels[7]
    assert "toys#7" in page.inner_text("#preview span")
    page.mouse.move(SIZE[0] - 300, 20)
    page.wait_for_selector("#preview", state="hidden")


def test_moving_and_zooming(page: Page, places: Places) -> None:
    x, y = _at(places, 53)
    page.mouse.move(x, y)
    page.mouse.wheel(0, -400)  # nearer: what is under the pointer stays
    page.mouse.click(x, y)
    page.keyboard.press("g")
    before = page.inner_text("#count")
    assert before.endswith("chosen")
    page.keyboard.press("Escape")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 150, y + 60, steps=5)
    page.mouse.up()
    page.mouse.move(x + 151, y + 60)
    page.wait_for_selector("#preview:visible")
    assert "toys#53" in page.inner_text("#preview span")
    page.click("#fit")  # all of it again
    page.mouse.move(*_at(places, 119))
    page.wait_for_function("document.querySelector('#preview span').textContent.includes('toys#119')")


def test_groups_and_keys(page: Page, items: DrawingItems, tmp_path: Path) -> None:
    page.click("#groups button >> nth=0")
    chosen = int(page.inner_text("#count").split()[0])
    assert chosen == int(page.inner_text("#groups small >> nth=0"))
    assert page.inner_text("#groups span >> nth=0") == "first of all"
    page.click("#by button >> nth=1")
    assert page.inner_text("#groups span >> nth=0") in set(items.labels)
    page.keyboard.press("Escape")
    page.focus("#map")
    page.keyboard.press("ArrowRight")  # to the item in the middle of the screen
    page.wait_for_selector("#preview:visible")
    seen = page.inner_text("#preview span")
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"document.querySelector('#preview span').textContent !== {seen!r}")
    page.keyboard.press(" ")
    page.keyboard.press("k")
    rows = _saved(page, tmp_path)
    assert len(rows) == 1
    assert rows[0]["choice"] == "keep"
    assert rows[0]["source"] in page.inner_text("#preview span")
    page.keyboard.press("?")
    assert page.is_visible("#keys")


def test_fingers_on_a_dark_small_screen(browser: Browser, file: Path, places: Places) -> None:
    complaints: list[str] = []
    size = (390, 760)
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, has_touch=True, is_mobile=True, color_scheme="dark"
    )
    page = _opened(context, file, complaints)
    page.touchscreen.tap(*_at(places, 53, size))
    assert page.inner_text("#count") == "1 chosen"
    assert "toys#53" in page.inner_text("#preview span")
    page.tap("#keep")
    page.touchscreen.tap(*_at(places, 57, size))  # a tap more is one more
    assert page.inner_text("#count") == "2 chosen · 1 kept"
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    context.close()
    assert complaints == []
