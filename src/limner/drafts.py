"""Drafts: temporary files and folders that are renamed when they are complete.

A draft lies beside its target as ``.NAME.limner-draft-XXXXXXXX.SUFFIX``. Its process holds a lock on it
(``flock``), which the system releases when the process ends, however it ends. So a draft without a lock
belongs to no process, and may be removed.
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
"""Characters of the target's name in that of its draft, which so is never too long for a file system."""


@contextmanager
def draft_file(target: Path) -> Iterator[Path]:
    """Create an empty, locked draft of a file; it is removed at the end of the block, unless it was renamed.

    It has the suffix of the file, by which many writers choose their format.

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
    """Create an empty, locked draft of a folder; the end of the block removes it, unless it was renamed.

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
    """Return whether a name is that of a draft."""
    return _DRAFT.fullmatch(name) is not None


def finished(path: Path) -> Path:
    """Return the final path of a draft, or of something inside of one."""
    return Path(*(_DRAFT.sub(r"\1\2", part) if is_draft(part) else part for part in path.parts))


def sweep(folder: Path) -> None:
    """Remove the drafts in a folder whose processes have ended; those that cannot be removed stay."""
    with suppress(OSError):
        for path in [Path(entry.path) for entry in os.scandir(folder) if is_draft(entry.name)]:
            with suppress(OSError):
                _remove_if_dead(path)


def _name(target: Path, stem: str, suffix: str) -> Path:
    return target.parent / f".{stem[:_STEM_LETTERS]}.{_MARK}-{secrets.token_hex(4)}{suffix}"


def _lock(descriptor: int, draft: Path) -> bool:
    """Lock a new draft; return False if another process has removed it before."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(descriptor), draft.stat())
    except (FileNotFoundError, BlockingIOError):
        return False
    except OSError:  # a file system without locks: no sweep can lock anything there either
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
