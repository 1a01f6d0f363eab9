"""Outputs are written whole or not at all: to a draft beside them first, renamed when complete.

A file is on the disk before it gets its name, and its name before the writer goes on (``fsync``): after a
power cut there is the old file or the new one. Drafts are kept apart from other files as
:mod:`limner.drafts` says; those that a killed process has left go when the next one writes into the folder.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from limner.drafts import draft_file, draft_folder, finished, is_draft, sweep
from limner.errors import LimnerError

if TYPE_CHECKING:
    from collections.abc import Iterator

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What writing meets and names no file for: a full disk, a quota, a limit, a broken device."""
_swept: set[Path] = set()


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """Yield a draft to write to; it becomes ``path`` if the block ends without an error.

    The draft keeps the suffix of ``path``, because many writers choose their format by it.

    Parameters
    ----------
    path : str or Path
        Where the finished file shall stand. Its folder is made if it is missing.

    Raises
    ------
    LimnerError
        If the folder cannot be made or written to, ``path`` is a folder, or the disk is full.
    """
    target = Path(path)
    with explained(target):
        if target.is_dir():
            raise LimnerError(f"{target} is a folder; give the name of a file to write.")
    with _made(target), draft_file(target) as draft:
        yield draft
        draft.chmod(0o666 & ~_umask())
        _to_disk(draft)
        draft.replace(target)
        with suppress(PermissionError):  # a folder that may be written, not read
            _to_disk(target.parent)


@contextmanager
def whole_folder(path: str | Path) -> Iterator[Path]:
    """Yield a draft folder to fill; its files move to ``path`` if the block ends without an error.

    Files already in ``path`` stay, unless one of the new files has the same name.

    Raises
    ------
    LimnerError
        If the folder cannot be made or written to, ``path`` is a file, or the disk is full.
    """
    target = Path(path)
    with explained(target):
        if target.exists() and not target.is_dir():
            raise LimnerError(f"{target} is a file; give the name of a folder to write into.")
    with _made(target), draft_folder(target) as draft:
        yield draft
        _move_into(draft, target)


@contextmanager
def _made(target: Path) -> Iterator[None]:
    """Make the folder around a target; take it away again if the block fails.

    An error of the operating system becomes a sentence about the target, unless it is about another file:
    the block reads too.
    """
    with explained(target):
        made = make_folder(target.parent)
    _sweep_once(target.parent)
    try:
        yield
    except OSError as error:
        remove_empty(made)
        with explained(target) if _is_of_draft(error) else nullcontext():
            raise
    except BaseException:
        remove_empty(made)
        raise


def _is_of_draft(error: OSError) -> bool:
    if error.filename is None:
        return error.errno in _FULL
    return any(map(is_draft, Path(os.fsdecode(error.filename)).parts))


def _sweep_once(folder: Path) -> None:
    """Sweep a folder the first time that this process writes into it."""
    place = folder.absolute()
    if place not in _swept:
        _swept.add(place)
        sweep(place)


def _to_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk; where a system cannot, go on."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF):
            raise
    finally:
        os.close(descriptor)


def write_text(path: str | Path, text: str) -> None:
    r"""Write a text file whole, in UTF-8; what that has no place for is spelt out, as ``\udcff``."""
    with whole_file(path) as draft:
        draft.write_text(text, encoding="utf-8", errors="backslashreplace")


def write_bytes(path: str | Path, data: bytes) -> None:
    """Write a binary file whole."""
    with whole_file(path) as draft:
        draft.write_bytes(data)


def append(path: Path, data: bytes) -> None:
    """Add to a file that is there, all or nothing.

    Raises
    ------
    LimnerError
        If the file cannot be written, or the disk is full.
    """
    with explained(path), path.open("ab", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        try:
            done = file.write(data)
            if done != len(data):
                file.write(data[done:])  # which says why
        except OSError:
            file.truncate(size)
            raise


def whole_place(name: str) -> Path | str:
    """Give the whole path of a file or folder that is there; any other name as it is."""
    place = Path(name)
    return place.resolve() if place.exists() else name


def make_folder(path: Path) -> list[Path]:
    """Make a folder and its parents, all or none; return those that were new, the deepest first."""
    missing = [p for p in (path, *path.parents) if not p.exists()]
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError:
        remove_empty(missing)
        raise
    return missing


def remove_empty(folders: list[Path]) -> None:
    """Remove the folders that are empty, the deepest first; used to leave nothing behind after a failure."""
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn an ``OSError`` in the block into a sentence that names ``path``."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        if isinstance(error, (FileExistsError, NotADirectoryError)):
            reason = "a part of its path is a file, not a folder"
        raise LimnerError(f"Cannot write {finished(path)}: {reason}.") from error


def _move_into(draft: Path, target: Path) -> None:
    draft.chmod(0o777 & ~_umask())
    if not target.exists():
        draft.replace(target)
        return
    for item in sorted(draft.rglob("*")):
        place = target / item.relative_to(draft)
        if item.is_dir():
            place.mkdir(exist_ok=True)
        else:
            item.replace(place)
    shutil.rmtree(draft)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def text_of_name(name: str) -> str:
    r"""Return a file's name as text; bytes that are no UTF-8 are spelt out: ``\udcff``."""
    return spelt_out(name).decode()


def name_of_text(text: str) -> str:
    """Return the file's name that :func:`text_of_name` spelt out."""
    return re.sub(r"\\udc([89a-f][0-9a-f])", lambda found: chr(int(f"dc{found[1]}", 16)), text)


def spelt_out(name: str) -> bytes:
    r"""Return a file's name in UTF-8; bytes that are none are spelt out, as ``\udcff``."""
    try:
        return name.encode()
    except UnicodeEncodeError:
        return name.encode("utf-8", "backslashreplace")
