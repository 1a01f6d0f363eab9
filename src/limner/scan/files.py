"""Picture files that names on the command line stand for, and names of the files written for them."""

from __future__ import annotations

from glob import glob, has_magic
from pathlib import Path
from typing import TYPE_CHECKING

from limner.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable

_ENDINGS = "avif bmp gif jp2 jpeg jpg pbm pgm png pnm ppm tif tiff webp"
SUFFIXES = frozenset(f".{ending}" for ending in _ENDINGS.split())
"""Files of a folder that are pictures; a file that is named is tried whatever its suffix."""


def find_pictures(names: Iterable[str | Path]) -> list[Path]:
    """Return the files that names stand for, each once, in the order of the names.

    Parameters
    ----------
    names : iterable of str or Path
        Files; folders, whose pictures are taken at any depth, sorted, hidden ones left out; patterns such as
        ``book*/page_?.png``. A file that does not exist is returned too: reading it raises the error.

    Raises
    ------
    DataError
        If a folder holds no picture, or nothing fits a pattern.
    """
    files: dict[Path, None] = {}
    for name in names:
        files.update(dict.fromkeys(_expanded(Path(name))))
    return list(files)


def _expanded(path: Path) -> list[Path]:
    if path.is_dir():
        inside = (p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
        files = sorted(p for p in inside if not any(v.startswith(".") for v in p.relative_to(path).parts))
        if not files:
            raise DataError(f"{path} holds no pictures: no {', '.join(sorted(SUFFIXES))} files.")
        return files
    if has_magic(str(path)) and not path.exists():
        matches = sorted(Path(match) for match in glob(str(path), recursive=True))  # noqa: PTH207 - any root
        if not matches:
            raise DataError(f"No file fits {path}.")
        return [file for match in matches for file in (_expanded(match) if match.is_dir() else [match])]
    return [path]


def free_name(stem: str, taken: set[str]) -> str:
    """Return the stem, or ``stem-2`` and so on where that is taken, and take it; case is ignored."""
    name, number = stem, 1
    while name.lower() in taken:
        number += 1
        name = f"{stem}-{number}"
    taken.add(name.lower())
    return name
