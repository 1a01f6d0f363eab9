"""Drafts: files and folders that will be renamed when they are whole, and die with their process.

A draft's name tells what it is: ``.NAME.limner-draft-XXXXXXXX.SUFFIX``, beside what it will become. Its
process holds a lock on it (``flock``), which the system lets go when the process ends, however it ends. So a
draft without a lock belongs to nobody, whatever process has its owner's number by now, and is swept.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_MARK = "limner-draft"
_DRAFT = re.compile(rf"\.(.*)\.{_MARK}-[0-9a-f]{{8}}(\..*)?")
_STEM_LETTERS = 40


@contextmanager
def draft_file(target: Path) -> Iterator[Path]:
    """Make an empty, locked draft of a file; it keeps the suffix, by which many writers choose their format.

    It is removed in the end if it is still there.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    while True:
        draft = _name(target, target.stem, target.suffix)
        descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        if _lock(descriptor, draft):
            break
        os.close(descriptor)
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)
        os.close(descriptor)


@contextmanager
def draft_folder(target: Path) -> Iterator[Path]:
    """Make an empty, locked draft of a folder; it is removed in the end if it is still there.

    Raises
    ------
    OSError
        If the folder around it cannot be written.
    """
    while True:
        draft = _name(target, target.name, "")
        draft.mkdir(mode=0o700)
        descriptor = os.open(draft, os.O_RDONLY)
        if _lock(descriptor, draft):
            break
        os.close(descriptor)
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        os.close(descriptor)


def is_draft(name: str) -> bool:
    """Tell whether a file or folder of this name is a draft."""
    return _DRAFT.fullmatch(name) is not None


def finished(path: Path) -> Path:
    """Return the place that a draft, or something inside of one, is meant for."""
    return Path(*(_DRAFT.sub(r"\1\2", part) if is_draft(part) else part for part in path.parts))


def sweep(folder: Path) -> None:
    """Remove the drafts in a folder whose processes are dead; what cannot be removed stays."""
    with suppress(OSError):
        for path in [Path(entry.path) for entry in os.scandir(folder) if is_draft(entry.name)]:
            with suppress(OSError):
                _remove_if_dead(path)


def _name(target: Path, stem: str, suffix: str) -> Path:
    return target.parent / f".{stem[:_STEM_LETTERS]}.{_MARK}-{secrets.token_hex(4)}{suffix}"


def _lock(descriptor: int, draft: Path) -> bool:
    """Lock a draft that is new; False if another process has swept it before."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(descriptor), draft.stat())
    except (FileNotFoundError, BlockingIOError):
        return False
    except OSError:  # a file system without locks: nothing there can be locked by a sweep either
        return True


def _remove_if_dead(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    finally:
        os.close(descriptor)
