"""What a person does with a page: draws with the mouse, and looks at what stands on the sheet."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

WAIT_MS = 300_000
FUTURES_ENDED = "n => document.querySelectorAll('.future.ended').length === n"


def draw(page: Page, points: Sequence[tuple[float, float]], *, lift: bool = True) -> None:
    """Draw a stroke; places are shares of the sheet's width and height."""
    box = page.locator("canvas.sheet").bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for x, y in places[1:]:
        page.mouse.move(x, y)
    if lift:
        page.mouse.up()


def arc(x: float = 0.45, y: float = 0.45, size: float = 0.06, turn: float = 6.0) -> list[tuple[float, float]]:
    """Return most of a circle."""
    angles = [k / 30 * turn for k in range(31)]
    return [(x + size * math.cos(a) * 0.5, y + size * math.sin(a)) for a in angles]


def on_sheet(page: Page) -> dict[str, Any]:
    """Return the drawing on the sheet, as the browser remembers it."""
    text = page.evaluate("localStorage.getItem('limner.draw.sketch')")
    return json.loads(text) if text else {"strokes": [], "by": []}


def set_slider(page: Page, name: str, value: float) -> None:
    """Move a slider as a person does, step by step or at once."""
    page.locator(f"#{name}").fill(str(value))


def ways(page: Page, count: int, *, pace: float = 1.0) -> None:
    """Ask for so many futures, at a pace from 0 (slow) to 1 (quick)."""
    set_slider(page, "futures", count)
    set_slider(page, "pace", pace)


def choose_class(page: Page, name: str, field: str = "#label") -> None:
    """Type the name of a class and take it."""
    page.click(field)
    page.fill(field, name)
    page.keyboard.press("Enter")


def sent(page: Page, kind: str) -> Callable[[], list[dict[str, Any]]]:
    """Return what lists the messages of a kind that the page sends from now on."""
    messages: list[dict[str, Any]] = []

    def note(data: str | bytes) -> None:
        if isinstance(data, str):
            messages.append(json.loads(data))

    page.on("websocket", lambda socket: socket.on("framesent", note))
    page.reload()
    page.wait_for_selector("canvas.sheet")
    return lambda: [message for message in messages if message["type"] == kind]


def until(page: Page, script: str, argument: Any = None) -> None:
    """Wait until a script of the page says yes."""
    page.wait_for_function(script, arg=argument, timeout=WAIT_MS)
