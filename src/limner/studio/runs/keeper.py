"""Trainings that outlive the studio: each a process of its own, in a session of its own.

The run's folder holds ``training.log``, what the training says, and the lock of
:mod:`limner.training.run_lock` with a note of its process id. The studio takes the lock and hands it to the
process that it begins: so a training is found again after a restart, and none is begun where one goes on,
whoever began it.
"""

from __future__ import annotations

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
"""Trainings leave the processor to whoever draws."""
PATIENCE_SECONDS = 20.0
"""After which a training that was asked to end is asked in another way, or ended."""


@dataclass(frozen=True)
class Training:
    """A training that goes on, or was broken off, or that a studio has begun."""

    pid: int | None
    running: bool
    ours: bool
    """Whether a studio has begun it."""
    asked: bool
    """Whether it was asked to stop."""
    ended: float
    """When it was last heard of, in seconds since 1970."""


def training_in(run: Path) -> Training | None:
    """Return what is known of the training in a folder; None if no lock of one is there."""
    path = run / LOCK_NAME
    if not path.is_file() or path.is_symlink():
        return None
    running, note = is_locked(run), read_note(run)
    pid = note.get("pid")
    log = run / LOG_NAME
    try:
        ended = (log if log.is_file() else path).stat().st_mtime
    except FileNotFoundError:  # it has just ended
        return None
    return Training(
        pid=pid if isinstance(pid, int) and pid > 1 else None,
        running=running,
        ours="command" in note,
        asked=bool(note.get("asked")),
        ended=ended,
    )


def begin(run: Path, arguments: Sequence[str]) -> None:
    """Begin a training, with the signals' default effects whatever the studio does about them.

    Parameters
    ----------
    run : Path
        Its folder, which exists.
    arguments : sequence of str
        What follows ``limner`` on the command line.

    Raises
    ------
    LimnerError
        If one goes on there already, or the folder cannot be written.
    """
    command = [sys.executable, "-P", "-m", "limner", *arguments]
    surroundings = {**os.environ, "PYTHONUNBUFFERED": "1", "COLUMNS": "160", "NO_COLOR": "1", "TERM": "dumb"}
    with explained(run / LOG_NAME), locked(run) as lock, (run / LOG_NAME).open("ab") as log:
        pid = os.posix_spawn(
            command[0],
            command,
            surroundings | {INHERITED: str(lock)},
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_DUP2, log.fileno(), 1),
                (os.POSIX_SPAWN_DUP2, log.fileno(), 2),
                (os.POSIX_SPAWN_DUP2, lock, lock),  # which lets it be inherited
            ],
            setsid=True,
            setsigmask=(),
            setsigdef=SIGNALS,
        )
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, pid, os.getpriority(os.PRIO_PROCESS, 0) + NICE)
        write_note(lock, {"pid": pid, "begun": round(time.time() * 1000), "command": command})
    threading.Thread(target=os.waitpid, args=(pid, 0), name="limner-training", daemon=True).start()


def stop(run: Path, *, now: bool) -> None:
    """Ask the training in a folder to end: with a checkpoint, or at once.

    One that does not hear of it is told again after a while in a way that cannot be missed.

    Raises
    ------
    LimnerError
        If none goes on there that the studio has begun.
    """
    training = training_in(run)
    if training is None or not (training.running and training.ours) or training.pid is None:
        raise LimnerError("No training that the studio has begun goes on there.")
    if training.asked and not now:
        return
    with (run / LOCK_NAME).open("r+b") as file:
        write_note(file.fileno(), {**read_note(run), "asked": True})
    _send(training.pid, signal.SIGINT)
    later = signal.SIGKILL if now else signal.SIGTERM
    again = threading.Timer(PATIENCE_SECONDS, _send_again, (run, training.pid, later))
    again.daemon = True
    again.start()


def _send_again(run: Path, pid: int, number: signal.Signals) -> None:
    """Send a signal, if it is still the same training that goes on."""
    training = training_in(run)
    if training is not None and training.running and training.pid == pid:
        _send(pid, number)


def _send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):  # it has just ended
        os.kill(pid, number)
