"""A pool of worker processes: started on demand, killed when a job exceeds its limits."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from typing import Any

from limner.errors import LimnerError
from limner.studio.deadline import DeadlineError
from limner.studio.limits import Limits
from limner.studio.workers import messages

COMMAND = (sys.executable, "-P", "-m", "limner.studio.workers.worker")
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
"""One thread each, because the address space that further threads reserve counts towards the limit."""
NICE = 5
"""Niceness of workers, so that drawing keeps the processor."""
WALL_FACTOR = 4.0
"""Wall-clock time of a job as a multiple of its processor time, since the machine may be busy."""
TOO_LONG = "This took too long to read and was given up; send something smaller or simpler."
DIED = "This could not be read: it takes more memory than the studio gives, or breaks what reads it."


class WorkerDiedError(LimnerError):
    """A worker process that ended without an answer."""


class Worker:
    """One worker process."""

    def __init__(self, memory_bytes: int) -> None:
        self.key: str | None = None
        """Key of the last job, whose results the process may have cached."""
        self._process = subprocess.Popen(  # noqa: S603 - a constant command
            [*COMMAND, str(memory_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **ENVIRONMENT},
            start_new_session=True,  # SIGINT is meant for the studio alone
        )
        self._killed = False
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, NICE)

    @property
    def alive(self) -> bool:
        """Whether the process takes requests."""
        return not self._killed and self._process.poll() is None

    def ask(self, job: str, arguments: dict[str, Any], seconds: float) -> tuple[bytes, bytes]:
        """Run a job, and return the kind of the answer and the answer.

        Raises
        ------
        DeadlineError
            If the job exceeds ``seconds``; the process is killed.
        WorkerDiedError
            If the process dies.
        """
        data = json.dumps({"do": job, "seconds": seconds, **arguments}).encode()
        expired = threading.Event()

        def expire() -> None:
            expired.set()
            self.kill()

        watch = threading.Timer(WALL_FACTOR * seconds, expire)
        watch.daemon = True
        watch.start()
        answer = None
        try:
            with suppress(BrokenPipeError):
                messages.send(self._stdin, messages.REQUEST, data)
                answer = messages.receive(self._stdout)
        finally:
            watch.cancel()
        if answer is None:
            own = self._killed
            self.kill()
            if expired.is_set() or self._process.wait() == -signal.SIGXCPU:
                raise DeadlineError(TOO_LONG)
            raise LimnerError(DIED) if own else WorkerDiedError(DIED)
        return answer

    def kill(self) -> None:
        """Kill the process; it gets no further requests."""
        self._killed = True
        with suppress(OSError):
            self._process.kill()

    def close(self) -> None:
        """Kill the process and release its pipes."""
        self.kill()
        self._process.wait()
        with suppress(BrokenPipeError):  # it has not read everything
            self._stdin.close()
        self._stdout.close()

    @property
    def _stdin(self) -> Any:
        return self._process.stdin

    @property
    def _stdout(self) -> Any:
        return self._process.stdout


class Workers:
    """A pool of workers. Threads call :meth:`ask`, which blocks until the job is done.

    Parameters
    ----------
    limits : Limits
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._free = threading.Condition()
        self._idle: list[Worker] = []  # the most recently used one is the last
        self._busy: list[Worker] = []
        self._closed = False

    def ask(self, job: str, arguments: dict[str, Any], seconds: float, key: str | None = None) -> bytes:
        """Run a job in a worker, and return its answer.

        Parameters
        ----------
        job : str
            One of :data:`limner.studio.workers.jobs.JOBS`.
        arguments : dict
            Values that JSON can represent.
        seconds : float
            Processor time of the job; the limit of wall-clock time is :data:`WALL_FACTOR` times as long.
        key : str, optional
            Jobs with the same key go to the same worker, if it is idle, since it may have cached results.

        Raises
        ------
        LimnerError
            With the sentence of the job's own error, or if the job exceeds its limits.
        """
        try:
            kind, data = self._ask(self._acquire(key), job, arguments, seconds)
        except WorkerDiedError:  # an idle process may have been killed from outside: a new one tells
            kind, data = self._ask(self._acquire(key, fresh=True), job, arguments, seconds)
        if kind == messages.ERROR:
            raise LimnerError(data.decode())
        return data

    def kill(self) -> None:
        """Kill all workers."""
        self._closed = True
        for worker in [*self._idle, *self._busy]:
            worker.kill()

    def close(self) -> None:
        """Kill all workers, and wait for the idle ones."""
        self.kill()
        with self._free:
            for worker in self._idle:
                worker.close()
            self._idle.clear()

    def _ask(
        self, worker: Worker, job: str, arguments: dict[str, Any], seconds: float
    ) -> tuple[bytes, bytes]:
        try:
            return worker.ask(job, arguments, seconds)
        finally:
            self._release(worker)

    def _acquire(self, key: str | None, *, fresh: bool = False) -> Worker:
        with self._free:
            while not self._idle and len(self._busy) >= self.limits.concurrent_jobs:
                self._free.wait()
            worker = self._select(key, fresh=fresh)
            worker.key = key
            self._busy.append(worker)
            return worker

    def _select(self, key: str | None, *, fresh: bool) -> Worker:
        if self._closed:
            raise LimnerError("The studio is being closed.")
        for worker in [one for one in self._idle if not one.alive]:
            self._idle.remove(worker)
            worker.close()
        candidates = [one for one in self._idle if one.key == key] or self._idle[:1]
        if fresh or not candidates:
            return Worker(self.limits.worker_bytes)
        self._idle.remove(candidates[0])
        return candidates[0]

    def _release(self, worker: Worker) -> None:
        with self._free:
            self._busy.remove(worker)
            if worker.alive and not self._closed:
                self._idle.append(worker)
            else:
                worker.close()
            self._free.notify()
