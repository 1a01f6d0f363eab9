"""``Source``: a file or a folder to read drawings from, and the shards in which it is read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from limner.corpus.formats.format import AS_USUAL, Format, ReadOptions
from limner.corpus.formats.table import (
    format_of,
    is_picture,
    listed,
    named,
    names_of,
    refusal,
    suffixes,
    visible_files,
)
from limner.corpus.reading import Reading, merge
from limner.corpus.shard import DOODLES, Shard
from limner.errors import DataError
from limner.files import text_of_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from limner.corpus.collector import Collector

UNFINISHED = ".limner-build"
"""A folder within that of shards, as long as they are being built."""
_FILES = 32  # small files that are read together, of so many bytes at most:
_BYTES = 1 << 22


@dataclass(frozen=True)
class Source:
    """Files of one kind, in the order in which they are read.

    Parameters
    ----------
    path : Path
        The file or the folder.
    kind : str
        As in :class:`limner.corpus.shard.Shard`.
    files : tuple of Path
    options : ReadOptions
        How they are read.
    within : str
        What stands before the names of files in the sources of drawings; see
        :func:`limner.corpus.disambiguate.open_sources`.
    """

    path: Path
    kind: str
    files: tuple[Path, ...]
    options: ReadOptions = AS_USUAL
    within: str = ""

    @property
    def folder(self) -> Path:
        """The folder from which the files are named."""
        return self.path if self.path.is_dir() else self.path.parent

    @property
    def is_single(self) -> bool:
        """Whether files are read drawing by drawing, and not in pieces."""
        return self.kind != DOODLES and named(self.kind).drawings is not None

    def names(self) -> Iterator[str]:
        """Give the names of the files, but for those that know where their drawings come from."""
        if self.kind != "parquet":
            yield from (text_of_name(file.relative_to(self.folder).as_posix()) for file in self.files)

    @property
    def size(self) -> int:
        """In bytes."""
        return sum(file.stat().st_size for file in self.files)

    def read(self, collector: Collector, *, tick: Callable[[], object] = lambda: None) -> Reading:
        """Read all drawings.

        Parameters
        ----------
        collector : Collector
            Is told of bad drawings.
        tick : callable
            Called after each shard.

        Raises
        ------
        DataError
            If a file is damaged, or a drawing is bad and the collector is strict.
        """
        return merge(self.readings(collector, tick=tick))

    def readings(
        self, collector: Collector, *, tick: Callable[[], object] = lambda: None
    ) -> Iterator[Reading]:
        """Read part by part; see :meth:`read`."""
        for shard in self.shards():
            yield from shard.readings(collector)
            tick()

    def shards(self) -> Iterator[Shard]:
        """Give the parts that can be read by themselves, in order, as they are asked for."""
        if self.kind == DOODLES:
            yield Shard(DOODLES, ())
        elif (found := named(self.kind)).drawings is not None:
            yield from self._small_files(1 if found.for_pictures else _FILES)
        else:
            for file in self.files:
                yield from self._pieces(found, file)

    def place_of(self, file: Path) -> str:
        """Give what stands before the name of a file of many drawings: the folders that it lies in."""
        inner = text_of_name(file.relative_to(self.folder).parent.as_posix())
        return self.within if inner == "." else f"{self.within}{inner}/"

    def _pieces(self, found: Format, file: Path) -> Iterator[Shard]:
        """Cut a file as its format says."""
        within = "" if self.kind == "parquet" else self.place_of(file)
        cut = found.pieces(file) if found.pieces else [(None, file.stat().st_size)]
        for piece, size in cut:
            yield Shard(self.kind, (file,), size, piece=piece, options=self.options, within=within)

    def _small_files(self, at_once: int) -> Iterator[Shard]:
        root = self.path if self.path.is_dir() else None
        several = len({file.parent for file in self.files}) > 1
        for files, size in _bundles(self.files, at_once):
            yield Shard(self.kind, files, size, root, several, options=self.options, within=self.within)


def _bundles(files: tuple[Path, ...], at_once: int) -> Iterator[tuple[tuple[Path, ...], int]]:
    """Put small files together, each bundle with its size in bytes."""
    bundle, total = list[Path](), 0
    for file in files:
        size = file.stat().st_size
        if bundle and (len(bundle) == at_once or total + size > _BYTES):
            yield tuple(bundle), total
            bundle, total = [], 0
        bundle.append(file)
        total += size
    if bundle:
        yield tuple(bundle), total


def open_source(path: str | Path, options: ReadOptions = AS_USUAL) -> Source:
    """Look what there is to read, without reading it.

    Parameters
    ----------
    path : str or Path
        A file, a folder that holds files of one kind at any depth, or ``doodles`` for the toy drawings.
    options : ReadOptions
        How it will be read; pictures are refused unless it says how they are.

    Raises
    ------
    DataError
        If there is nothing to read, or files of several kinds.
    """
    place = Path(path)
    if str(path) == DOODLES and not place.exists():
        return Source(place, DOODLES, ())
    if place.is_dir():
        return open_folder(place, options)
    if not place.exists():
        raise DataError(f"{path} does not exist.{_hint(str(path))}")
    found = format_of(place)
    if found is None:
        raise refusal(place)
    if found.for_pictures and options.scan is None:
        raise DataError(f"{place} is no corpus but a picture; {_SCAN_THEM}")
    return Source(place, found.name, (place,), options)


def open_folder(folder: Path, options: ReadOptions = AS_USUAL) -> Source:
    """Look what a folder holds; see :func:`open_source`."""
    if (folder / UNFINISHED).exists():
        raise DataError(f"{folder} is not finished; run the same limner build again, and it goes on.")
    found = {
        name: files
        for name, files in listed(folder).items()
        if options.scan is not None or not named(name).for_pictures
    }
    found = _without_weak(found)
    if len(found) > 1:
        raise DataError(f"{folder} holds {names_of(found)} files; name the files or a folder of one kind.")
    if not found:
        raise DataError(_nothing_in(folder))
    kind, files = found.popitem()
    return Source(folder, kind, tuple(files), options)


def _without_weak(found: dict[str, list[Path]]) -> dict[str, list[Path]]:
    """Leave out kinds that were told by their content alone where others were told by their suffix.

    Beside a corpus lie tables and reports that may look like drawings.
    """
    strong = {
        name: files
        for name, files in found.items()
        if any(file.suffix.lower() in named(name).suffixes for file in files)
    }
    return strong or found


def _nothing_in(folder: Path) -> str:
    if any(is_picture(file) for file in visible_files(folder)):
        return f"{folder} holds pictures; {_SCAN_THEM}"
    return f"{folder} holds no drawings: no {', '.join(suffixes()[:-1])} or {suffixes()[-1]} files."


_SCAN_THEM = "they are read by limner scan, or by limner build with a recipe that begins with the step scan."


def _hint(name: str) -> str:
    from shlex import quote

    from limner.corpus.catalogue import catalogue

    return f" To fetch it: limner data get {quote(name)}" if name in catalogue() else ""
