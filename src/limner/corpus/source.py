"""``Source``: a file or a folder to read drawings from, and the shards in which it is read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from limner.corpus.ndjson import Chunk, ndjson_chunks
from limner.corpus.reading import Reading, merge
from limner.corpus.shard import DOODLES, PICTURES, Shard
from limner.errors import DataError, cause_of, quote_list
from limner.scan.files import SUFFIXES as PICTURE_SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from limner.corpus.collector import Collector
    from limner.scan.settings import ScanSettings

UNFINISHED = ".limner-build"
"""A folder within that of shards, as long as they are being built."""
_SUFFIXES = (".npz", ".ndjson", ".parquet", ".svg")
_PACKED = {".svgz": ".svg"}  # the same in another form
_JSON = ".json"  # drawings by body part; files of that name are often something else
_OPENINGS = ((b"PK", ".npz"), (b"PAR1", ".parquet"), (b"{", ".ndjson"), (b"<", ".svg"))
_FILES = 32  # that hold a drawing each are read together
_HEAD = 1 << 16  # bytes of a .json file in which drawings must have begun


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
    scan : ScanSettings, optional
        How pictures are read.
    within : str
        What stands before the names of files in the sources of drawings; see
        :func:`limner.corpus.apart.open_sources`.
    """

    path: Path
    kind: str
    files: tuple[Path, ...]
    scan: ScanSettings | None = None
    within: str = ""

    @property
    def folder(self) -> Path:
        """The folder from which the files are named."""
        return self.path if self.path.is_dir() else self.path.parent

    @property
    def is_single(self) -> bool:
        """Whether a file holds a drawing, or a few."""
        return self.kind in (".svg", _JSON, PICTURES)

    def names(self) -> Iterator[str]:
        """Give the names of the files, but for those that know where their drawings come from."""
        if self.kind != ".parquet":
            yield from (file.relative_to(self.folder).as_posix() for file in self.files)

    @property
    def size(self) -> int:
        """In bytes."""
        return sum(file.stat().st_size for file in self.files)

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
            Called after each shard.

        Raises
        ------
        DataError
            If a file is damaged, or a drawing is bad and the collector is strict.
        """
        return merge(self.readings(collector, recognized_only=recognized_only, tick=tick))

    def readings(
        self,
        collector: Collector,
        *,
        recognized_only: bool = False,
        tick: Callable[[], object] = lambda: None,
    ) -> Iterator[Reading]:
        """Read part by part; see :meth:`read`."""
        for shard in self.shards():
            yield from shard.readings(collector, recognized_only=recognized_only)
            tick()

    def shards(self) -> Iterator[Shard]:
        """Give the parts that can be read by themselves, in order, as they are asked for."""
        if self.is_single:
            yield from self._small_files(1 if self.kind == PICTURES else _FILES)
        elif self.kind == DOODLES:
            yield Shard(DOODLES, ())
        else:
            for file in self.files:
                yield from _shards_of(self.kind, file, self.place_of(file))

    def place_of(self, file: Path) -> str:
        """Give what stands before the name of a file of many drawings: the folders that it lies in."""
        inner = file.relative_to(self.folder).parent.as_posix()
        return self.within if inner == "." else f"{self.within}{inner}/"

    def _small_files(self, at_once: int) -> Iterator[Shard]:
        root = self.path if self.path.is_dir() else None
        several = len({file.parent for file in self.files}) > 1
        for begin in range(0, len(self.files), at_once):
            files = self.files[begin : begin + at_once]
            size = sum(file.stat().st_size for file in files)
            yield Shard(self.kind, files, size, root, several, scan=self.scan, within=self.within)


def _shards_of(kind: str, file: Path, within: str) -> Iterator[Shard]:
    """Cut a file that holds many drawings."""
    if kind == ".ndjson":
        try:
            for chunk in ndjson_chunks(file):
                yield Shard(kind, (file,), chunk.size, chunk=chunk, within=within)
        except OSError:  # whoever reads it will say why
            yield Shard(kind, (file,), chunk=Chunk(0, 0, 1), within=within)
    elif kind == ".parquet":
        from limner.corpus.parquet import parquet_groups

        for groups, size in parquet_groups(file):
            yield Shard(kind, (file,), size, groups=groups)
    else:
        yield Shard(kind, (file,), file.stat().st_size, within=within)


def open_source(path: str | Path, scan: ScanSettings | None = None) -> Source:
    """Look what there is to read, without reading it.

    Parameters
    ----------
    path : str or Path
        A file, a folder that holds files of one kind at any depth, or ``doodles`` for the toy drawings.
    scan : ScanSettings, optional
        How pictures are read; without it they are refused.

    Raises
    ------
    DataError
        If there is nothing to read, or files of several kinds.
    """
    place = Path(path)
    if str(path) == DOODLES and not place.exists():
        return Source(place, DOODLES, ())
    if place.is_dir():
        return _open_folder(place, scan)
    if not place.exists():
        raise DataError(f"{path} does not exist.{_hint(str(path))}")
    kind = _kind(place, scan)
    return Source(place, kind, (place,), scan if kind == PICTURES else None)


def _open_folder(folder: Path, scan: ScanSettings | None) -> Source:
    if (folder / UNFINISHED).exists():
        raise DataError(f"{folder} is not finished; run the same limner build again, and it goes on.")
    found = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    # Sketchformer keeps figures about its chunks beside them in meta.npz.
    seen = [f for f in found if not any(p.startswith(".") for p in f.parts) and f.name != "meta.npz"]
    files = [folder / path for path in sorted(seen, key=lambda path: path.as_posix())]
    by_kind: dict[str, list[Path]] = {}
    for file in files:
        suffix = _suffix(file)
        if suffix in _SUFFIXES:
            by_kind.setdefault(suffix, []).append(file)
        elif suffix in PICTURE_SUFFIXES and scan is not None:
            by_kind.setdefault(PICTURES, []).append(file)
    if not by_kind:
        birds = [file for file in files if _holds_birds(file)]
        by_kind |= {_JSON: birds} if birds else {}
    if len(by_kind) > 1:
        kinds = quote_list(sorted(by_kind))
        raise DataError(f"{folder} holds {kinds} files; name the files or a folder of one kind.")
    if not by_kind:
        raise DataError(_nothing_in(folder, files))
    kind, of_kind = by_kind.popitem()
    return Source(folder, kind, tuple(of_kind), scan if kind == PICTURES else None)


def _nothing_in(folder: Path, files: list[Path]) -> str:
    if any(file.suffix.lower() in PICTURE_SUFFIXES for file in files):
        return f"{folder} holds pictures; {_SCAN_THEM}"
    return f"{folder} holds no drawings: no {', '.join(_SUFFIXES[:-1])} or {_SUFFIXES[-1]} files."


_SCAN_THEM = "they are read by limner scan, or by limner build with a recipe that begins with the step scan."


def _kind(file: Path, scan: ScanSettings | None) -> str:
    """Tell the reader by the suffix, or by the content where the suffix says nothing."""
    try:
        with file.open("rb") as stream:
            head = stream.read(256).lstrip(b"\xef\xbb\xbf \t\r\n")
    except OSError as error:
        raise DataError(f"Cannot read {file}: {cause_of(error)}.") from error
    suffix = _suffix(file)
    if suffix in _SUFFIXES:
        return suffix
    if suffix in PICTURE_SUFFIXES and scan is not None:
        return PICTURES
    if _holds_birds(file):
        return _JSON
    for opening, kind in _OPENINGS:
        if head.startswith(opening):
            return kind
    if suffix in PICTURE_SUFFIXES:
        raise DataError(f"{file} is no corpus but a picture; {_SCAN_THEM}")
    raise DataError(f"{file} is no corpus: .npz, .ndjson, .parquet and .svg files can be read.")


def _suffix(file: Path) -> str:
    suffix = file.suffix.lower()
    return _PACKED.get(suffix, suffix)


def _holds_birds(file: Path) -> bool:
    from limner.corpus.birds import KEY

    if file.suffix.lower() != _JSON:
        return False
    with file.open("rb") as stream:
        return KEY.encode() in stream.read(_HEAD)


def _hint(name: str) -> str:
    from shlex import quote

    from limner.corpus.catalogue import catalogue

    return f" To fetch it: limner data get {quote(name)}" if name in catalogue() else ""
