"""What a studio was given at start, and who does its work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Protocol, TypeVar
from weakref import WeakSet

from fastapi import Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from limner.errors import LimnerError
from limner.studio.apart.pool import Workers
from limner.studio.deadline import Deadline
from limner.studio.draw.scheduler import Scheduler
from limner.studio.limits import Limits
from limner.studio.map.map_process import MapMaker
from limner.studio.shelf import Shelf

T = TypeVar("T")


class BusyError(LimnerError):
    """Too much is asked for at once; it may be asked for again a little later."""


class AbsentError(LimnerError):
    """There is no such thing."""


@dataclass(frozen=True)
class Folders:
    """The only places on disk that a studio opens."""

    kept: Path
    """What is kept: one SVG file a drawing."""
    runs: Path | None = None
    """Runs to watch."""


class Ask(Protocol):
    """Has something done by a worker: ``ask(job, **what)``; see :meth:`.Workers.ask`."""

    def __call__(self, job: str, **asked: Any) -> bytes:
        """Return the answer."""


class Turns:
    """Pieces of work of one kind: those being done, and those that wait.

    Parameters
    ----------
    works : int
        Done at once.
    """

    def __init__(self, works: int) -> None:
        self.places = asyncio.Semaphore(works)
        self.taken = 0


@dataclass
class House:
    """Models, folders, bounds and workers of one studio."""

    shelf: Shelf
    folders: Folders
    limits: Limits = field(default_factory=Limits)
    workers: Workers = None  # type: ignore[assignment]
    """Those of another house, or its own unless given."""

    def __post_init__(self) -> None:
        self.scheduler = Scheduler(self.limits.rows)
        self.maps = MapMaker()
        self._own_workers = self.workers is None
        self.workers = self.workers or Workers(self.limits)
        self._deadlines: WeakSet[Deadline] = WeakSet()
        self._last: list[Callable[[], object]] = []
        self._closed = False
        self.sessions = 0
        self.building = asyncio.Lock()
        self._work, self._apart = Turns(self.limits.works), Turns(self.limits.works)

    async def work(self, do: Callable[..., T], *args: Any, **options: Any) -> T:
        """Do a longer piece of work on a thread, as ``do(*args, deadline=..., **options)``.

        Raises
        ------
        BusyError
            If too many pieces wait already.
        """

        def begun() -> T:
            deadline = Deadline(0 if self._closed else self.limits.work_seconds)
            self._deadlines.add(deadline)
            return do(*args, deadline=deadline, **options)

        return await self._in_turn(self._work, begun)

    async def apart(self, do: Callable[..., T], *args: Any, key: str | None = None) -> T:
        """Do what reads a stranger's data, as ``do(*args, ask=...)``: a worker does what is asked of it.

        Parameters
        ----------
        do : callable
        *args
        key : str, optional
            As in :meth:`.Workers.ask`.

        Raises
        ------
        BusyError
            If too many pieces wait already.
        """

        def ask(job: str, **asked: Any) -> bytes:
            return self.workers.ask(job, asked, self.limits.apart_seconds[job], key)

        return await self._in_turn(self._apart, lambda: do(*args, ask=ask))

    async def _in_turn(self, turns: Turns, do: Callable[[], T]) -> T:
        if turns.taken >= self.limits.works + self.limits.waiting:
            raise BusyError("The studio is busy; try again in a moment.")
        turns.taken += 1
        try:
            async with turns.places:
                return await run_in_threadpool(do)
        finally:
            turns.taken -= 1

    def at_the_end(self, do: Callable[[], object]) -> None:
        """Have something done when the house is closed."""
        self._last.append(do)

    def hurry(self) -> None:
        """Give up what is being worked at, because the studio is closed."""
        self._closed = True
        for deadline in list(self._deadlines):
            deadline.expire()
        self.workers.kill()
        self.maps.hurry()

    def close(self) -> None:
        """End the workers."""
        self.maps.close()
        self.scheduler.close()
        if self._own_workers:
            self.workers.close()
        for do in self._last:
            do()


def the_house(connection: HTTPConnection) -> House:
    """Give the house that serves a request."""
    house = connection.app.state.house
    assert isinstance(house, House)  # noqa: S101
    return house


HouseHere = Annotated[House, Depends(the_house)]
"""A parameter of a route: the house."""
