"""The workers of a studio: begun when they are needed, ended when they take too long."""

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
from limner.studio.apart import wire
from limner.studio.deadline import OvertimeError
from limner.studio.limits import Limits

COMMAND = (sys.executable, "-P", "-m", "limner.studio.apart.worker")
SURROUNDINGS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
"""One thread each: threads would reserve memory that the bound counts."""
NICE = 5
"""Reading leaves the processor to whoever draws."""
WALL = 4.0
"""Times the processor's time that a request may take by the clock: a busy machine is no fault of it."""
TOO_LONG = "This took too long to read and was given up; send something smaller or simpler."
BROKEN_OFF = "This could not be read: it takes more memory than the studio gives, or breaks what reads it."


class Worker:
    """One process."""

    def __init__(self, memory_bytes: int) -> None:
        self.key: str | None = None
        """What it may remember something of."""
        self._process = subprocess.Popen(  # noqa: S603 - our own words
            [*COMMAND, str(memory_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **SURROUNDINGS},
            start_new_session=True,  # Ctrl-C is meant for the studio
        )
        self._killed = False
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, NICE)

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return not self._killed and self._process.poll() is None

    def ask(self, job: str, asked: dict[str, Any], seconds: float) -> tuple[bytes, bytes]:
        """Have a piece of work done, and return the kind of the answer and the answer.

        Raises
        ------
        OvertimeError
            If it takes longer; then the process is ended.
        LimnerError
            If the process breaks.
        """
        data = json.dumps({"do": job, "seconds": seconds, **asked}).encode()
        late = threading.Event()

        def end() -> None:
            late.set()
            self.kill()

        watch = threading.Timer(WALL * seconds, end)
        watch.daemon = True
        watch.start()
        found = None
        try:
            with suppress(BrokenPipeError):
                wire.send(self._stdin, wire.REQUEST, data)
                found = wire.receive(self._stdout)
        finally:
            watch.cancel()
        if found is None:
            self.kill()
            if late.is_set() or self._process.wait() == -signal.SIGXCPU:
                raise OvertimeError(TOO_LONG)
            raise LimnerError(BROKEN_OFF)
        return found

    def kill(self) -> None:
        """End the process at once; it is asked no more, even if it takes a while to be gone."""
        self._killed = True
        with suppress(OSError):
            self._process.kill()

    def close(self) -> None:
        """End the process and forget it."""
        self.kill()
        self._process.wait()
        with suppress(BrokenPipeError):  # it has not read all
            self._stdin.close()
        self._stdout.close()

    @property
    def _stdin(self) -> Any:
        return self._process.stdin

    @property
    def _stdout(self) -> Any:
        return self._process.stdout


class Workers:
    """Asked from threads; a thread waits until its work is done.

    Parameters
    ----------
    limits : Limits
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._free = threading.Condition()
        self._idle: list[Worker] = []  # the one used last is the last
        self._busy: list[Worker] = []
        self._closed = False

    def ask(self, job: str, asked: dict[str, Any], seconds: float, key: str | None = None) -> bytes:
        """Have a piece of work done.

        Parameters
        ----------
        job : str
            One of :data:`limner.studio.apart.jobs.JOBS`.
        asked : dict
            What JSON can say.
        seconds : float
            Of the processor's time; by the clock it may be :data:`WALL` times as many.
        key : str, optional
            Work of the same key goes to the worker that may remember the last one, if it is free.

        Raises
        ------
        LimnerError
            What the job raises, with its sentence; or if it takes too much time or memory.
        """
        worker = self._take(key)
        try:
            kind, data = worker.ask(job, asked, seconds)
        finally:
            self._put(worker)
        if kind == wire.FAULT:
            raise LimnerError(data.decode())
        return data

    def kill(self) -> None:
        """End all workers at once."""
        self._closed = True
        for worker in [*self._idle, *self._busy]:
            worker.kill()

    def close(self) -> None:
        """End all workers, and wait for them."""
        self.kill()
        with self._free:
            for worker in self._idle:
                worker.close()
            self._idle.clear()

    def _take(self, key: str | None) -> Worker:
        with self._free:
            while not self._idle and len(self._busy) >= self.limits.works:
                self._free.wait()
            worker = self._chosen(key)
            worker.key = key
            self._busy.append(worker)
            return worker

    def _chosen(self, key: str | None) -> Worker:
        if self._closed:
            raise LimnerError("The studio is being closed.")
        for worker in [one for one in self._idle if not one.alive]:
            self._idle.remove(worker)
            worker.close()
        wanted = [one for one in self._idle if one.key == key] or self._idle[:1]
        if not wanted:
            return Worker(self.limits.work_bytes)
        self._idle.remove(wanted[0])
        return wanted[0]

    def _put(self, worker: Worker) -> None:
        with self._free:
            self._busy.remove(worker)
            if worker.alive and not self._closed:
                self._idle.append(worker)
            else:
                worker.close()
            self._free.notify()
