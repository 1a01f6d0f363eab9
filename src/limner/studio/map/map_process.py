"""Has maps made, one at a time, each by a process of its own: :mod:`limner.studio.map.work`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from limner.errors import LimnerError

COMMAND = (sys.executable, "-P", "-m", "limner.studio.map.work")
SURROUNDINGS = {"OMP_WAIT_POLICY": "passive"}
"""Threads that wait for others by spinning would take ten times as long on a busy machine."""
FAULT = "The map could not be made; the studio's terminal says why."
STOPPED = "The map was given up."
PATIENCE_SECONDS = 10.0


@dataclass
class Job:
    """A map that is being made, or was to be."""

    id: str
    process: subprocess.Popen[str]
    stage: str = "Beginning"
    done: int = 0
    of: int = 0
    share: float = 0.0
    fault: str = ""
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def going(self) -> bool:
        """Whether it is being made."""
        return not self.ended.is_set()

    def follow(self, lines: IO[str]) -> None:
        """Read what the process says until it ends."""
        with lines:
            for line in lines:
                self._take(json.loads(line))
        if self.process.wait() and not self.fault:
            self.fault = FAULT
        self.ended.set()

    def _take(self, told: dict[str, Any]) -> None:
        if "fault" in told:
            self.fault = str(told["fault"])
        else:
            self.stage, self.done, self.of = told["stage"], told["done"], told["of"]
            self.share = max(self.share, told.get("share", 0.0))  # a bar does not go back


class MapMaker:
    """The maker of one studio's maps."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._job: Job | None = None

    @property
    def job(self) -> Job | None:
        """The map that is being made, or the last one."""
        return self._job

    def begin(self, id: str, order: str, folder: Path, then: Callable[[], object]) -> Job:  # noqa: A002
        """Begin to make a map; the job of the same one that goes on already, if it does.

        Parameters
        ----------
        id : str
        order : str
            See :meth:`limner.studio.map_order.Order.to_json`.
        folder : Path
            Of the map.
        then : callable
            Called before the work is begun, such as to make room.

        Raises
        ------
        LimnerError
            If another map is being made.
        """
        with self._lock:
            if self._job is not None and self._job.going:
                if self._job.id == id:
                    return self._job
                raise LimnerError("Another map is being made; wait for it, or stop it first.")
            then()
            process = subprocess.Popen(  # noqa: S603 - our own words
                [*COMMAND, str(folder), order],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                env={**os.environ, **SURROUNDINGS},
                text=True,
                start_new_session=True,  # Ctrl-C is meant for the studio, which ends it
            )
            assert process.stdout is not None  # noqa: S101
            self._job = Job(id, process)
            threading.Thread(target=self._job.follow, args=(process.stdout,), daemon=True).start()
            return self._job

    def stop(self, id: str) -> bool:  # noqa: A002
        """Give a map up; tell whether it was being made."""
        with self._lock:
            job = self._job
            if job is None or job.id != id or not job.going:
                return False
            job.fault = STOPPED
            job.process.terminate()
            if not job.ended.wait(PATIENCE_SECONDS):
                job.process.kill()
            return True

    def hurry(self) -> None:
        """Give up what is being made, without waiting until it has ended."""
        if self._job is not None and self._job.going:
            self._job.fault = STOPPED
            self._job.process.terminate()

    def close(self) -> None:
        """Give up what is being made."""
        if self._job is not None:
            self.stop(self._job.id)
