"""The outbox: points are joined, their order is kept, what is out of date is thrown away."""

from __future__ import annotations

import asyncio
import json
import struct
import threading

from tests.studio.loops import finished

from limner.studio.draw.messages import FRAME_DOTS, TurnBegun
from limner.studio.draw.outbox import Outbox
from limner.studio.draw.session import Dot


def dots(*futures: int) -> list[Dot]:
    return [Dot(k, 0, float(k), -float(k)) for k in futures]


def told(message: str | bytes) -> object:
    """Return the type of a message; of points their turn and how many there are."""
    if isinstance(message, bytes):
        _, _, count, turn = struct.unpack_from("<BBHI", message)
        return turn, count
    return json.loads(message)["type"]


def test_points_are_joined_and_the_order_is_kept() -> None:
    async def work() -> list[object]:
        box = Outbox()
        box.send(TurnBegun(turn=1, seed=0, points=3))
        box.add_points(1, dots(0, 1), None)
        box.add_points(1, dots(0, 1), None)
        box.add_points(1, dots(0), "ended")
        box.add_points(2, dots(5), None)
        return [told(message) for message in await box.receive()]

    assert finished(work()) == ["begun", (1, 5), "done", (2, 1)]


def test_frames_are_bounded() -> None:
    async def work() -> list[object]:
        box = Outbox()
        for _ in range(3):
            box.add_points(1, dots(0) * (FRAME_DOTS - 1), None)
        return [told(message) for message in await box.receive()]

    assert finished(work()) == [(1, FRAME_DOTS - 1)] * 3


def test_points_can_be_forgotten() -> None:
    async def work() -> list[object]:
        box = Outbox()
        box.add_points(1, dots(0), "stopped")
        box.drop_points()
        return [told(message) for message in await box.receive()]

    assert finished(work()) == ["done"]


def _deliver(box: Outbox, times: int) -> None:
    for _ in range(times):
        box.add_points(1, dots(0), None)


def test_it_wakes_for_another_thread() -> None:
    async def work() -> int:
        box = Outbox()
        thread = threading.Thread(target=lambda: _deliver(box, 500))
        thread.start()
        count = 0
        while count < 500:
            for message in await box.receive():
                found = told(message)
                assert isinstance(found, tuple)
                count += found[1]
        thread.join()
        return count

    assert finished(asyncio.wait_for(work(), 20)) == 500


def test_a_hand_may_outlive_its_page() -> None:
    async def work() -> Outbox:
        return Outbox()

    finished(work()).add_points(1, dots(0), "stopped")  # the loop is closed
