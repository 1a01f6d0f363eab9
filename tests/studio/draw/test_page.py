"""The Draw room, as a person uses it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from tests.studio.conftest import PHONE
from tests.studio.page_actions import (
    FUTURES_ENDED,
    arc,
    choose_class,
    draw,
    on_sheet,
    sent,
    set_slider,
    until,
    ways,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.studio.conftest import Shot

pytestmark = [pytest.mark.browser, pytest.mark.slow]
STROKES = "n => JSON.parse(localStorage.getItem('limner.draw.sketch')).strokes.length >= n"


def test_a_drawing_together(page: Page, shot: Shot) -> None:
    """Draw, look at what could follow, take one of it, draw again, go back and forth, clear."""
    shot(page, "draw-empty")
    ways(page, 4, pace=0.6)
    draw(page, arc())
    ink = on_sheet(page)["strokes"]
    assert len(ink) == 1
    assert len(ink[0]) >= 25
    page.wait_for_selector(".future")
    page.wait_for_timeout(400)
    shot(page, "draw-futures")
    until(page, FUTURES_ENDED, 4)
    page.locator(".future").nth(2).hover()
    shot(page, "draw-future-looked-at")
    page.locator(".future").nth(2).click()
    until(page, STROKES, 2)
    shot(page, "draw-taken")
    after = on_sheet(page)
    assert after["strokes"][0] == ink[0]  # the person's ink is shown back unchanged
    assert after["by"] == ["you"] + ["model"] * (len(after["strokes"]) - 1)
    assert page.locator(".future").count() == 0
    page.keyboard.press("z")
    assert on_sheet(page)["strokes"] == ink
    page.keyboard.press("Shift+Z")
    assert on_sheet(page) == after
    page.click("[aria-label^='Clear']")
    assert on_sheet(page)["strokes"] == []
    page.click("[aria-label^='Undo']")
    assert on_sheet(page) == after


def test_a_future_is_taken_by_a_tap_on_its_line(page: Page) -> None:
    ways(page, 1)
    page.locator("#alone").uncheck()
    draw(page, arc())
    ways(page, 3)
    page.click("#go")
    until(page, FUTURES_ENDED, 3)
    box = page.locator("canvas.sheet").bounding_box()
    # where a future's line is: its colour on the sheet, looked for in the middle
    found = page.evaluate(
        """() => {
          const canvas = document.querySelector("canvas.sheet");
          const { data, width } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          for (let k = 0; k < data.length; k += 4)
            if (data[k + 3] > 60 && data[k] > data[k + 2] + 40)
              return [(k / 4) % width, Math.floor(k / 4 / width)];
          return null;
        }"""
    )
    assert found is not None
    assert box is not None
    page.mouse.click(box["x"] + found[0], box["y"] + found[1])
    until(page, STROKES, 2)
    assert "model" in on_sheet(page)["by"]


def test_steering_while_it_draws(page: Page) -> None:
    """Temperature and class change in the middle of a drawing, and it goes on."""
    steered = sent(page, "steer")
    ways(page, 1, pace=0.05)
    draw(page, arc())
    page.wait_for_timeout(300)
    set_slider(page, "temperature", 1.2)
    choose_class(page, "whale")
    page.wait_for_timeout(300)
    set_slider(page, "pace", 1)
    until(page, STROKES, 2)
    changes = [{k: v for k, v in message.items() if k not in ("type", "turn")} for message in steered()]
    assert changes == [{"temperature": 1.2}, {"label": "whale"}, {"pace": 2000}]
    assert on_sheet(page)["by"][-1] == "model"


def test_another_class_or_temperature_draws_anew(page: Page) -> None:
    """What is shown, from the same seed."""
    begun = sent(page, "begin")
    ways(page, 3)
    draw(page, arc())
    until(page, FUTURES_ENDED, 3)
    choose_class(page, "whale")
    while len(begun()) < 2:
        page.wait_for_timeout(50)
    until(page, FUTURES_ENDED, 3)
    set_slider(page, "temperature", 1.2)
    while len(begun()) < 3:
        page.wait_for_timeout(50)
    until(page, FUTURES_ENDED, 3)
    assert [(one["label"], one["temperature"]) for one in begun()] == [
        (None, 0.4),
        ("whale", 0.4),
        ("whale", 1.2),
    ]
    assert len({one["seed"] for one in begun()}) == 1
    assert [len(one["sketch"]["strokes"]) for one in begun()] == [1, 1, 1]


def test_ways_have_tints_of_their_own(page: Page) -> None:
    ways(page, 4)
    draw(page, arc())
    until(page, FUTURES_ENDED, 4)
    tints = page.evaluate(
        "[...document.querySelectorAll('.future')].map(one => one.style.getPropertyValue('--tint'))"
    )
    assert len(set(tints)) == 4
    assert all(tint.startswith("#") for tint in tints)


FAKED = """said => {
  const sent = WebSocket.prototype.send;
  window.begun = 0;
  WebSocket.prototype.send = function (text) {
    const { type, turn } = JSON.parse(text);
    if (type !== "begin") return sent.call(this, text);
    window.begun += 1;
    for (const one of said) setTimeout(() => this.onmessage({ data: JSON.stringify({ turn, ...one }) }), 50);
  };
}"""
"""Has the page hear these messages in answer to every turn."""


def test_a_turn_without_anything_to_see_is_taken_again(page: Page) -> None:
    """With other seeds, some times; then it is said."""
    ways(page, 1)
    page.evaluate(FAKED, [{"type": "done", "reason": "ended"}])
    draw(page, arc())
    until(page, "() => document.querySelector('#status').textContent.includes('nothing that can be seen')")
    assert page.evaluate("window.begun") == 4
    assert len(on_sheet(page)["strokes"]) == 1


def test_a_drawing_that_the_model_takes_for_finished(page: Page, shot: Shot) -> None:
    """It is said, its futures are shown all the same, and it can be kept as it is."""
    ways(page, 2)
    page.evaluate(FAKED, [{"type": "finished", "probability": 0.7}])
    draw(page, arc())
    page.wait_for_selector(".finished")
    shot(page, "draw-finished")
    page.click(".finished button")
    until(page, "() => document.querySelector('#status').textContent.includes('on disk too')")
    assert page.locator(".finished").is_hidden()
    assert len(on_sheet(page)["strokes"]) == 1


def test_classes_are_found_by_typing(page: Page, shot: Shot) -> None:
    begun = sent(page, "begin")
    ways(page, 1)
    page.click("#label")
    options = page.locator(".class-option")
    assert options.first.inner_text().startswith("anything")
    page.fill("#label", "sh")
    assert options.all_inner_texts() == ["fish", "mushroom"]
    shot(page, "draw-classes")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.input_value("#label") == "mushroom"
    page.fill("#label", "whael")
    assert "The nearest is whale" in page.inner_text(".class-list")
    page.keyboard.press("Escape")
    assert page.input_value("#label") == "mushroom"
    page.fill("#label", "whael")
    page.locator("canvas.sheet").focus()
    until(page, "() => document.querySelector('#status').textContent.includes('The nearest is whale')")
    assert page.input_value("#label") == "mushroom"
    page.click("#go")
    until(page, STROKES, 1)
    page.click("#label")
    options.first.click()
    assert page.input_value("#label") == ""
    page.click("#go")
    while len(begun()) < 2:
        page.wait_for_timeout(50)
    labels = [one["label"] for one in begun()]
    assert (labels[0], labels[-1]) == ("mushroom", None)


def test_a_stroke_is_read_while_the_pen_is_down(open_page: Callable[..., Page]) -> None:
    """By a decoder alone, whose state depends on nothing that comes later."""
    page = open_page()
    page.route("**/api/studio", lambda route: route.fulfill(json=_unconditional(route.fetch().json())))
    read = sent(page, "prime")
    draw(page, arc())
    assert len(read()) >= 1
    assert len(read()[0]["sketch"]["strokes"]) == 1


def _unconditional(facts: dict[str, Any]) -> dict[str, Any]:
    return {**facts, "models": [{**model, "conditional": False} for model in facts["models"]]}


def test_a_model_that_was_told_no_classes_offers_none(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.route("**/api/studio", lambda route: route.fulfill(json=_without_labels(route.fetch().json())))
    page.reload()
    page.wait_for_selector("canvas.sheet")
    page.wait_for_selector("#label-field", state="hidden")


def _without_labels(facts: dict[str, Any]) -> dict[str, Any]:
    return {**facts, "models": [{**model, "labels": []} for model in facts["models"]]}


def test_on_a_phone_nothing_covers_the_sheet(open_page: Callable[..., Page]) -> None:
    page = open_page(size=PHONE)
    ways(page, 4)
    draw(page, arc())
    until(page, FUTURES_ENDED, 4)
    sheet, tools, cards = (
        page.locator(name).bounding_box() for name in ("canvas.sheet", ".tools", ".room-draw .cards")
    )
    assert sheet is not None
    assert tools is not None
    assert cards is not None
    assert tools["y"] + tools["height"] <= sheet["y"]
    assert sheet["y"] + sheet["height"] <= cards["y"]


def test_drawing_takes_over_at_once(page: Page) -> None:
    """What the model has shown stays; it stops as soon as the pen moves."""
    stopped = sent(page, "stop")
    ways(page, 1, pace=0.2)
    draw(page, arc())
    page.wait_for_timeout(1200)
    draw(page, [(0.7, 0.2 + k / 60) for k in range(20)], lift=False)
    assert len(stopped()) == 1
    assert page.locator("#go").inner_text() == "Go on"
    assert on_sheet(page)["by"].count("model") >= 1
    page.mouse.up()
    assert on_sheet(page)["by"][-1] == "you"


def test_the_same_seed_draws_the_same(page: Page) -> None:
    ways(page, 1)
    page.fill("#seed", "4242")
    page.locator("#seed").press("Enter")
    page.click("[aria-label^='Lock the seed']")
    drawn = []
    for _ in range(2):
        page.click("#go")
        until(page, STROKES, 1)
        drawn.append(on_sheet(page)["strokes"])
        page.click("[aria-label^='Clear']")
    assert page.input_value("#seed") == "4242"
    for one, two in zip(*drawn, strict=True):
        np.testing.assert_allclose(one, two, atol=0.5)


def test_the_eraser_cuts(page: Page) -> None:
    page.locator("#alone").uncheck()
    draw(page, [(0.3 + k / 60, 0.5) for k in range(24)])
    page.keyboard.press("e")
    draw(page, [(0.45, 0.3 + k / 40) for k in range(16)])
    left, right = (np.array(stroke) for stroke in on_sheet(page)["strokes"])
    assert left[:, 0].max() + 30 < right[:, 0].min()
    page.keyboard.press("z")
    assert len(on_sheet(page)["strokes"]) == 1


def test_everything_by_keyboard(page: Page) -> None:
    """A stroke with the arrows, a future with its digit, kept with K."""
    ways(page, 2)
    page.locator("canvas.sheet").focus()
    page.keyboard.press("Enter")
    for key in ["ArrowRight"] * 8 + ["ArrowDown"] * 6 + ["ArrowLeft"] * 5:
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    (stroke,) = on_sheet(page)["strokes"]
    assert len(stroke) == 20
    until(page, FUTURES_ENDED, 2)
    page.keyboard.press("2")
    until(page, "() => !document.querySelector('.future')")
    page.keyboard.press("k")
    until(page, "() => document.querySelector('#status').textContent.includes('on disk too')")


def test_a_drawing_survives_a_reload(page: Page) -> None:
    page.locator("#alone").uncheck()
    draw(page, arc())
    before = on_sheet(page)
    page.reload()
    page.wait_for_selector("canvas.sheet")
    assert on_sheet(page) == before
    assert page.locator(".hint").is_hidden()


def test_touch_and_pinch(open_page: Callable[..., Page], shot: Shot) -> None:
    """A finger draws, two fingers move the sheet; nothing is wider than a phone."""
    page = open_page(size=PHONE, has_touch=True, is_mobile=True)
    ways(page, 4)
    touch = page.context.new_cdp_session(page)

    def fingers(kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": x, "y": y, "id": k} for k, (x, y) in enumerate(places)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    fingers("touchStart", (150, 250))
    for k in range(20):
        fingers("touchMove", (150 + 4 * k, 250 + 30 * np.sin(k / 3)))
    fingers("touchEnd")
    assert len(on_sheet(page)["strokes"]) == 1
    until(page, FUTURES_ENDED, 4)
    shot(page, "draw-phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    fingers("touchStart", (150, 300), (220, 300))
    fingers("touchMove", (120, 300), (260, 300))
    fingers("touchEnd")
    assert len(on_sheet(page)["strokes"]) == 1


def test_in_the_dark(open_page: Callable[..., Page], shot: Shot) -> None:
    page = open_page(color_scheme="dark", reduced_motion="reduce")
    ways(page, 3)
    draw(page, arc())
    until(page, FUTURES_ENDED, 3)
    shot(page, "draw-dark")
    page.click("#theme")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    page.click("#theme")
    page.click("#theme")
    assert page.evaluate("document.documentElement.dataset.theme") is None


def test_eight_futures_leave_the_page_smooth(page: Page, record_property: Callable[[str, Any], None]) -> None:
    """The times of frames are measured and reported; how long they are depends on the machine."""
    ways(page, 8, pace=0.7)
    draw(page, arc())
    page.wait_for_selector(".future")
    times = page.evaluate(
        """() => new Promise((done) => {
          const times = [];
          let before = performance.now();
          const step = (now) => {
            times.push(now - before);
            before = now;
            if (times.length < 60) requestAnimationFrame(step); else done(times);
          };
          requestAnimationFrame(step);
        })"""
    )
    median, p95 = np.percentile(times[1:], [50, 95])
    record_property("frame_ms_median", float(median))
    record_property("frame_ms_p95", float(p95))
    print(f"frames with eight futures: median {median:.1f} ms, p95 {p95:.1f} ms")  # noqa: T201
    assert len(times) == 60
    until(page, FUTURES_ENDED, 8)
