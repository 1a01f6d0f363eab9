"""``Shard``: the part of a source that is read at once, by whatever process or machine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from limner.corpus.formats.format import AS_USUAL, Findings, ReadOptions
from limner.corpus.formats.table import named
from limner.corpus.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from limner.corpus.collector import Collector

DOODLES = "doodles"


@dataclass(frozen=True)
class Shard:
    """A piece of a file, a whole file, or several small files. It can be pickled.

    Parameters
    ----------
    kind : str
        The name of a format of the table, or ``doodles``.
    files : tuple of Path
    size : int
        In bytes, for progress.
    root : Path, optional
        The folder that the files were found in.
    labelled : bool
        Whether the files lie in several folders, whose names are labels.
    piece : object, optional
        What the format's ``pieces`` cut out of a file; all of it unless given.
    options : ReadOptions
    within : str
        What is put before the names of files in the sources of drawings: ``sb44/``. Rows of ``.parquet``
        files keep the sources that they have.
    """

    kind: str
    files: tuple[Path, ...]
    size: int = 0
    root: Path | None = None
    labelled: bool = False
    piece: Any = None
    options: ReadOptions = AS_USUAL
    within: str = ""

    @property
    def path(self) -> str:
        """The file, or the first of them."""
        return str(self.files[0]) if self.files else DOODLES

    def readings(self, collector: Collector) -> Iterator[Reading]:
        """Read the drawings, some thousand at a time where that can be.

        Raises
        ------
        DataError
            If a file is damaged, or a drawing is bad and the collector is strict.
        """
        readings = self._read(collector)
        yield from within(self.within, readings, collector) if self.within else readings

    def _read(self, collector: Collector) -> Iterator[Reading]:
        if self.kind == DOODLES:
            yield _doodles()
            return
        found = named(self.kind)
        if found.readings is not None:
            yield from found.readings(self.files[0], collector, self.options, self.piece)
        elif found.drawings is not None:
            from limner.corpus.folder import read_files

            yield from read_files(
                self.files,
                self.root,
                collector,
                partial(_read_by, found.drawings, self.options),
                labelled=self.labelled,
                recognized_only=self.options.recognized_only,
            )


def _read_by(drawings: Callable[[Path, ReadOptions], Findings], options: ReadOptions, file: Path) -> Findings:
    return drawings(file, options)


def within(place: str, readings: Iterable[Reading], collector: Collector) -> Iterator[Reading]:
    """Put the name of a place before the sources of drawings, those of rejected ones too."""
    rejected, begin = collector.rejected, len(collector.rejected)
    for reading in readings:
        yield _renamed(reading, place)
    rejected[begin:] = [replace(one, source=place + one.source) for one in rejected[begin:]]


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
