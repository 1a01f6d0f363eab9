"""The Draw room's WebSocket: one turn at a time for each page; see :mod:`limner.studio.draw.messages`."""

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

from limner.errors import LimnerError, sentence
from limner.sampling.continuations import FINISHED
from limner.studio.context import ContextDep, StudioContext
from limner.studio.draw.beginning_reader import BeginningReader
from limner.studio.draw.messages import (
    READ,
    Beginning,
    BeginningFinished,
    BeginTurn,
    FromPage,
    MessageRefused,
    PrimeBeginning,
    SelectFuture,
    ServerHello,
    SteerTurn,
    TurnBegun,
)
from limner.studio.draw.outbox import Outbox
from limner.studio.draw.session import DrawingSession
from limner.studio.draw.turn import TurnRequest, conditioning_for, prime, task_for
from limner.studio.model_library import LoadedModel
from limner.studio.room import BUILT_IN, Room
from limner.studio.schemas import Sketch

router = APIRouter()

MAX_ERRORS = 20
"""Consecutive malformed messages after which the connection is closed."""
RATE_SECONDS = 5.0
"""Time over which the rate of messages is measured."""
SEND_SECONDS = 30.0
"""Time after which a page that does not accept a message is given up."""
UNSUPPORTED, POLICY, TRY_LATER = 1003, 1008, 1013


ROOM = Room("Draw", router, BUILT_IN / "draw", "pen")


@router.websocket("/api/draw")
async def draw(socket: WebSocket, context: ContextDep) -> None:
    """Serve one page until it disconnects."""
    await socket.accept()
    if context.pages >= context.limits.sessions:
        await socket.close(TRY_LATER, "too many pages draw at once")
        return
    context.pages += 1
    try:
        await PageConnection(socket, context).run()
    finally:
        context.pages -= 1


class PageConnection:
    """The connection of one page.

    Parameters
    ----------
    socket : WebSocket
        Accepted.
    context : StudioContext
    """

    def __init__(self, socket: WebSocket, context: StudioContext) -> None:
        self.socket, self.context = socket, context
        self.outbox = Outbox()
        self.begin: BeginTurn | None = None
        self.session: DrawingSession | None = None
        self._reader = BeginningReader()
        self._errors = 0
        self._times: deque[float] = deque(maxlen=int(context.limits.messages_per_second * RATE_SECONDS))

    async def run(self) -> None:
        """Read and write until the page disconnects."""
        self.outbox.send(ServerHello())
        try:
            async with anyio.create_task_group() as group:
                for task in (self._write, self._read):
                    group.start_soon(_until_done, task, group.cancel_scope)
        finally:
            self._stop()

    async def _write(self) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError, TimeoutError):  # the page has gone
            while True:
                for message in await self.outbox.receive():
                    async with asyncio.timeout(SEND_SECONDS):
                        if isinstance(message, bytes):
                            await self.socket.send_bytes(message)
                        else:
                            await self.socket.send_text(message)

    async def _read(self) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # the page has gone
            while not (closing := await self._read_one()):
                pass
            if closing != DISCONNECTED:
                await self.socket.close(*closing)

    async def _read_one(self) -> tuple[int, str] | None:
        """Handle one message; return code and reason if the connection is to be closed."""
        event = await self.socket.receive()
        if event["type"] == "websocket.disconnect":
            return DISCONNECTED
        text = event.get("text")
        if text is None:
            return UNSUPPORTED, "messages are JSON"
        if len(text) > self.context.limits.message_bytes or self._too_fast():
            return POLICY, "too much at once"
        try:
            await self._handle(READ.validate_json(text))
            self._errors = 0
        except (ValidationError, LimnerError) as error:
            self._errors += 1
            self.outbox.send(MessageRefused(turn=self._turn, detail=error_sentence(error)))
        return (POLICY, "messages were not understood") if self._errors >= MAX_ERRORS else None

    def _too_fast(self) -> bool:
        """Return whether messages arrive faster than a page sends them."""
        now = time.monotonic()
        too_fast = len(self._times) == self._times.maxlen and now - self._times[0] < RATE_SECONDS
        self._times.append(now)
        return too_fast

    async def _handle(self, message: FromPage) -> None:
        if isinstance(message, BeginTurn):
            await self._begin(message)
        elif isinstance(message, PrimeBeginning):
            entry = self.context.library[message.model]
            await run_in_threadpool(prime, entry, turn_request_of(message, entry), self._reader)
        elif self.session is None or message.turn != self._turn:
            return  # of a turn that has ended, which the page will learn
        elif isinstance(message, SteerTurn):
            await self._steer(self.session, message)
        elif isinstance(message, SelectFuture):
            self.session.keep_only(message.future)
        else:
            self._stop()
        self.context.scheduler.nudge()

    async def _begin(self, message: BeginTurn) -> None:
        self._stop()
        self.outbox.drop_points()
        self.begin = message
        turn, entry = message.turn, self.context.library[message.model]
        request = turn_request_of(message, entry)
        task = await run_in_threadpool(task_for, entry, request, self.context.limits, self._reader)
        self.outbox.send(TurnBegun(turn=turn, seed=message.seed, points=len(task.rows)))
        session = DrawingSession(
            entry.network,
            task,
            lambda dots, end: self.outbox.add_points(turn, dots, end),
            lambda probability: self._tell_end(turn, probability),
        )
        self.context.scheduler.add(session)
        self.session = session

    def _tell_end(self, turn: int, probability: float) -> None:
        """Tell that the model takes the drawing for finished, if it does; from any thread."""
        if probability > FINISHED:
            self.outbox.send(BeginningFinished(turn=turn, probability=probability))

    async def _steer(self, session: DrawingSession, message: SteerTurn) -> None:
        session.steer(temperature=message.temperature, pace=message.pace)
        if message.label is not None and self.begin is not None:
            self.begin = self.begin.model_copy(update={"label": message.label or None})
            entry = self.context.library[self.begin.model]
            conditioning = await run_in_threadpool(
                conditioning_for, entry, turn_request_of(self.begin, entry), session.task.rows
            )
            session.read_again(*conditioning)

    def _stop(self) -> None:
        if self.session is not None:
            self.session.stop()
            self.context.scheduler.nudge()
            self.session = None

    @property
    def _turn(self) -> int | None:
        return None if self.begin is None else self.begin.turn


DISCONNECTED = (0, "")


async def _until_done(task: Callable[[], Awaitable[None]], group: anyio.CancelScope) -> None:
    await task()
    group.cancel()


def turn_request_of(message: Beginning, entry: LoadedModel) -> TurnRequest:
    """Return the request that a message makes."""
    begin = message if isinstance(message, BeginTurn) else DEFAULTS
    return TurnRequest(
        ink=message.sketch.drawing(),
        page=message.page,
        futures=begin.futures,
        seed=begin.seed,
        sampling_config=entry.sampling_config(begin.temperature),
        pace=begin.pace,
        label=message.label,
        lift=begin.lift,
        new_points=begin.new_points,
    )


DEFAULTS = BeginTurn(type="begin", turn=0, model="", sketch=Sketch(strokes=[]))


def error_sentence(error: ValidationError | LimnerError) -> str:
    """Return what is wrong with a message, as one sentence of at most 300 characters."""
    if isinstance(error, LimnerError):
        return sentence(str(error))
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    location = ".".join(str(part) for part in first["loc"])
    return sentence(f"{location or 'The message'}: {first['msg']}.")
