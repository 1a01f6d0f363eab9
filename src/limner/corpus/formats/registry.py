"""The table of formats: which files hold drawings, how each is recognized, which ones are written.

Whatever needs to know what a file is asks here: opening sources and folders, ``curate``, the studio, writers.
``docs/adding/format.md`` shows how another package adds a format.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from limner.corpus.formats.format import HEAD, Format
from limner.errors import DataError, cause_of, quote_list
from limner.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from limner.corpus.corpus import Corpus

FORMATS: Registry[Format] = Registry(
    "limner.formats",
    "format",
    {
        "npz": "limner.corpus.formats.npz_file:NPZ",
        "npy": "limner.corpus.formats.npz_file:NPY",
        "ndjson": "limner.corpus.ndjson:FORMAT",
        "parquet": "limner.corpus.formats.parquet_file:FORMAT",
        "svg": "limner.corpus.formats.svg_file:FORMAT",
        "json": "limner.corpus.formats.json_file:FORMAT",
        "csv": "limner.corpus.formats.csv_file:FORMAT",
        "bin": "limner.corpus.formats.quickdraw_bin:FORMAT",
        "inkml": "limner.corpus.formats.inkml:FORMAT",
        "iam": "limner.corpus.formats.iam:FORMAT",
        "unipen": "limner.corpus.formats.unipen:FORMAT",
        "omniglot": "limner.corpus.formats.omniglot:FORMAT",
        "zip": "limner.corpus.formats.archive:FORMAT",
        "picture": "limner.corpus.formats.picture_file:FORMAT",
    },
    lambda entry: isinstance(entry, Format),
)
"""All formats, in the order in which a file is tried."""

_SIDE_NAMES = ("manifest.json", "meta.npz")
"""What ``limner build`` and Sketchformer write beside the shards and chunks of a corpus."""
_SIDE_ENDINGS = (".drawings.csv", ".report.json", ".provenance.json")
"""Endings of what ``limner build`` and ``limner sample`` write beside a corpus."""


def suffixes() -> tuple[str, ...]:
    """Return a suffix of each format but pictures, for sentences."""
    return tuple(dict.fromkeys(one.suffix for one in _by_name().values() if not one.for_pictures))


def format_of(file: Path) -> Format | None:
    """Return the format of a file: by its suffix, or by its content where the suffix does not decide.

    Raises
    ------
    DataError
        If it cannot be opened.
    """
    likely = _formats_of(file.suffix.lower())
    if likely and file.suffix.lower() in likely[0].suffixes:
        return likely[0]
    head = head_of(file)
    others = (one for one in _by_name().values() if one not in likely)
    return next((one for one in (*likely, *others) if one.matches(head)), None)


def files_by_format(folder: Path) -> dict[str, list[Path]]:
    """Return the files below a folder that hold drawings, by the names of their formats.

    Hidden files and folders are left out, and so are files whose suffix no format has. Files are in the order
    of their paths from the folder.
    """
    files: dict[str, list[Path]] = {}
    for file in visible_files(folder):
        if _formats_of(file.suffix.lower()) and not _is_side_file(file):
            one = format_of(file)
            if one is not None:
                files.setdefault(one.name, []).append(file)
    return files


def visible_files(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder in the order of their paths; hidden ones are left out."""
    inside = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    visible = [path for path in inside if not any(part.startswith(".") for part in path.parts)]
    yield from (folder / path for path in sorted(visible, key=lambda path: path.as_posix()))


def holds_pictures_only(folder: Path) -> bool:
    """Return whether a folder has pictures and no drawings."""
    return {FORMATS[name].for_pictures for name in files_by_format(folder)} == {True}


def is_picture(file: Path) -> bool:
    """Return whether a file is a picture, by its suffix."""
    return any(one.for_pictures for one in _formats_of(file.suffix.lower()))


def known_suffix(suffix: str) -> bool:
    """Return whether files of this suffix, ``.csv``, may hold drawings; pictures do not count."""
    return any(not one.for_pictures for one in _formats_of(suffix.lower()))


def writer_of(suffix: str) -> Format | None:
    """Return the format in which a corpus is written to a file of this suffix, if there is one."""
    return next((one for one in _formats_of(suffix.lower()) if one.write is not None), None)


def write_as(corpus: Corpus, path: Path) -> tuple[str, ...]:
    """Write a corpus in the format of the file's suffix; return what that cannot store, as sentences.

    Raises
    ------
    ValueError
        If no corpus is written to files of this suffix; see :func:`writer_of`.
    """
    one = writer_of(path.suffix)
    if one is None or one.write is None:
        raise ValueError(f"no corpus is written as {path.suffix}")
    return one.write(corpus, path)


def written_suffixes() -> tuple[str, ...]:
    """Return the suffixes of the formats that a corpus can be written in."""
    return tuple(one.suffix for one in _by_name().values() if one.write is not None)


def refusal(file: Path) -> DataError:
    """Return the error that a file is of none of these formats."""
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


def quoted_suffixes(names: Iterable[str]) -> str:
    """Return the suffixes of formats for a sentence: ``.ndjson and .svg``."""
    return quote_list(sorted(FORMATS[name].suffix for name in names))


def _formats_of(suffix: str) -> tuple[Format, ...]:
    """Return the formats that have a suffix, those first that need no look at the content.

    Other packages are imported only if no format of limner has it by itself.
    """
    own = _by_suffix(with_others=False).get(suffix, ())
    if own and suffix in own[0].suffixes:
        return own
    return _by_suffix(with_others=True).get(suffix, ())


@cache
def _by_suffix(*, with_others: bool) -> dict[str, tuple[Format, ...]]:
    by_suffix: dict[str, list[Format]] = {}
    for one in _by_name().values() if with_others else (one for _, one in FORMATS.built_in()):
        for suffix in (*one.suffixes, *one.shared):
            by_suffix.setdefault(suffix, []).append(one)
    return {suffix: tuple(sorted(same, key=partial(_shares, suffix))) for suffix, same in by_suffix.items()}


@cache
def _by_name() -> dict[str, Format]:
    """Return all formats, each called by its key in the table."""
    return {name: one if one.name == name else replace(one, name=name) for name, one in FORMATS.items()}


def _shares(suffix: str, one: Format) -> bool:
    return suffix in one.shared


def _is_side_file(file: Path) -> bool:
    """Return whether a file describes a corpus beside it."""
    return file.name in _SIDE_NAMES or file.name.endswith(_SIDE_ENDINGS)
