"""Engines, which map a function over jobs: in this process, or in several processes of this machine."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Protocol, TypeVar

from limner.corpus.formats.table import named
from limner.corpus.shard import DOODLES
from limner.errors import LimnerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from limner.corpus.source import Source

T = TypeVar("T")
R = TypeVar("R")

FEW_PICTURES = 4
FEW_BYTES = 16 << 20
"""Less than this is done in this process: starting workers would take longer."""

AHEAD = 3
"""Jobs that are submitted for each process before the first result is taken."""


class Engine(Protocol):
    """Runs jobs."""

    def map(self, function: Callable[[T], R], jobs: Iterable[T]) -> Iterator[R]:
        """Apply a function to jobs and yield the results in the order of the jobs.

        Function, jobs and results can be pickled. Jobs are taken as they are needed, so that only a few are
        pending at a time. What the function raises is raised in place of its result.
        """


class InProcess:
    """Runs one job after the other in this process."""

    def __enter__(self) -> InProcess:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def map(self, function: Callable[[T], R], jobs: Iterable[T]) -> Iterator[R]:
        """See :class:`Engine`."""
        return map(function, jobs)


class Processes:
    """Runs jobs in several processes of this machine, which end with the ``with`` block around it.

    Parameters
    ----------
    jobs : int, optional
        Processes; as many as there are cores unless given.
    """

    def __init__(self, jobs: int | None = None) -> None:
        self.jobs = jobs or cores()
        fresh = multiprocessing.get_context("spawn")  # a copy of this process might hold locks of its threads
        self._pool = ProcessPoolExecutor(self.jobs, mp_context=fresh, initializer=_leave_interrupts)

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def map(self, function: Callable[[T], R], jobs: Iterable[T]) -> Iterator[R]:
        """See :class:`Engine`."""
        running = deque[Future[R]]()
        try:
            for job in jobs:
                running.append(self._pool.submit(function, job))
                if len(running) > AHEAD * self.jobs:
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()
        except BrokenProcessPool as error:
            raise LimnerError("A process was ended from outside; is there memory enough?") from error
        finally:
            for future in running:
                future.cancel()


def local_engine(sources: Sequence[Source], jobs: int | None = None) -> AbstractContextManager[Engine]:
    """Return an engine with ``jobs`` processes, or with as many as are worth starting for the sources."""
    if jobs is None:
        pictures = sum(len(source.files) for source in sources if _are_pictures(source))
        pays = pictures > FEW_PICTURES or sum(source.size for source in sources) > FEW_BYTES
        jobs = cores() if pays else 1
    return Processes(jobs) if jobs > 1 else InProcess()


def _are_pictures(source: Source) -> bool:
    return source.kind != DOODLES and named(source.kind).for_pictures


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0))


def _leave_interrupts() -> None:
    """Ignore Ctrl-C in workers: the parent process handles it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
