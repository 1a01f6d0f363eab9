"""Outputs are written whole or not at all: to a temporary neighbour first, renamed when complete."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from limner.errors import LimnerError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """Give a temporary path to write to; it becomes ``path`` if the block ends without an error.

    The temporary file keeps the suffix of ``path``, because many writers choose their format by it.

    Parameters
    ----------
    path : str or Path
        Where the finished file shall stand. Its folder is made if it is missing.

    Raises
    ------
    LimnerError
        If the folder cannot be made or written to, or ``path`` is a folder.
    """
    target = Path(path)
    with explained(target):
        if target.is_dir():
            raise LimnerError(f"{target} is a folder; give the name of a file to write.")
        made = make_folder(target.parent)
        handle, name = tempfile.mkstemp(
            prefix=f".{target.stem[:40]}.", suffix=target.suffix, dir=target.parent
        )
        os.close(handle)
    draft = Path(name)
    try:
        yield draft
        with explained(target):
            draft.chmod(0o666 & ~_umask())
            draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        remove_empty(made)
        raise


@contextmanager
def whole_folder(path: str | Path) -> Iterator[Path]:
    """Give a temporary folder to fill; its files move to ``path`` if the block ends without an error.

    Files already in ``path`` stay, unless one of the new files has the same name.

    Raises
    ------
    LimnerError
        If the folder cannot be made or written to, or ``path`` is a file.
    """
    target = Path(path)
    with explained(target):
        if target.exists() and not target.is_dir():
            raise LimnerError(f"{target} is a file; give the name of a folder to write into.")
        made = make_folder(target.parent)
        draft = Path(tempfile.mkdtemp(prefix=f".{target.name[:40]}.", dir=target.parent))
    try:
        yield draft
        with explained(target):
            _move_into(draft, target)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        remove_empty(made)
        raise


def write_text(path: str | Path, text: str) -> None:
    """Write a text file whole, in UTF-8; bytes of names that are none stand there as escapes."""
    with whole_file(path) as draft:
        draft.write_text(text, encoding="utf-8", errors="backslashreplace")


def write_bytes(path: str | Path, data: bytes) -> None:
    """Write a binary file whole."""
    with whole_file(path) as draft:
        draft.write_bytes(data)


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
        raise LimnerError(f"Cannot write {path}: {reason}.") from error


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
