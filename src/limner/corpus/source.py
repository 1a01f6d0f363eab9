"""``Source``: files to read drawings from, and the ``Shard`` pieces in which they are read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limner.corpus.drawing_files import read_files
from limner.corpus.formats.format import DEFAULT_OPTIONS, DrawingRecords, Format, ReadOptions
from limner.corpus.formats.registry import FORMATS
from limner.files import text_of_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from limner.corpus.builder import CorpusBuilder

DOODLES = "doodles"
"""The kind of the toy drawings, and the name under which they are loaded."""
MIXED = "mixed"
"""The kind of a folder that holds files of several formats."""
_FILES = 32
"""Small files that are read together, of at most"""
_BYTES = 1 << 22
"""bytes: enough work for a process to be worth the message to it."""


@dataclass(frozen=True)
class Shard:
    """The part of a source that is read at once: a piece of a file, a file, or several small files.

    It can be pickled, and be read by any process on any machine.

    Parameters
    ----------
    kind : str
        The name of a format, or ``doodles``.
    files : tuple of Path
    size : int
        In bytes, for progress.
    root : Path, optional
        The folder that the files were found in.
    labelled : bool
        Whether the files lie in several folders, whose names are labels.
    piece : object, optional
        What the format's ``pieces`` returned for a file; the whole file unless given.
    options : ReadOptions
    prefix : str
        Is put before the names of files in the sources of drawings: ``sb44/``. Rows of ``.parquet`` files
        keep the sources that they have.
    notes : tuple of str
        Sentences about the source.
    """

    kind: str
    files: tuple[Path, ...]
    size: int = 0
    root: Path | None = None
    labelled: bool = False
    piece: Any = None
    options: ReadOptions = DEFAULT_OPTIONS
    prefix: str = ""
    notes: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The file, or the first of them."""
        return str(self.files[0]) if self.files else DOODLES

    def read(self, builder: CorpusBuilder) -> None:
        """Add the drawings to a builder, some thousand at a time where the format can be read so.

        Raises
        ------
        DataError
            If a file is damaged, or a drawing is bad and the builder is strict.
        """
        for sentence in self.notes:
            builder.note(sentence)
        with builder.prefixed(self.prefix):
            self._read(builder)

    def _read(self, builder: CorpusBuilder) -> None:
        if self.kind == DOODLES:
            from limner.corpus.doodles.corpus import read_doodles

            read_doodles(builder)
            return
        form = FORMATS[self.kind]
        if form.read is not None:
            form.read(self.files[0], builder, self.options, self.piece)
        elif form.drawings is not None:
            decode = partial(_decode, form.drawings, self.options)
            only = self.options.recognized_only
            read_files(self.files, self.root, builder, decode, labelled=self.labelled, recognized_only=only)


@dataclass(frozen=True)
class Source:
    """Files in the order in which they are read; see :func:`limner.corpus.opening.open_source`.

    Parameters
    ----------
    path : Path
        The file or the folder.
    kind : str
        As in :class:`Shard`, or ``mixed``.
    files : tuple of Path
    options : ReadOptions
        How they are read.
    prefix : str
        As in :class:`Shard`; see :func:`limner.corpus.opening.open_sources`.
    parts : tuple of Source
        One for each format of a ``mixed`` folder.
    notes : tuple of str
        Sentences about files that are not read.
    """

    path: Path
    kind: str
    files: tuple[Path, ...]
    options: ReadOptions = DEFAULT_OPTIONS
    prefix: str = ""
    parts: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """The folder from which the files are named."""
        return self.path if self.path.is_dir() else self.path.parent

    @property
    def is_read_by_drawing(self) -> bool:
        """Whether files are read drawing by drawing, and not in pieces."""
        return self.kind not in (DOODLES, MIXED) and FORMATS[self.kind].drawings is not None

    @property
    def size(self) -> int:
        """In bytes."""
        return sum(file.stat().st_size for file in self.files)

    def names(self) -> Iterator[str]:
        """Yield the names of the files, but for those that store the sources of their drawings."""
        if self.parts:
            for part in self.parts:
                yield from part.names()
        elif self.kind != "parquet":
            yield from (text_of_name(file.relative_to(self.folder).as_posix()) for file in self.files)

    def read(self, builder: CorpusBuilder, *, tick: Callable[[], object] = lambda: None) -> None:
        """Add all drawings to a builder.

        Parameters
        ----------
        builder : CorpusBuilder
        tick : callable
            Called after each shard.

        Raises
        ------
        DataError
            If a file is damaged, or a drawing is bad and the builder is strict.
        """
        for shard in self.shards():
            shard.read(builder)
            tick()

    def shards(self) -> Iterator[Shard]:
        """Yield the parts that can be read by themselves, in order."""
        if self.kind == DOODLES:
            yield Shard(DOODLES, ())
        elif self.parts:
            for part in self.parts:
                yield from part.shards()
        elif (form := FORMATS[self.kind]).drawings is not None:
            yield from self._small_files(1 if form.for_pictures else _FILES)
        else:
            for file in self.files:
                yield from self._pieces(form, file)

    def prefix_of(self, file: Path) -> str:
        """Return what stands before the name of a file of many drawings: the folders that it lies in."""
        inner = text_of_name(file.relative_to(self.folder).parent.as_posix())
        return self.prefix if inner == "." else f"{self.prefix}{inner}/"

    def _pieces(self, form: Format, file: Path) -> Iterator[Shard]:
        """Divide a file as its format does."""
        prefix = "" if self.kind == "parquet" else self.prefix_of(file)
        pieces = form.pieces(file) if form.pieces else [(None, file.stat().st_size)]
        for piece, size in pieces:
            yield Shard(
                self.kind, (file,), size, piece=piece, options=self.options, prefix=prefix, notes=self.notes
            )

    def _small_files(self, at_once: int) -> Iterator[Shard]:
        root = self.path if self.path.is_dir() else None
        labelled = len({file.parent for file in self.files}) > 1
        for files, size in _bundles(self.files, at_once):
            yield Shard(self.kind, files, size, root, labelled, None, self.options, self.prefix, self.notes)


def _bundles(files: tuple[Path, ...], at_once: int) -> Iterator[tuple[tuple[Path, ...], int]]:
    """Group small files, each group with its size in bytes."""
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


def _decode(
    drawings: Callable[[Path, ReadOptions], DrawingRecords], options: ReadOptions, file: Path
) -> DrawingRecords:
    return drawings(file, options)
