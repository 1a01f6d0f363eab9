"""Training processes that outlive the studio, each in a session of its own.

The run folder holds ``training.log``, the output of the training, and the lock of
:mod:`limner.training.run_lock` with a note of its process id. The studio takes the lock and passes it to the
process that it starts. So a training is found again after a restart of the studio, and none is started in a
folder in which another one runs, whoever started it.
"""

from __future__ import annotations

import math
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from limner.errors import LimnerError
from limner.files import explained
from limner.training.graceful_stop import SIGNALS
from limner.training.run_folder import LOG_NAME
from limner.training.run_lock import INHERITED, LOCK_NAME, is_locked, locked, read_note, write_note

NICE = 10
"""Niceness of trainings, so that drawing keeps the processor."""
STRONGER_SECONDS = 20.0
"""Time after which a training that ignores a request to stop gets a stronger signal."""


@dataclass(frozen=True)
class TrainingProcess:
    """The training of a run folder, as its lock file describes it."""

    pid: int | None
    running: bool
    by_studio: bool
    """Whether a studio started it."""
    stop_requested: bool
    """Whether it was asked to stop."""
    started: float
    """When it was started, in seconds since 1970; 0 if unknown."""


def training_in(run: Path) -> TrainingProcess | None:
    """Return what is known of the training in a folder; None if there is no lock file."""
    path = run / LOCK_NAME
    if not path.is_file() or path.is_symlink():
        return None
    running, note = is_locked(run), read_note(run)
    pid, begun = note.get("pid"), note.get("begun")
    return TrainingProcess(
        pid=pid if isinstance(pid, int) and pid > 1 else None,
        running=running,
        by_studio="command" in note,
        stop_requested=bool(note.get("asked")),
        started=begun / 1000 if isinstance(begun, int) and 0 < begun < 2**53 else 0.0,
    )


def start_training(run: Path, arguments: Sequence[str]) -> None:
    """Start a training, with default signal handlers whatever those of the studio are.

    Parameters
    ----------
    run : Path
        Its folder, which exists.
    arguments : sequence of str
        Arguments of ``limner``.

    Raises
    ------
    LimnerError
        If a training runs there already, or the folder cannot be written.
    """
    command = [sys.executable, "-P", "-m", "limner", *arguments]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "COLUMNS": "160", "NO_COLOR": "1", "TERM": "dumb"}
    with explained(run / LOG_NAME), locked(run) as lock, (run / LOG_NAME).open("ab") as log:
        begun = math.floor(time.time() * 1000)  # before anything that the training writes
        pid = os.posix_spawn(
            command[0],
            command,
            environment | {INHERITED: str(lock)},
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_DUP2, log.fileno(), 1),
                (os.POSIX_SPAWN_DUP2, log.fileno(), 2),
                (os.POSIX_SPAWN_DUP2, lock, lock),  # makes the descriptor inheritable
            ],
            setsid=True,
            setsigmask=(),
            setsigdef=SIGNALS,
        )
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, pid, os.getpriority(os.PRIO_PROCESS, 0) + NICE)
        write_note(lock, {"pid": pid, "begun": begun, "command": command})
    threading.Thread(target=os.waitpid, args=(pid, 0), name="limner-training", daemon=True).start()


def stop_training(run: Path, *, now: bool) -> None:
    """Ask the training in a folder to stop: with a checkpoint, or immediately (``now``).

    If it ignores SIGINT, it gets SIGTERM after :data:`STRONGER_SECONDS`; SIGKILL if ``now``.

    Raises
    ------
    LimnerError
        If no training runs there that a studio started.
    """
    training = training_in(run)
    if training is None or not (training.running and training.by_studio) or training.pid is None:
        raise LimnerError("No training that the studio has begun goes on there.")
    if training.stop_requested and not now:
        return
    with (run / LOCK_NAME).open("r+b") as file:
        write_note(file.fileno(), {**read_note(run), "asked": True})
    _send(training.pid, signal.SIGINT)
    later = signal.SIGKILL if now else signal.SIGTERM
    again = threading.Timer(STRONGER_SECONDS, _send_if_same, (run, training.pid, later))
    again.daemon = True
    again.start()


def _send_if_same(run: Path, pid: int, number: signal.Signals) -> None:
    """Send a signal, if the same training still runs."""
    training = training_in(run)
    if training is not None and training.running and training.pid == pid:
        _send(pid, number)


def _send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):  # it has just exited
        os.kill(pid, number)
