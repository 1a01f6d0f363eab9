"""The Runs room, as a person uses it; and a training that goes on while the studio is killed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.studio.conftest import DESK, PHONE, Server, Watch
from tests.studio.page_actions import set_slider, until
from tests.studio.runs.trainer import make_run
from tests.studio.scan.pictures import doodle_page

from limner.corpus.doodles.make import make_doodles
from limner.studio.corpora import add_drawings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FilePayload, Page
    from tests.studio.conftest import Shot

    Open = Callable[..., Page]

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SAID = "words => document.querySelector('#status').textContent.includes(words)"
WORDS = "words => document.querySelector('.room-runs .words').textContent.includes(words)"
TOLD = "words => document.querySelector('#runs-told').textContent.includes(words)"
CHART = "() => document.querySelector('.chart').toDataURL()"
LOST = "() => !document.querySelector('#link').hidden"
FOUND = "() => document.querySelector('#link').hidden"
STROKES = "() => document.querySelector('.room-scan .figures').textContent.includes('stroke')"
STEPS = 30


class StudioWithRuns:
    """A studio with runs, which may be killed and opened again."""

    def __init__(self, folder: Path) -> None:
        self.kept, self.runs = folder / "kept", folder / "runs"
        make_run(self.runs / "birds", steps=40)
        make_run(self.runs / "older/fish", steps=30, corpus="fish.npz")
        doodles = make_doodles(12, seed=3)
        add_drawings(
            self.kept, "my-hand", [(f"page-{k}", doodle.to_svg()) for k, doodle in enumerate(doodles)], 100
        )
        self.server = self._open(0)

    def _open(self, port: int) -> Server:
        return Server(self.kept, port, "--runs", str(self.runs))

    def open_again(self) -> None:
        self.server = self._open(self.server.port)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioWithRuns]:
    place = StudioWithRuns(tmp_path_factory.mktemp("studio-with-runs"))
    yield place
    assert place.server.stop() == ""


@pytest.fixture
def open_runs(chromium: Browser, place: StudioWithRuns) -> Iterator[Open]:
    """Return a function that opens the studio; only its absence may be reported as an error."""
    contexts, watches = [], []

    def open_it(room: str = "runs", size: dict[str, int] | None = None, **options: Any) -> Page:
        wanted: Any = size or DESK
        context = chromium.new_context(viewport=wanted, **options)
        page = context.new_page()
        contexts.append(context)
        watches.append(Watch(page, place.server.address))
        page.goto(f"{place.server.address}#{room}")
        page.wait_for_selector("#nav a[aria-current]")
        return page

    yield open_it
    for context in contexts:
        context.close()
    faults = [fault for watch in watches for fault in watch.faults]
    away = (
        "ERR_CONNECTION",
        "ERR_CONTENT_LENGTH_MISMATCH",  # an answer that the killed server left half sent
        "ERR_EMPTY",
        "status of 404",
        "WebSocket",
    )  # 404: a forgotten picture is sent again
    assert [fault for fault in faults if not any(words in fault for words in away)] == []
    assert [url for watch in watches for url in watch.strangers] == []


def look_at(page: Page, run: str) -> None:
    page.locator(".run", has_text=run).click()
    page.wait_for_selector(f".head h2:has-text('{run}')")


def test_watching_and_comparing(open_runs: Open, shot: Shot) -> None:
    page = open_runs()
    look_at(page, "birds")
    until(page, WORDS, "40 of 40")
    page.locator(".run-row", has_text="older/fish").locator("input").check()
    alone = page.evaluate(CHART)
    page.locator(".chart").focus()
    page.keyboard.press("End")
    until(page, TOLD, "older/fish")  # both are told
    page.keyboard.press("ArrowLeft")
    shot(page, "runs")
    page.check("#runs-log")
    until(page, f"old => ({CHART})() !== old", alone)
    page.click("[data-figure=rate]")
    page.click("[data-figure=cost]")
    assert page.inner_text("[data-figure=cost] .last") == "0.025"  # 1 / 40
    rows = page.locator(".settings tr.differs th").all_inner_texts()
    assert rows == ["corpus"]  # the only one that differs
    page.uncheck("#runs-only")
    page.fill(".settings input[type=search]", "rate")
    assert page.locator(".settings tbody tr").all_inner_texts() == ["train.learning_rate\t0.001\t0.001"]


def test_the_film(open_runs: Open) -> None:
    page = open_runs()
    look_at(page, "birds")
    until(page, "() => document.querySelector('.film output').textContent === 'step 40'")
    page.locator(".film-row input").focus()
    page.keyboard.press("Home")
    until(page, "() => document.querySelector('.film output').textContent === 'step 10'")
    until(page, "() => document.querySelector('.sheet').complete")
    assert page.evaluate("document.querySelector('.sheet').naturalWidth") == 120
    page.locator(".frame").nth(2).click()
    until(page, "() => document.querySelector('.film output').textContent === 'step 30'")
    page.locator(".film-row button").click()  # it plays to the end
    until(page, "() => document.querySelector('.film output').textContent === 'step 40'")


@pytest.mark.parametrize("look", ["light", "dark"])
def test_on_a_phone(open_runs: Open, shot: Shot, look: str) -> None:
    page = open_runs(size=PHONE, color_scheme=look, has_touch=True)
    look_at(page, "birds")
    until(page, WORDS, "40 of 40")
    assert page.evaluate("document.querySelector('.room-runs').scrollWidth") <= PHONE["width"]
    page.locator(".chart").scroll_into_view_if_needed()
    shot(page, f"runs-phone-{look}")
    page.click("#runs-new")
    page.wait_for_selector("dialog[open]")
    shot(page, f"runs-plan-{look}")
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0


def test_a_model_to_begin_with_brings_its_network(open_runs: Open, shot: Shot) -> None:
    page = open_runs()
    page.click("#runs-new")
    page.wait_for_selector("dialog[open]")
    page.click(".plan summary")
    page.wait_for_selector("#plan-decoder_size")
    page.select_option("#plan-start", "doodles")
    assert page.is_visible("#plan-batch_size")
    assert not any(map(page.is_visible, ("#plan-decoder_size", "#plan-latent_size", "#plan-conditional")))
    shot(page, "runs-plan-start")
    page.select_option("#plan-start", "")
    assert page.is_visible("#plan-decoder_size")


def test_a_training_outlives_the_studio(open_runs: Open, place: StudioWithRuns, shot: Shot) -> None:
    """A real one, of thirty steps and with a scan that was just added; the server is killed on the way."""
    scan = open_runs("scan")
    picture: FilePayload = {"name": "page.png", "mimeType": "image/png", "buffer": doodle_page(5)}
    scan.set_input_files("#scan-files", [picture])
    until(scan, STROKES)
    scan.fill("#scan-corpus", "my-hand")
    scan.click("#scan-add")
    until(scan, SAID, "it holds 13")
    page = open_runs()
    begin(page)
    until(page, WORDS, "getting ready")
    place.server.kill()
    until(page, LOST)
    shot(page, "runs-without-server")
    set_slider(scan, "scan-simplify", 0.8)  # asked while nobody answers
    until(scan, LOST)
    place.open_again()
    until(page, FOUND)
    until(scan, FOUND)
    until(scan, STROKES)
    until(scan, "() => !document.querySelector('.room-scan').classList.contains('busy')")
    assert len(list((place.kept / "corpora/my-hand").glob("*.svg"))) == 13
    until(page, WORDS, f"finished · step {STEPS} of {STEPS}")
    until(page, f"() => document.querySelector('.film output').textContent === 'step {STEPS}'")
    page.locator(".log summary").click()
    until(page, "() => document.querySelector('.log pre').textContent.includes('best was not looked for')")
    page.evaluate("document.querySelector('.room-runs').scrollTo(0, 0)")
    shot(page, "runs-after-training")
    page.click("#runs-draw")
    page.wait_for_selector("canvas.sheet")
    assert page.input_value("#model") == "tiny"
    begin(page, again=True)


def begin(page: Page, *, again: bool = False) -> None:
    """Plan a tiny training; a second one of the same name is refused."""
    if again:
        page.click("#nav a[data-room=runs]")
    page.click("#runs-new")
    page.wait_for_selector("dialog[open]")
    page.select_option("#plan-corpus", "my-hand")
    page.select_option("#plan-preset", "fast")
    page.fill("#plan-name", "tiny" if not again else "other")
    page.fill("#plan-steps", str(STEPS))
    page.click(".plan summary")
    for field, value in {"batch_size": 8, "decoder_size": 16, "encoder_size": 8, "latent_size": 4}.items():
        page.fill(f"#plan-{field}", str(value))
    for field, value in {"validate_every": 10, "log_every": 2}.items():
        page.fill(f"#plan-{field}", str(value))
    if again:
        page.click(".plan-foot .quiet")
    else:
        page.click("#plan-go")
        until(page, SAID, "The training begins")
