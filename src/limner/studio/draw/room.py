"""The Draw room's WebSocket: one page, one turn at a time; messages are in :mod:`limner.studio.draw.wire`."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Awaitable, Callable

import anyio
from fastapi import APIRouter, WebSocket
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocketDisconnect

from limner.errors import LimnerError
from limner.sampling.config import SamplingConfig
from limner.studio.context import House, HouseHere
from limner.studio.draw.outbox import Outbox
from limner.studio.draw.session import Hand
from limner.studio.draw.turn import Wish, given_for, task_for
from limner.studio.draw.wire import READ, Begin, Begun, Hello, Refused, Steer, Stop, Take

router = APIRouter()

FAULTS = 20
"""Messages in a row that are not understood, after which the page is hung up on."""
PATIENCE_SECONDS = 5.0
"""Time over which messages are counted."""
SEND_SECONDS = 30.0
"""A page that does not take a message for so long is given up."""
UNSUPPORTED, POLICY, TRY_LATER = 1003, 1008, 1013


@router.websocket("/api/draw")
async def draw(socket: WebSocket, house: HouseHere) -> None:
    """Draw with one page until it goes."""
    await socket.accept()
    if house.sessions >= house.limits.sessions:
        await socket.close(TRY_LATER, "too many pages draw at once")
        return
    house.sessions += 1
    try:
        await Session(socket, house).run()
    finally:
        house.sessions -= 1


class Session:
    """One page.

    Parameters
    ----------
    socket : WebSocket
        Accepted.
    house : House
    """

    def __init__(self, socket: WebSocket, house: House) -> None:
        self.socket, self.house = socket, house
        self.outbox = Outbox()
        self.begin: Begin | None = None
        self.hand: Hand | None = None
        self._faults = 0
        self._times: deque[float] = deque(maxlen=int(house.limits.messages_per_second * PATIENCE_SECONDS))

    async def run(self) -> None:
        """Read and write until the page goes."""
        self.outbox.say(Hello())
        try:
            async with anyio.create_task_group() as both:
                for work in (self._write, self._read):
                    both.start_soon(_until_done, work, both.cancel_scope)
        finally:
            self._stop()

    async def _write(self) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError, TimeoutError):  # the page has gone
            while True:
                for message in await self.outbox.take():
                    async with asyncio.timeout(SEND_SECONDS):
                        if isinstance(message, bytes):
                            await self.socket.send_bytes(message)
                        else:
                            await self.socket.send_text(message)

    async def _read(self) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # the page has gone
            while not (refusal := await self._read_one()):
                pass
            if refusal != GONE:
                await self.socket.close(*refusal)

    async def _read_one(self) -> tuple[int, str] | None:
        """Follow one message; give why the page is to be hung up on, if it is."""
        event = await self.socket.receive()
        if event["type"] == "websocket.disconnect":
            return GONE
        text = event.get("text")
        if text is None:
            return UNSUPPORTED, "messages are JSON"
        if len(text) > self.house.limits.message_bytes or self._hurried():
            return POLICY, "too much at once"
        try:
            await self._follow(READ.validate_json(text))
            self._faults = 0
        except (ValidationError, LimnerError) as error:
            self._faults += 1
            self.outbox.say(Refused(turn=self._turn, detail=sentence_of(error)))
        return (POLICY, "messages were not understood") if self._faults >= FAULTS else None

    def _hurried(self) -> bool:
        """Tell whether messages come faster than a page sends them."""
        now = time.monotonic()
        hurried = len(self._times) == self._times.maxlen and now - self._times[0] < PATIENCE_SECONDS
        self._times.append(now)
        return hurried

    async def _follow(self, message: Begin | Steer | Take | Stop) -> None:
        if isinstance(message, Begin):
            await self._begin(message)
        elif self.hand is None or message.turn != self._turn:
            return  # of a turn that is over, as the page will hear
        elif isinstance(message, Steer):
            await self._steer(self.hand, message)
        elif isinstance(message, Take):
            self.hand.keep_only(message.future)
        else:
            self._stop()
        self.house.scheduler.nudge()

    async def _begin(self, message: Begin) -> None:
        self._stop()
        self.outbox.forget_points()
        self.begin = message
        turn, loaded = message.turn, self.house.shelf[message.model]
        task = await run_in_threadpool(task_for, loaded, wish_of(message), self.house.limits)
        self.outbox.say(Begun(turn=turn, seed=message.seed, points=len(task.rows)))
        hand = Hand(loaded.model.network, task, lambda dots, end: self.outbox.deliver(turn, dots, end))
        self.house.scheduler.add(hand)
        self.hand = hand

    async def _steer(self, hand: Hand, message: Steer) -> None:
        hand.steer(temperature=message.temperature, pace=message.pace)
        if message.label is not None and self.begin is not None:
            self.begin = self.begin.model_copy(update={"label": message.label or None})
            loaded = self.house.shelf[self.begin.model]
            given = await run_in_threadpool(given_for, loaded, wish_of(self.begin), hand.task.rows)
            hand.read_again(*given)

    def _stop(self) -> None:
        if self.hand is not None:
            self.hand.stop()
            self.house.scheduler.nudge()
            self.hand = None

    @property
    def _turn(self) -> int | None:
        return None if self.begin is None else self.begin.turn


GONE = (0, "")


async def _until_done(work: Callable[[], Awaitable[None]], both: anyio.CancelScope) -> None:
    await work()
    both.cancel()


def wish_of(message: Begin) -> Wish:
    """Put a message in the words of a turn."""
    return Wish(
        ink=message.sketch.drawing(),
        page=message.page,
        futures=message.futures,
        seed=message.seed,
        sampling_config=SamplingConfig(temperature=message.temperature),
        pace=message.pace,
        label=message.label,
        lift=message.lift,
        new_points=message.new_points,
    )


def sentence_of(error: ValidationError | LimnerError) -> str:
    """Say in one sentence what is wrong with a message."""
    if isinstance(error, LimnerError):
        return str(error)
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place or 'The message'}: {first['msg']}."
