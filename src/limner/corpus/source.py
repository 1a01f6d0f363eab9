"""``Source``: a file or a folder to read drawings from, and the reader that its content needs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from limner.corpus.reading import Reading, merge
from limner.errors import DataError, quote_list

if TYPE_CHECKING:
    from collections.abc import Callable

    from limner.corpus.collector import Collector

DOODLES = "doodles"
_SUFFIXES = (".npz", ".ndjson", ".parquet", ".svg")
_OPENINGS = ((b"PK", ".npz"), (b"PAR1", ".parquet"), (b"{", ".ndjson"), (b"<", ".svg"))


@dataclass(frozen=True)
class Source:
    """Files of one kind, in the order in which they are read.

    Parameters
    ----------
    path : Path
        The file or the folder.
    kind : str
        A suffix that names the reader: ``.npz``, ``.ndjson``, ``.parquet`` or ``.svg``; or ``doodles``.
    files : tuple of Path
    """

    path: Path
    kind: str
    files: tuple[Path, ...]

    def read(
        self,
        collector: Collector,
        *,
        recognized_only: bool = False,
        tick: Callable[[], object] = lambda: None,
    ) -> Reading:
        """Read all drawings.

        Parameters
        ----------
        collector : Collector
            Is told of bad drawings.
        recognized_only : bool
            Whether drawings that the QuickDraw game did not recognise are left out.
        tick : callable
            Called after each file.

        Raises
        ------
        DataError
            If a file is damaged, or a drawing is bad and the collector is strict.
        """
        if self.kind == DOODLES:
            return _read_doodles()
        if self.kind == ".svg":
            from limner.corpus.svg_folder import read_one_svg, read_svgs

            if self.path.is_dir():
                return read_svgs(self.files, self.path, collector, tick=tick)
            return read_one_svg(self.path)
        readings = []
        for file in self.files:
            readings.append(self._read_file(file, collector, recognized_only=recognized_only))
            tick()
        return merge(readings)

    def _read_file(self, file: Path, collector: Collector, *, recognized_only: bool) -> Reading:
        if self.kind == ".npz":
            from limner.corpus.npz import read_npz

            return read_npz(file, collector)
        if self.kind == ".parquet":
            from limner.corpus.parquet import read_parquet

            return read_parquet(file, collector)
        from limner.corpus.ndjson import read_ndjson

        return read_ndjson(file, collector, recognized_only=recognized_only)


def open_source(path: str | Path) -> Source:
    """Look what there is to read, without reading it.

    Parameters
    ----------
    path : str or Path
        A file, a folder that holds files of one kind at any depth, or ``doodles`` for the toy drawings.

    Raises
    ------
    DataError
        If there is nothing to read, or files of several kinds.
    """
    place = Path(path)
    if str(path) == DOODLES and not place.exists():
        return Source(place, DOODLES, ())
    if place.is_dir():
        return _open_folder(place)
    if not place.exists():
        raise DataError(f"{path} does not exist.{_hint(str(path))}")
    return Source(place, _kind(place), (place,))


def _open_folder(folder: Path) -> Source:
    found = [file for file in folder.rglob("*") if file.suffix.lower() in _SUFFIXES and file.is_file()]
    visible = [
        file for file in found if not any(part.startswith(".") for part in file.relative_to(folder).parts)
    ]
    # Sketchformer keeps figures about its chunks beside them in meta.npz.
    files = sorted(
        (f for f in visible if f.name != "meta.npz"), key=lambda f: f.relative_to(folder).as_posix()
    )
    kinds = sorted({file.suffix.lower() for file in files})
    if not kinds:
        raise DataError(
            f"{folder} holds no drawings: no {', '.join(_SUFFIXES[:-1])} or {_SUFFIXES[-1]} files."
        )
    if len(kinds) > 1:
        raise DataError(f"{folder} holds {quote_list(kinds)} files; name the files or a folder of one kind.")
    return Source(folder, kinds[0], tuple(files))


def _kind(file: Path) -> str:
    """Tell the reader by the suffix, or by the content where the suffix says nothing."""
    try:
        with file.open("rb") as stream:
            head = stream.read(256).lstrip(b"\xef\xbb\xbf \t\r\n")
    except OSError as error:
        raise DataError(f"Cannot read {file}: {(error.strerror or str(error)).lower()}.") from error
    if file.suffix.lower() in _SUFFIXES:
        return file.suffix.lower()
    for opening, kind in _OPENINGS:
        if head.startswith(opening):
            return kind
    raise DataError(f"{file} is no corpus: .npz, .ndjson, .parquet and .svg files can be read.")


def _hint(name: str) -> str:
    from shlex import quote

    from limner.corpus.catalogue import catalogue

    return f" To fetch it: limner data get {quote(name)}" if name in catalogue() else ""


def _read_doodles() -> Reading:
    from limner.corpus.corpus import Split
    from limner.corpus.doodles.make import make_doodles
    from limner.corpus.reading import number_labels

    drawings = make_doodles(10_000, seed=0)
    labels, names = number_labels([drawing.label for drawing in drawings])
    sources = [f"doodles#{i}" for i in range(len(drawings))]
    whole = Split.from_arrays([drawing.to_stroke3() for drawing in drawings], labels, sources)
    bounds = {"train": range(8_000), "valid": range(8_000, 9_000), "test": range(9_000, 10_000)}
    return Reading({name: whole.take(part) for name, part in bounds.items()}, names, ("float32",))
