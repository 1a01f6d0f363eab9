"""The table of formats: what is read, how it is recognised, what is written.

Everything that asks what a file is asks here: opening sources and folders, ``curate``, the studio, writers.
A further format is one entry; see :func:`register`.
"""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from limner.corpus.formats.built_in import BUILT_IN
from limner.corpus.formats.format import HEAD, Format
from limner.errors import DataError, cause_of, quote_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from limner.corpus.corpus import Corpus

_TABLE: dict[str, Format] = {one.name: one for one in BUILT_IN}


def register(one: Format) -> None:
    """Put a format into the table; it comes behind those that are there.

    Raises
    ------
    ValueError
        If there is one of that name.
    """
    if one.name in _TABLE:
        raise ValueError(f"there is a format {one.name} already")
    _TABLE[one.name] = one
    _by_suffix.cache_clear()


def formats() -> tuple[Format, ...]:
    """Return all formats, in the order in which a file is tried."""
    return tuple(_TABLE.values())


def named(name: str) -> Format:
    """Return the format of this name."""
    return _TABLE[name]


def suffixes() -> tuple[str, ...]:
    """Return how files of drawings are called, for a sentence that lists them; pictures are left out."""
    return tuple(dict.fromkeys(one.suffix for one in formats() if not one.for_pictures))


def format_of(file: Path) -> Format | None:
    """Tell what a file is: by its suffix, or by its content where the suffix does not say enough.

    Raises
    ------
    DataError
        If it cannot be opened.
    """
    likely = _by_suffix().get(file.suffix.lower(), ())
    if likely and file.suffix.lower() in likely[0].suffixes:
        return likely[0]
    head = head_of(file)
    others = (one for one in formats() if one not in likely)
    return next((one for one in (*likely, *others) if one.knows(head)), None)


def listed(folder: Path) -> dict[str, list[Path]]:
    """Return the files below a folder that hold drawings, by the names of their formats.

    Hidden files and folders are left out, and so are files whose suffix no format has. Files come in the
    order of their paths from the folder.
    """
    found: dict[str, list[Path]] = {}
    for file in visible_files(folder):
        if file.suffix.lower() in _by_suffix() and not _is_meta(file):
            one = format_of(file)
            if one is not None:
                found.setdefault(one.name, []).append(file)
    return found


def visible_files(folder: Path) -> Iterator[Path]:
    """Return the files below a folder in the order of their paths, hidden ones left out."""
    inside = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    seen = [path for path in inside if not any(part.startswith(".") for part in path.parts)]
    yield from (folder / path for path in sorted(seen, key=lambda path: path.as_posix()))


def holds_pictures_only(folder: Path) -> bool:
    """Tell whether a folder has pictures and no drawings."""
    found = {named(name).for_pictures for name in listed(folder)}
    return found == {True}


def is_picture(file: Path) -> bool:
    """Tell by the suffix whether a file is a picture."""
    return any(one.for_pictures for one in _by_suffix().get(file.suffix.lower(), ()))


def known_suffix(suffix: str) -> bool:
    """Tell whether files of this suffix, ``.csv``, may hold drawings; pictures do not count."""
    return any(not one.for_pictures for one in _by_suffix().get(suffix.lower(), ()))


def writer_of(suffix: str) -> Format | None:
    """Return the format in which a corpus is written to a file of this suffix, if there is one."""
    found = _by_suffix().get(suffix.lower(), ())
    return next((one for one in found if one.write is not None), None)


def write_as(corpus: Corpus, path: Path) -> tuple[str, ...]:
    """Write a corpus in the format of the file's suffix; return what that cannot hold, as sentences.

    Raises
    ------
    ValueError
        If no corpus is written to files of this suffix; see :func:`writer_of`.
    """
    found = writer_of(path.suffix)
    if found is None or found.write is None:
        raise ValueError(f"no corpus is written as {path.suffix}")
    return found.write(corpus, path)


def written() -> tuple[str, ...]:
    """Return the suffixes that a corpus can be written with."""
    return tuple(one.suffix for one in formats() if one.write is not None)


def refusal(file: Path) -> DataError:
    """Say that a file is none of these formats, and what it may be."""
    from limner.corpus.formats.pickles import is_pickle, pickle_refusal

    if is_pickle(file, head_of(file)):
        return pickle_refusal(file)
    if known_suffix(file.suffix):
        return DataError(f"{file} holds no drawings in any form of {file.suffix} files that is known.")
    return DataError(f"{file} is no corpus that can be read: {quote_list(list(suffixes()))} files can.")


def head_of(file: Path) -> bytes:
    """Return the first :data:`HEAD` bytes of a file.

    Raises
    ------
    DataError
        If it cannot be opened.
    """
    try:
        with file.open("rb") as stream:
            return stream.read(HEAD)
    except OSError as error:
        raise DataError(f"Cannot read {file}: {cause_of(error)}.") from error


@cache
def _by_suffix() -> dict[str, tuple[Format, ...]]:
    """Return the formats that have each suffix, those first that need no look at the content."""
    found: dict[str, list[Format]] = {}
    for one in formats():
        for suffix in (*one.suffixes, *one.shared):
            found.setdefault(suffix, []).append(one)
    return {suffix: tuple(sorted(some, key=partial(_shares, suffix))) for suffix, some in found.items()}


def _shares(suffix: str, one: Format) -> bool:
    return suffix in one.shared


def _is_meta(file: Path) -> bool:
    """Tell whether a file is the one in which Sketchformer keeps figures about the chunks beside it."""
    return file.name == "meta.npz"


def names_of(found: Iterable[str]) -> str:
    """Name formats by their suffixes, for a sentence: ``.ndjson and .svg``."""
    return quote_list(sorted(named(name).suffix for name in found))
