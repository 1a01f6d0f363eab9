"""One training a run folder: a lock that dies with its process, and a note of who holds it.

The lock is an ``flock`` on ``.training.json``. The system lets go of it when the process ends, however it
ends, and a number that another process has been given since is never taken for the holder's. Whoever wants
to begin a training takes it: ``limner train``, with and without ``--resume``, and the studio, which hands
it to the process that it begins: a lock belongs to the open file, which that process inherits.
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
"""Names the descriptor of a lock that a process was handed by the one that began it."""

LOOKS, LOOK_SECONDS = 10, 0.02
"""Whoever looks whether a folder is locked locks it for a moment; so a lock is tried for more than one."""
_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL)
"""What file systems say that know no locks; a training goes on there without."""


@contextmanager
def only_training(run: Path) -> Iterator[None]:
    """Hold the lock of a run folder, which is made if it is missing; nothing is left of a lock that was new.

    A lock that this process was handed is taken up; its file stays, for whoever has handed it.

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
    """Hold the lock of a run folder that is there; yield its descriptor, which holds it wherever it goes.

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
    """Refuse a folder in which a training goes on, and take no lock.

    Raises
    ------
    LimnerError
        If one does.
    """
    if is_locked(run) and not has_inherited_lock(run):
        raise LimnerError(_refusal(run))


def is_locked(run: Path) -> bool:
    """Tell whether a training goes on in a folder."""
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
    """Read who holds, or last held, the lock of a folder; empty where that cannot be read."""
    try:
        found = json.loads((run / LOCK_NAME).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def write_note(descriptor: int, note: dict[str, Any]) -> None:
    """Write who holds a lock into its file."""
    data = json.dumps(note).encode()
    os.pwrite(descriptor, data, 0)
    os.ftruncate(descriptor, len(data))


def _take(path: Path) -> int | None:
    """Open and lock a file; None if another process has locked it for longer than a look takes.

    A file that its holder has removed meanwhile is no lock any more: the next one is tried.
    """
    for _ in range(LOOKS):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
        try:
            _lock(descriptor)
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor
        except FileNotFoundError:
            pass
        except BlockingIOError:
            time.sleep(LOOK_SECONDS)
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
    """Tell whether this process was handed the lock of a folder; its own children do not get it."""
    word = os.environ.get(INHERITED, "")
    try:
        if not word.isdecimal() or not os.path.samestat(os.fstat(int(word)), (run / LOCK_NAME).stat()):
            return False
        os.set_inheritable(int(word), False)
    except (OSError, OverflowError, ValueError):
        return False
    return True


def _refusal(run: Path) -> str:
    pid = read_note(run).get("pid")
    who = f" (process {pid})" if isinstance(pid, int) else ""
    return f"A training goes on there already{who}: {run}; wait for its end, stop it, or name another folder."
