"""The state that the routes of one studio share: models, folders, limits, and what runs their jobs."""

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
from limner.studio.deadline import Deadline
from limner.studio.draw.scheduler import Scheduler
from limner.studio.limits import Limits
from limner.studio.map.map_process import MapProcess
from limner.studio.model_library import ModelLibrary
from limner.studio.workers.pool import Workers

T = TypeVar("T")


class BusyError(LimnerError):
    """Too many requests at once; the same request may be sent again a little later."""


class NotFoundError(LimnerError):
    """The thing that a request names does not exist."""


@dataclass(frozen=True)
class StudioFolders:
    """The only folders on disk that a studio opens."""

    kept: Path
    """Kept drawings: one SVG file each."""
    runs: Path | None = None
    """Training runs to watch, if any."""


class AskWorker(Protocol):
    """Run a job in a worker process, as ``ask(job, **arguments)``; see :meth:`.Workers.ask`."""

    def __call__(self, job: str, /, **arguments: Any) -> bytes:
        """Return the answer of the job."""


class JobQueue:
    """Bounds how many jobs of one kind run at once.

    Parameters
    ----------
    concurrent : int
        Jobs that run at once.
    """

    def __init__(self, concurrent: int) -> None:
        self.slots = asyncio.Semaphore(concurrent)
        self.pending = 0
        """Jobs that run or wait."""


@dataclass
class StudioContext:
    """Models, folders, limits and workers of one studio."""

    library: ModelLibrary
    folders: StudioFolders
    limits: Limits = field(default_factory=Limits)
    workers: Workers = None  # type: ignore[assignment]
    """Worker processes shared with another context; by default the context starts its own."""

    def __post_init__(self) -> None:
        self.scheduler = Scheduler(self.limits.rows)
        self.map_process = MapProcess()
        self._own_workers = self.workers is None
        self.workers = self.workers or Workers(self.limits)
        self._deadlines: WeakSet[Deadline] = WeakSet()
        self._on_close: list[Callable[[], object]] = []
        self._closing = False
        self.pages = 0
        """Pages that are connected to the Draw room."""
        self.build_lock = asyncio.Lock()
        self._thread_jobs = JobQueue(self.limits.concurrent_jobs)
        self._worker_jobs = JobQueue(self.limits.concurrent_jobs)

    async def run_in_thread(self, job: Callable[..., T], *args: Any, **options: Any) -> T:
        """Run a longer job on a thread, as ``job(*args, deadline=..., **options)``.

        Raises
        ------
        BusyError
            If too many jobs wait already.
        """

        def start() -> T:
            deadline = Deadline(0 if self._closing else self.limits.job_seconds)
            self._deadlines.add(deadline)
            return job(*args, deadline=deadline, **options)

        return await self._queued(self._thread_jobs, start)

    async def run_in_worker(self, job: Callable[..., T], *args: Any, key: str | None = None) -> T:
        """Run a job that parses untrusted data, as ``job(*args, ask=...)``; ``ask`` runs in a worker process.

        Parameters
        ----------
        job : callable
        *args
        key : str, optional
            As in :meth:`.Workers.ask`.

        Raises
        ------
        BusyError
            If too many jobs wait already.
        """

        def ask(worker_job: str, /, **arguments: Any) -> bytes:
            seconds = self.limits.worker_cpu_seconds[worker_job]
            return self.workers.ask(worker_job, arguments, seconds, key)

        return await self._queued(self._worker_jobs, lambda: job(*args, ask=ask))

    async def _queued(self, queue: JobQueue, job: Callable[[], T]) -> T:
        if queue.pending >= self.limits.concurrent_jobs + self.limits.queued_jobs:
            raise BusyError("The studio is busy; try again in a moment.")
        queue.pending += 1
        try:
            async with queue.slots:
                return await run_in_threadpool(job)
        finally:
            queue.pending -= 1

    def on_close(self, callback: Callable[[], object]) -> None:
        """Register a function that is called when the context is closed."""
        self._on_close.append(callback)

    def abort(self) -> None:
        """Abort all running jobs, because the studio shuts down."""
        self._closing = True
        for deadline in list(self._deadlines):
            deadline.expire()
        self.workers.kill()
        self.map_process.abort()

    def close(self) -> None:
        """Stop the scheduler and all processes, and call what :meth:`on_close` registered."""
        self.map_process.close()
        self.scheduler.close()
        if self._own_workers:
            self.workers.close()
        for callback in self._on_close:
            callback()


def get_context(connection: HTTPConnection) -> StudioContext:
    """Return the context that serves a request."""
    context = connection.app.state.context
    assert isinstance(context, StudioContext)  # noqa: S101
    return context


ContextDep = Annotated[StudioContext, Depends(get_context)]
"""Type of a route's parameter that receives the studio's context."""
