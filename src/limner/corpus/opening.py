"""Opening what drawings are read from: files, folders and names, one or several of them.

Sources that are opened together get prefixes, so that drawings of different files have different sources.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from limner.corpus.catalogue import catalogue
from limner.corpus.formats.format import DEFAULT_OPTIONS, ReadOptions
from limner.corpus.formats.registry import (
    FORMATS,
    files_by_format,
    format_of,
    is_picture,
    quoted_suffixes,
    refusal,
    suffixes,
    visible_files,
)
from limner.corpus.source import DOODLES, MIXED, Source
from limner.corpus.text import counted
from limner.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

UNFINISHED = ".limner-build"
"""A folder within a folder of shards, as long as these are being built."""
_SCAN_THEM = "they are read by limner scan, or by limner build with a recipe that begins with the step scan."


def open_sources(paths: Sequence[str | Path], options: ReadOptions = DEFAULT_OPTIONS) -> list[Source]:
    """Find what there is to read under several names, without reading it.

    Sources that have files of the same name, as sketchbooks with numbered pages do, are told apart by their
    folders: ``sb44/001.png`` and ``sb45/001.png`` instead of ``001.png`` twice.

    Parameters
    ----------
    paths, options
        As for :func:`open_source`.

    Raises
    ------
    DataError
        If there is nothing to read in one of them.
    """
    sources = [open_source(path, options) for path in paths]
    folders = [source.folder.resolve() for source in sources]
    ambiguous = _ambiguous_folders(sources, folders)
    if not ambiguous:
        return sources
    depth = next(n for n in count(1) if len({folder.parts[-n:] for folder in ambiguous}) == len(ambiguous))
    return [
        _prefixed(source, _last_parts(folder, depth)) if folder in ambiguous else source
        for source, folder in zip(sources, folders, strict=True)
    ]


def open_source(path: str | Path, options: ReadOptions = DEFAULT_OPTIONS) -> Source:
    """Find what there is to read, without reading it.

    Parameters
    ----------
    path : str or Path
        A file, a folder that holds files at any depth, or ``doodles`` for the toy drawings.
    options : ReadOptions
        How it will be read; pictures are refused unless it says how they are traced.

    Raises
    ------
    DataError
        If there is nothing to read.
    """
    place = Path(path)
    if str(path) == DOODLES and not place.exists():
        return Source(place, DOODLES, ())
    if place.is_dir():
        return open_folder(place, options)
    if not place.exists():
        raise DataError(f"{path} does not exist.{_download_hint(str(path))}")
    form = format_of(place)
    if form is None:
        raise refusal(place)
    if form.for_pictures and options.scan is None:
        raise DataError(f"{place} is no corpus but a picture; {_SCAN_THEM}")
    return Source(place, form.name, (place,), options)


def open_folder(folder: Path, options: ReadOptions = DEFAULT_OPTIONS) -> Source:
    """Find what a folder holds: the files of all formats; see :func:`open_source`.

    Pictures are left out unless the options say how they are traced. Files whose content alone looks like
    drawings, such as tables and reports, are left out beside files whose suffix decides, with a note.
    """
    if (folder / UNFINISHED).exists():
        raise DataError(f"{folder} is not finished; run the same limner build again, and it goes on.")
    by_format = {
        name: files
        for name, files in files_by_format(folder).items()
        if options.scan is not None or not FORMATS[name].for_pictures
    }
    if not by_format:
        raise DataError(_nothing_in(folder))
    certain = {name: files for name, files in by_format.items() if _has_certain_suffix(name, files)}
    left_out = {name: files for name, files in by_format.items() if certain and name not in certain}
    notes = (_left_out_note(left_out),) if left_out else ()
    parts = [
        Source(folder, name, tuple(files), options, notes=notes)
        for name, files in (certain or by_format).items()
    ]
    if len(parts) == 1:
        return parts[0]
    notes = (f"{folder} holds {quoted_suffixes(certain or by_format)} files; all of them are read.", *notes)
    parts = [replace(part, notes=notes) for part in parts]
    every = tuple(sorted((file for part in parts for file in part.files), key=Path.as_posix))
    return Source(folder, MIXED, every, options, parts=tuple(parts), notes=notes)


def _has_certain_suffix(name: str, files: Sequence[Path]) -> bool:
    return any(file.suffix.lower() in FORMATS[name].suffixes for file in files)


def _left_out_note(left_out: dict[str, list[Path]]) -> str:
    n = sum(map(len, left_out.values()))
    return (
        f"{counted(n, quoted_suffixes(left_out) + ' file')} beside the others left out; "
        "name them, or put them into a folder of their own, to read them."
    )


def _nothing_in(folder: Path) -> str:
    if any(is_picture(file) for file in visible_files(folder)):
        return f"{folder} holds pictures; {_SCAN_THEM}"
    return f"{folder} holds no drawings: no {', '.join(suffixes()[:-1])} or {suffixes()[-1]} files."


def _download_hint(name: str) -> str:
    from shlex import quote

    return f" To fetch it: limner data get {quote(name)}" if name in catalogue() else ""


def _ambiguous_folders(sources: Sequence[Source], folders: Sequence[Path]) -> set[Path]:
    """Return the folders that share the name of a file with another one."""
    owners: dict[str, set[Path]] = defaultdict(set)
    if len(set(folders)) > 1:
        for source, folder in zip(sources, folders, strict=True):
            for name in source.names():
                owners[name].add(folder)
    return set().union(*(same for same in owners.values() if len(same) > 1))


def _prefixed(source: Source, prefix: str) -> Source:
    parts = tuple(_prefixed(part, prefix) for part in source.parts)
    return replace(source, prefix=prefix, parts=parts)


def _last_parts(folder: Path, depth: int) -> str:
    return "".join(f"{part.strip('/')}/" for part in folder.parts[-depth:])
