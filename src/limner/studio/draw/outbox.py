"""What a page is still to be sent: messages, and points that a hand delivers from its thread."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Iterator

from limner.studio.draw.session import Dot, Reason
from limner.studio.draw.wire import FRAME_DOTS, Done, ToPage, points_frame

Parcel = ToPage | tuple[int, list[Dot]]


class Outbox:
    """Made on the event loop that empties it."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._parcels: deque[Parcel] = deque()
        self._news = asyncio.Event()
        self._woken = False

    def say(self, message: ToPage) -> None:
        """Add a message; from any thread."""
        self._add(message)

    def deliver(self, turn: int, dots: list[Dot], end: Reason | None) -> None:
        """Add points of a turn, or that it is over; from any thread."""
        if dots:
            self._add((turn, dots))
        if end is not None:
            self._add(Done(turn=turn, reason=end))

    def forget_points(self) -> None:
        """Throw away points that nobody has read yet."""
        self._parcels = deque(parcel for parcel in list(self._parcels) if not isinstance(parcel, tuple))

    async def take(self) -> list[str | bytes]:
        """Wait for something to send and give all there is; points that follow each other in one frame."""
        await self._news.wait()
        self._news.clear()
        self._woken = False
        parcels = []
        while self._parcels:
            parcels.append(self._parcels.popleft())
        return list(_packed(parcels))

    def _add(self, parcel: Parcel) -> None:
        self._parcels.append(parcel)
        if not self._woken:
            self._woken = True
            with contextlib.suppress(RuntimeError):  # the loop may be gone
                self._loop.call_soon_threadsafe(self._news.set)


def _packed(parcels: list[Parcel]) -> Iterator[str | bytes]:
    turn, dots = -1, list[Dot]()
    for parcel in parcels:
        own, new = parcel if isinstance(parcel, tuple) else (-1, [])
        if dots and (own != turn or len(dots) + len(new) > FRAME_DOTS):
            yield points_frame(turn, dots)
            dots = []
        if isinstance(parcel, tuple):
            turn, dots = own, dots + new
        else:
            yield parcel.model_dump_json()
    if dots:
        yield points_frame(turn, dots)
