"""Corpora that grow in the folder of what is kept: ``corpora/NAME`` holds one SVG file a drawing.

``limner build`` and ``limner train`` read such a folder as it is. What other programs lay beside these
folders, corpora in a file, can be learnt from too.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from pathlib import Path

from limner.corpus.formats.registry import format_of, known_suffix
from limner.errors import LimnerError
from limner.files import remove_empty, write_text
from limner.studio.keep.folder import files_in

FOLDER = "corpora"
NAME = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,47}$"
"""What a corpus may be called."""
_LOCK = threading.Lock()


def growing_in(kept: Path) -> dict[str, Path]:
    """Give the folders of growing corpora by their names; links are left out."""
    place = kept / FOLDER
    if not place.is_dir() or place.is_symlink():
        return {}
    return {p.name: p for p in sorted(place.iterdir()) if _is_corpus(p)}


def corpora_in(kept: Path) -> dict[str, Path]:
    """Give all that can be learnt from, growing corpora that hold anything and files, by their names."""
    found = {name: folder for name, folder in growing_in(kept).items() if files_in(folder)}
    place = kept / FOLDER
    if place.is_dir() and not place.is_symlink():
        files = (p for p in sorted(place.iterdir()) if known_suffix(p.suffix) and p.name[0] != ".")
        found |= {p.name: p for p in files if p.is_file() and not p.is_symlink() and format_of(p)}
    return found


def add(kept: Path, name: str, drawings: Sequence[tuple[str, str]], most: int) -> list[str]:
    """Add drawings to a corpus, which is made if there is none of that name.

    Parameters
    ----------
    kept : Path
    name : str
        As :data:`NAME` says.
    drawings : sequence of (str, str)
        For each the name that its file shall have, and its SVG document; one that is there already is written
        anew.
    most : int
        Drawings of the corpus at most.

    Returns
    -------
    list of str
        The names of the files, without suffix.

    Raises
    ------
    LimnerError
        If the name is none for a corpus, the corpus is full or it cannot be written. Then nothing is added.
    """
    if not re.fullmatch(NAME, name):
        raise LimnerError("A corpus is called by letters, digits, - and _, and 48 of them at most.")
    with _LOCK:
        folder = kept / FOLDER / name
        if (kept / FOLDER).is_symlink() or folder.is_symlink():
            raise LimnerError(f"{folder} is a link; choose another name.")
        there = files_in(folder)
        new = [stem for stem, _ in drawings if stem not in there]
        if len(there) + len(new) > most:
            raise LimnerError(f"{name} would hold more than {most} drawings; begin another corpus.")
        try:
            for stem, text in drawings:
                write_text(folder / f"{stem}.svg", text)
        except LimnerError:
            _remove(folder, new)
            raise
    return [stem for stem, _ in drawings]


def take_back(kept: Path, name: str, stems: Sequence[str]) -> int:
    """Take drawings out of a corpus again; give how many it holds then. An empty one is removed."""
    with _LOCK:
        folder = growing_in(kept).get(name)
        if folder is None:
            raise LimnerError(f"There is no corpus {name!r} here.")
        there = files_in(folder)
        _remove(folder, [stem for stem in stems if stem in there])
        left = len(files_in(folder))
        if not left:
            remove_empty([folder])
        return left


def _remove(folder: Path, stems: Sequence[str]) -> None:
    for stem in stems:
        (folder / f"{stem}.svg").unlink(missing_ok=True)


def _is_corpus(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink() and bool(re.fullmatch(NAME, path.name))
