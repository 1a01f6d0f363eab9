"""Opening several sources together, so that drawings of different files have different names."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from limner.corpus.formats.format import AS_USUAL, ReadOptions
from limner.corpus.source import open_source

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from limner.corpus.source import Source


def open_sources(paths: Sequence[str | Path], options: ReadOptions = AS_USUAL) -> list[Source]:
    """Look what there is to read in several places, without reading it.

    Sources that have files of the same name, as sketchbooks with numbered pages do, are told apart by their
    folders: ``sb44/001.png`` and ``sb45/001.png`` instead of ``001.png`` twice.

    Parameters
    ----------
    paths, options
        As for :func:`limner.corpus.source.open_source`.

    Raises
    ------
    DataError
        If there is nothing to read in one of them, or files of several kinds.
    """
    sources = [open_source(path, options) for path in paths]
    folders = [source.folder.resolve() for source in sources]
    alike = _alike(sources, folders)
    if not alike:
        return sources
    depth = next(n for n in count(1) if len({folder.parts[-n:] for folder in alike}) == len(alike))
    return [
        replace(source, within=_ending(folder, depth)) if folder in alike else source
        for source, folder in zip(sources, folders, strict=True)
    ]


def _alike(sources: Sequence[Source], folders: Sequence[Path]) -> set[Path]:
    """Give the folders that share the name of a file with another one."""
    owners: dict[str, set[Path]] = defaultdict(set)
    if len(set(folders)) > 1:
        for source, folder in zip(sources, folders, strict=True):
            for name in source.names():
                owners[name].add(folder)
    return set().union(*(same for same in owners.values() if len(same) > 1))


def _ending(folder: Path, depth: int) -> str:
    return "".join(f"{part.strip('/')}/" for part in folder.parts[-depth:])
