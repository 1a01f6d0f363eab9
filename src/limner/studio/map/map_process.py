"""``MapProcess``: make maps, one at a time, each in a process of :mod:`limner.studio.map.make_map`."""

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

COMMAND = (sys.executable, "-P", "-m", "limner.studio.map.make_map")
ENVIRONMENT = {"OMP_WAIT_POLICY": "passive"}
"""Threads that spin while they wait made a map take ten times as long on a busy machine."""
FAILED = "The map could not be made; the studio's terminal says why."
STOPPED = "The map was given up."
TERMINATE_SECONDS = 10.0


@dataclass
class MapJob:
    """The making of one map: its progress, and its error if it failed."""

    id: str
    process: subprocess.Popen[str]
    stage: str = "Beginning"
    done: int = 0
    of: int = 0
    share: float = 0.0
    error: str = ""
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def running(self) -> bool:
        """Whether the map is being made."""
        return not self.ended.is_set()

    def follow(self, lines: IO[str]) -> None:
        """Read the process's progress messages until it exits."""
        with lines:
            for line in lines:
                self._update(json.loads(line))
        if self.process.wait() and not self.error:
            self.error = FAILED
        self.ended.set()

    def _update(self, message: dict[str, Any]) -> None:
        if "error" in message:
            self.error = str(message["error"])
        else:
            self.stage, self.done, self.of = message["stage"], message["done"], message["of"]
            self.share = max(self.share, message.get("share", 0.0))  # a progress bar does not move back


class MapProcess:
    """The process that makes a studio's maps, one at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._job: MapJob | None = None

    @property
    def job(self) -> MapJob | None:
        """The current job, or the last one."""
        return self._job

    def start(self, id: str, spec: str, folder: Path, prepare: Callable[[], object]) -> MapJob:  # noqa: A002
        """Start to make a map; return the running job if the same map is being made.

        Parameters
        ----------
        id : str
        spec : str
            See :meth:`limner.studio.map.map_spec.MapSpec.to_json`.
        folder : Path
            The map's folder.
        prepare : callable
            Called before the process is started, for example to remove old maps.

        Raises
        ------
        LimnerError
            If another map is being made.
        """
        with self._lock:
            if self._job is not None and self._job.running:
                if self._job.id == id:
                    return self._job
                raise LimnerError("Another map is being made; wait for it, or stop it first.")
            prepare()
            process = subprocess.Popen(  # noqa: S603 - a constant command
                [*COMMAND, str(folder), spec],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                env={**os.environ, **ENVIRONMENT},
                text=True,
                start_new_session=True,  # SIGINT is meant for the studio alone
            )
            assert process.stdout is not None  # noqa: S101
            self._job = MapJob(id, process)
            threading.Thread(target=self._job.follow, args=(process.stdout,), daemon=True).start()
            return self._job

    def stop(self, id: str) -> bool:  # noqa: A002
        """Stop making a map; return whether it was being made."""
        with self._lock:
            job = self._job
            if job is None or job.id != id or not job.running:
                return False
            job.error = STOPPED
            job.process.terminate()
            if not job.ended.wait(TERMINATE_SECONDS):
                job.process.kill()
            return True

    def abort(self) -> None:
        """Stop the current job without waiting for its end."""
        if self._job is not None and self._job.running:
            self._job.error = STOPPED
            self._job.process.terminate()

    def close(self) -> None:
        """Stop the current job."""
        if self._job is not None:
            self.stop(self._job.id)
