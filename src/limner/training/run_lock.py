"""Locks a run folder for one training, with a note of who holds the lock.

The lock is an ``flock`` on ``.training.json``. The system releases it when the process ends, however it ends,
and a process id that has been given to another process since is never mistaken for the holder's. Whoever
begins a training takes it: ``limner train``, with and without ``--resume``, and the studio, which hands it to
the process that it starts: a lock belongs to the open file, which that process inherits.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from limner.errors import LimnerError
from limner.files import explained, make_folder, remove_empty

LOCK_NAME = ".training.json"
INHERITED = "LIMNER_RUN_LOCK"
"""Environment variable with the descriptor of a lock that a process was handed by the one that started it."""

TRIES, TRY_SECONDS = 10, 0.02
"""Attempts at a lock, and the time between two: :func:`is_locked` itself locks for a moment."""
_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL)
"""Errors of file systems without locks, on which a training runs without one."""


@contextmanager
def training_lock(run: Path) -> Iterator[None]:
    """Hold the lock of a run folder, which is made if it is missing and removed if it stays empty.

    A lock that this process was handed is used; its file then stays, for the process that handed it.

    Raises
    ------
    LimnerError
        If another training holds it, or the folder cannot be written.
    """
    if has_inherited_lock(run):
        yield
        return
    with explained(run):
        made = make_folder(run)
    try:
        with locked(run) as descriptor:
            write_note(descriptor, {"pid": os.getpid(), "begun": round(time.time() * 1000)})
            try:
                yield
            finally:
                with suppress(OSError):
                    (run / LOCK_NAME).unlink()
    finally:
        remove_empty(made)


@contextmanager
def locked(run: Path) -> Iterator[int]:
    """Hold the lock of a run folder that exists; yield its descriptor, which may be handed to a process.

    Raises
    ------
    LimnerError
        If another training holds it, or the folder cannot be written.
    """
    path = run / LOCK_NAME
    with explained(path):
        descriptor = _take(path)
    if descriptor is None:
        raise LimnerError(_refusal(run))
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def check_free(run: Path) -> None:
    """Refuse a folder in which a training runs; takes no lock.

    Raises
    ------
    LimnerError
        If one does.
    """
    if is_locked(run) and not has_inherited_lock(run):
        raise LimnerError(_refusal(run))


def is_locked(run: Path) -> bool:
    """Return whether a training runs in a folder."""
    try:
        descriptor = os.open(run / LOCK_NAME, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # a file system without locks
        return False
    finally:
        os.close(descriptor)
    return False


def read_note(run: Path) -> dict[str, Any]:
    """Read the note of who holds, or last held, the lock of a folder; empty where it cannot be read."""
    try:
        note = json.loads((run / LOCK_NAME).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return note if isinstance(note, dict) else {}


def write_note(descriptor: int, note: dict[str, Any]) -> None:
    """Write a note of who holds a lock into its file."""
    data = json.dumps(note).encode()
    os.pwrite(descriptor, data, 0)
    os.ftruncate(descriptor, len(data))


def _take(path: Path) -> int | None:
    """Open and lock a file; None if another process keeps it locked.

    A file that its holder has removed meanwhile is no lock any more, and the next one is tried.
    """
    for _ in range(TRIES):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
        try:
            _lock(descriptor)
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor
        except FileNotFoundError:
            pass
        except BlockingIOError:
            time.sleep(TRY_SECONDS)
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
    return None


def _lock(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise


def has_inherited_lock(run: Path) -> bool:
    """Return whether this process was handed the lock of a folder; its own children do not inherit it."""
    value = os.environ.get(INHERITED, "")
    try:
        if not value.isdecimal() or not os.path.samestat(os.fstat(int(value)), (run / LOCK_NAME).stat()):
            return False
        os.set_inheritable(int(value), False)
    except (OSError, OverflowError, ValueError):
        return False
    return True


def _refusal(run: Path) -> str:
    pid = read_note(run).get("pid")
    who = f" (process {pid})" if isinstance(pid, int) else ""
    return f"A training goes on there already{who}: {run}; wait for its end, stop it, or name another folder."
