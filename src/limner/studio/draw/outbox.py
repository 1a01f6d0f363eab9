"""``Outbox``: messages and points that wait to be sent to a page; filled from any thread."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Iterator

from limner.studio.draw.messages import FRAME_DOTS, ToPage, TurnDone, points_frame
from limner.studio.draw.session import Dot, Reason

Item = ToPage | tuple[int, list[Dot]]


class Outbox:
    """A queue of messages and points. Created on the event loop that empties it."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._items: deque[Item] = deque()
        self._changed = asyncio.Event()
        self._notified = False

    def send(self, message: ToPage) -> None:
        """Add a message; from any thread."""
        self._add(message)

    def add_points(self, turn: int, dots: list[Dot], end: Reason | None) -> None:
        """Add points of a turn, or the reason for its end; from any thread."""
        if dots:
            self._add((turn, dots))
        if end is not None:
            self._add(TurnDone(turn=turn, reason=end))

    def drop_points(self) -> None:
        """Drop all points that were not sent yet."""
        self._items = deque(item for item in list(self._items) if not isinstance(item, tuple))

    async def receive(self) -> list[str | bytes]:
        """Wait for content and return all of it; consecutive points of a turn are packed into one frame."""
        await self._changed.wait()
        self._changed.clear()
        self._notified = False
        items = []
        while self._items:
            items.append(self._items.popleft())
        return list(_pack(items))

    def _add(self, item: Item) -> None:
        self._items.append(item)
        if not self._notified:
            self._notified = True
            with contextlib.suppress(RuntimeError):  # the loop may be gone
                self._loop.call_soon_threadsafe(self._changed.set)


def _pack(items: list[Item]) -> Iterator[str | bytes]:
    turn, dots = -1, list[Dot]()
    for item in items:
        item_turn, new = item if isinstance(item, tuple) else (-1, [])
        if dots and (item_turn != turn or len(dots) + len(new) > FRAME_DOTS):
            yield points_frame(turn, dots)
            dots = []
        if isinstance(item, tuple):
            turn, dots = item_turn, dots + new
        else:
            yield item.model_dump_json()
    if dots:
        yield points_frame(turn, dots)
