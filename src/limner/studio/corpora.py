"""Growing corpora in the folder of kept drawings: ``corpora/NAME`` holds one SVG file per drawing.

``limner build`` and ``limner train`` read such a folder directly. Corpus files beside these folders can be
trained on as well.
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
"""Pattern of a corpus's name."""
_LOCK = threading.Lock()


def growing_corpora(kept: Path) -> dict[str, Path]:
    """Return the folders of growing corpora by name, without symbolic links."""
    folder = kept / FOLDER
    if not folder.is_dir() or folder.is_symlink():
        return {}
    return {p.name: p for p in sorted(folder.iterdir()) if _is_corpus(p)}


def trainable_corpora(kept: Path) -> dict[str, Path]:
    """Return everything that can be trained on, by name: growing corpora that are not empty, and files."""
    corpora = {name: path for name, path in growing_corpora(kept).items() if files_in(path)}
    folder = kept / FOLDER
    if folder.is_dir() and not folder.is_symlink():
        files = (p for p in sorted(folder.iterdir()) if known_suffix(p.suffix) and p.name[0] != ".")
        corpora |= {p.name: p for p in files if p.is_file() and not p.is_symlink() and format_of(p)}
    return corpora


def add_drawings(kept: Path, name: str, drawings: Sequence[tuple[str, str]], limit: int) -> list[str]:
    """Add drawings to a corpus, which is created if it does not exist.

    Parameters
    ----------
    kept : Path
        The folder of kept drawings.
    name : str
        Matches :data:`NAME`.
    drawings : sequence of (str, str)
        File name without suffix and SVG document of each; an existing file is overwritten.
    limit : int
        Maximum number of drawings in the corpus.

    Returns
    -------
    list of str
        The file names, without suffix.

    Raises
    ------
    LimnerError
        If the name is invalid, the corpus is full or it cannot be written. Then nothing is added.
    """
    if not re.fullmatch(NAME, name):
        raise LimnerError("A corpus is called by letters, digits, - and _, and 48 of them at most.")
    with _LOCK:
        folder = kept / FOLDER / name
        if (kept / FOLDER).is_symlink() or folder.is_symlink():
            raise LimnerError(f"{folder} is a link; choose another name.")
        existing = files_in(folder)
        new = [stem for stem, _ in drawings if stem not in existing]
        if len(existing) + len(new) > limit:
            raise LimnerError(f"{name} would hold more than {limit} drawings; begin another corpus.")
        _write_all(folder, drawings, new)
    return [stem for stem, _ in drawings]


def _write_all(folder: Path, drawings: Sequence[tuple[str, str]], new: Sequence[str]) -> None:
    """Write drawings; if one of them fails, the files of ``new`` are removed."""
    try:
        for stem, text in drawings:
            write_text(folder / f"{stem}.svg", text)
    except LimnerError:
        _remove(folder, new)
        raise


def remove_drawings(kept: Path, name: str, stems: Sequence[str]) -> int:
    """Remove drawings from a corpus, and return how many are left. An empty corpus is removed."""
    with _LOCK:
        folder = growing_corpora(kept).get(name)
        if folder is None:
            raise LimnerError(f"There is no corpus {name!r} here.")
        existing = files_in(folder)
        _remove(folder, [stem for stem in stems if stem in existing])
        left = len(files_in(folder))
        if not left:
            remove_empty([folder])
        return left


def _remove(folder: Path, stems: Sequence[str]) -> None:
    for stem in stems:
        (folder / f"{stem}.svg").unlink(missing_ok=True)


def _is_corpus(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink() and bool(re.fullmatch(NAME, path.name))
