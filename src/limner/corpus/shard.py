"""``Shard``: the part of a source that is read at once, by whatever process or machine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from limner.corpus.ndjson import Chunk, read_chunk
from limner.corpus.notes import joined_notes
from limner.corpus.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from limner.corpus.collector import Collector
    from limner.corpus.folder import Drawings
    from limner.corpus.parquet import Groups
    from limner.scan.settings import ScanSettings

DOODLES = "doodles"
PICTURES = "picture"


@dataclass(frozen=True)
class Shard:
    """Some lines of a file, a whole file, or several small files. It can be pickled.

    Parameters
    ----------
    kind : str
        A suffix that names the reader: ``.npz``, ``.ndjson``, ``.parquet``, ``.svg`` or ``.json``; or
        ``picture`` or ``doodles``.
    files : tuple of Path
    size : int
        In bytes, for progress.
    root : Path, optional
        The folder that the files were found in.
    labelled : bool
        Whether the files lie in several folders, whose names are labels.
    chunk : Chunk, optional
        Of an ``.ndjson`` file.
    groups : Groups, optional
        Of a ``.parquet`` file; all of it unless given.
    scan : ScanSettings, optional
        How pictures are read.
    within : str
        What is put before the names of files in the sources of drawings: ``sb44/``. Rows of ``.parquet``
        files keep the sources that they have.
    """

    kind: str
    files: tuple[Path, ...]
    size: int = 0
    root: Path | None = None
    labelled: bool = False
    chunk: Chunk | None = None
    groups: Groups | None = None
    scan: ScanSettings | None = None
    within: str = ""

    @property
    def path(self) -> str:
        """The file, or the first of them."""
        return str(self.files[0]) if self.files else DOODLES

    def readings(self, collector: Collector, *, recognized_only: bool = False) -> Iterator[Reading]:
        """Read the drawings, some thousand at a time where that can be.

        Raises
        ------
        DataError
            If a file is damaged, or a drawing is bad and the collector is strict.
        """
        readings = self._read(collector, recognized_only=recognized_only)
        if not self.within:
            yield from readings
            return
        rejected, begin = collector.rejected, len(collector.rejected)
        for reading in readings:
            yield _renamed(reading, self.within)
        rejected[begin:] = [replace(one, source=self.within + one.source) for one in rejected[begin:]]

    def _read(self, collector: Collector, *, recognized_only: bool) -> Iterator[Reading]:
        if self.kind == DOODLES:
            yield _doodles()
        elif self.kind == ".ndjson":
            assert self.chunk is not None  # noqa: S101 - made by Source.shards
            yield read_chunk(self.files[0], self.chunk, collector, recognized_only=recognized_only)
        elif self.kind == ".npz":
            from limner.corpus.npz import read_npz

            yield read_npz(self.files[0], collector)
        elif self.kind == ".parquet":
            from limner.corpus.parquet import parquet_readings

            yield from parquet_readings(self.files[0], collector, self.groups)
        else:
            yield self._read_files(collector)

    def _read_files(self, collector: Collector) -> Reading:
        from limner.corpus.folder import bird_drawings, read_files, scanned, svg_drawings

        notes: list[str] = []
        readers: dict[str, Callable[[Path], Drawings]] = {
            ".svg": partial(svg_drawings, notes=notes),
            ".json": bird_drawings,
        }
        if self.scan is not None:
            readers[PICTURES] = partial(scanned, settings=self.scan)
        read = readers[self.kind]
        reading = read_files(self.files, self.root, collector, read, labelled=self.labelled)
        return replace(reading, notes=joined_notes(reading.notes, notes))


def _renamed(reading: Reading, within: str) -> Reading:
    parts = {
        name: replace(part, sources=[within + source for source in part.sources])
        for name, part in reading.parts.items()
    }
    return replace(reading, parts=parts)


def _doodles() -> Reading:
    from limner.corpus.corpus import Split
    from limner.corpus.doodles.make import make_doodles
    from limner.corpus.reading import number_labels

    drawings = make_doodles(10_000, seed=0)
    labels, names = number_labels([drawing.label for drawing in drawings])
    sources = [f"{DOODLES}#{i}" for i in range(len(drawings))]
    whole = Split.from_arrays([drawing.to_stroke3() for drawing in drawings], labels, sources)
    bounds = {"train": range(8_000), "valid": range(8_000, 9_000), "test": range(9_000, 10_000)}
    return Reading({name: whole.take(part) for name, part in bounds.items()}, names, ("float32",))
