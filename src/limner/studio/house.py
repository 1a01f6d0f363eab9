"""What a studio was given at start, and who does its work."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, TypeVar

from fastapi import Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from limner.errors import LimnerError
from limner.studio.draw.scheduler import Scheduler
from limner.studio.limits import Limits
from limner.studio.map.maker import MapMaker
from limner.studio.shelf import Shelf

T = TypeVar("T")


class BusyError(LimnerError):
    """Too much is asked for at once; it may be asked for again a little later."""


class AbsentError(LimnerError):
    """There is no such thing."""


class OvertimeError(LimnerError):
    """A piece of work took too long and was given up."""


@dataclass(frozen=True)
class Folders:
    """The only places on disk that a studio opens."""

    kept: Path
    """What is kept: one SVG file a drawing."""
    runs: Path | None = None
    """Runs to watch."""


class Deadline:
    """Ends a piece of work that takes too long.

    Parameters
    ----------
    seconds : float
    """

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    def check(self, *_: object) -> None:
        """Raise ``OvertimeError`` if time is up; fits as a sampling callback."""
        if time.monotonic() > self._until:
            raise OvertimeError("This took too long and was given up; ask for less.")


@dataclass
class House:
    """Models, folders, bounds and workers of one studio."""

    shelf: Shelf
    folders: Folders
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        self.scheduler = Scheduler(self.limits.rows)
        self.maps = MapMaker()
        self.sessions = 0
        self._waiting = 0
        self._places = asyncio.Semaphore(self.limits.works)

    async def work(self, do: Callable[..., T], *args: Any, **options: Any) -> T:
        """Do a longer piece of work on a thread, as ``do(*args, deadline=..., **options)``.

        Raises
        ------
        BusyError
            If too many pieces wait already.
        """
        if self._waiting >= self.limits.works + self.limits.waiting:
            raise BusyError("The studio is busy; try again in a moment.")
        self._waiting += 1
        try:
            async with self._places:
                deadline = Deadline(self.limits.work_seconds)
                return await run_in_threadpool(do, *args, deadline=deadline, **options)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """End the workers."""
        self.maps.close()
        self.scheduler.close()


def the_house(connection: HTTPConnection) -> House:
    """Give the house that serves a request."""
    house = connection.app.state.house
    assert isinstance(house, House)  # noqa: S101
    return house


HouseHere = Annotated[House, Depends(the_house)]
"""A parameter of a route: the house."""
