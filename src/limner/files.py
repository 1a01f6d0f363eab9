"""Writing files and folders whole or not at all: to a draft first, which is renamed when complete.

A file is on the disk before it gets its name, and its name before the writer goes on (``fsync``): after a
power cut there is the old file or the new one. The names of drafts are those of
:mod:`limner.drafts`; those of a killed process are removed by the next one that writes into the folder.
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
"""Errors of writing that name no file: a full disk, a quota, a limit on sizes, a broken device."""
_swept: set[Path] = set()
"""Folders from which drafts of ended processes have been removed."""


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """Yield the path of a draft to write to; it is renamed to ``path`` if the block ends without an error.

    The draft has the suffix of ``path``, because many writers choose their format by it.

    Parameters
    ----------
    path : str or Path
        Path of the finished file. Its folder is created if it is missing.

    Raises
    ------
    LimnerError
        If the folder cannot be created or written to, ``path`` is a folder, or the disk is full.
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
        _name_to_disk(target)


@contextmanager
def whole_folder(path: str | Path) -> Iterator[Path]:
    """Yield a draft folder to fill; its files are moved to ``path`` if the block ends without an error.

    Files already in ``path`` stay, unless one of the new files has the same name.

    Raises
    ------
    LimnerError
        If the folder cannot be created or written to, ``path`` is a file, or the disk is full.
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
    """Create the folder of a target; remove it again if the block fails.

    An error of the operating system becomes a sentence about the target, unless it is about a file that the
    block reads.
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
    """Remove drafts of ended processes, the first time that this process writes into a folder."""
    absolute = folder.absolute()
    if absolute not in _swept:
        _swept.add(absolute)
        sweep(absolute)


def _to_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk, if the file system can tell."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF):
            raise
    finally:
        os.close(descriptor)


def _name_to_disk(path: Path) -> None:
    """Wait until the name of a file is on the disk."""
    with suppress(PermissionError):  # a folder that may be written, not read
        _to_disk(path.parent)


def write_text(path: str | Path, text: str) -> None:
    r"""Write a text file whole, in UTF-8; characters that it cannot encode are escaped, as ``\udcff``."""
    with whole_file(path) as draft:
        draft.write_text(text, encoding="utf-8", errors="backslashreplace")


def write_bytes(path: str | Path, data: bytes) -> None:
    """Write a binary file whole."""
    with whole_file(path) as draft:
        draft.write_bytes(data)


def append(path: Path, data: bytes) -> None:
    """Append to an existing file, all or nothing.

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
                file.write(data[done:])  # raises the error that explains why
        except OSError:
            file.truncate(size)
            raise


def whole_place(name: str) -> Path | str:
    """Return the absolute path of an existing file or folder; any other name unchanged."""
    path = Path(name)
    return path.resolve() if path.exists() else name


def make_folder(path: Path) -> list[Path]:
    """Create a folder and its parents, all or none; return the new ones, the deepest first."""
    missing = [p for p in (path, *path.parents) if not p.exists()]
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError:
        remove_empty(missing)
        raise
    return missing


def remove_empty(folders: list[Path]) -> None:
    """Remove folders, given the deepest first, as far as they are empty."""
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn an ``OSError`` in the block into a :class:`LimnerError` that names ``path``."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        if isinstance(error, (FileExistsError, NotADirectoryError)):
            reason = "a part of its path is a file, not a folder"
        raise LimnerError(f"Cannot write {finished(path)}: {reason}.") from error


def _move_into(draft: Path, target: Path) -> None:
    draft.chmod(0o777 & ~_umask())
    items = sorted(draft.rglob("*"))
    for item in (*reversed(items), draft):  # what is in a folder before the folder
        _to_disk(item)
    if not target.exists():
        draft.replace(target)
        _name_to_disk(target)
        return
    for item in items:
        final = target / item.relative_to(draft)
        if item.is_dir():
            final.mkdir(exist_ok=True)
        else:
            item.replace(final)
            _name_to_disk(final)
    shutil.rmtree(draft)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def text_of_name(name: str) -> str:
    r"""Return a file's name as text; bytes that are not UTF-8 are escaped, as ``\udcff``."""
    return spelt_out(name).decode()


def name_of_text(text: str) -> str:
    """Return a file's name from its text; the inverse of :func:`text_of_name`."""
    return re.sub(r"\\udc([89a-f][0-9a-f])", lambda match: chr(int(f"dc{match[1]}", 16)), text)


def spelt_out(name: str) -> bytes:
    r"""Return a file's name in UTF-8; bytes that are not UTF-8 are escaped, as ``\udcff``."""
    try:
        return name.encode()
    except UnicodeEncodeError:
        return name.encode("utf-8", "backslashreplace")
