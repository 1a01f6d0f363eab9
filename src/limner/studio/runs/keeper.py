"""Trainings that outlive the studio: each a process of its own, in a session of its own.

The run's folder holds ``training.log``, what the training says, and ``.training.json`` with its process id.
The training keeps that file locked as long as it lives, whoever began it: so it is found again after a
restart, and a number that another process has been given since is never taken for it.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from limner.errors import LimnerError
from limner.files import explained
from limner.training.run_folder import LOG_NAME

LOCK_NAME = ".training.json"
NICE = 10
"""Trainings leave the processor to whoever draws."""


@dataclass(frozen=True)
class Training:
    """A training that a studio has begun."""

    pid: int | None
    running: bool
    asked: bool
    """Whether it was asked to stop."""
    ended: float
    """When it was last heard of, in seconds since 1970."""


def training_in(run: Path) -> Training | None:
    """Tell of the training in a folder; None if no studio has begun one there."""
    path = run / LOCK_NAME
    if not path.is_file() or path.is_symlink():
        return None
    running, note = _is_locked(path), _note(path)
    pid = note.get("pid")
    log = run / LOG_NAME
    ended = (log if log.is_file() else path).stat().st_mtime
    return Training(
        pid if isinstance(pid, int) and pid > 1 else None, running, bool(note.get("asked")), ended
    )


def begin(run: Path, arguments: Sequence[str]) -> None:
    """Begin a training.

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
    with explained(run / LOG_NAME), _locked(run) as lock, (run / LOG_NAME).open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - a list of words, each of them checked
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=run.parent,
            env=surroundings,
            pass_fds=(lock,),
            start_new_session=True,
        )
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
        _write(lock, {"pid": process.pid, "begun": round(time.time() * 1000), "command": command})
    threading.Thread(target=process.wait, name="limner-training", daemon=True).start()


def stop(run: Path, *, now: bool) -> None:
    """Ask the training in a folder to end: with a checkpoint, or at once.

    Raises
    ------
    LimnerError
        If none goes on there that a studio has begun.
    """
    training = training_in(run)
    if training is None or not training.running or training.pid is None:
        raise LimnerError("No training that the studio has begun goes on there.")
    if training.asked and not now:
        return
    path = run / LOCK_NAME
    with path.open("r+b") as file:
        _write(file.fileno(), {**_note(path), "asked": True})
    with suppress(ProcessLookupError):  # it has just ended
        os.kill(training.pid, signal.SIGINT)


@contextmanager
def _locked(run: Path) -> Iterator[int]:
    """Take the lock of a folder; whoever inherits the descriptor holds it on."""
    descriptor = os.open(run / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield descriptor
    except BlockingIOError as error:
        raise LimnerError("A training goes on there already.") from error
    finally:
        os.close(descriptor)


def _is_locked(path: Path) -> bool:
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _write(descriptor: int, note: dict[str, Any]) -> None:
    data = json.dumps(note).encode()
    os.pwrite(descriptor, data, 0)
    os.ftruncate(descriptor, len(data))


def _note(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
