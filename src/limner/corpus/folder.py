"""Reading files drawing by drawing: SVG files, pictures, and every format that has a reader of drawings.

Where such files lie in several folders, the folders are the labels of drawings whose file names none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from limner.corpus.corpus import Split
from limner.corpus.formats.format import Bad, Findings, Found
from limner.corpus.reading import Reading, number_labels
from limner.corpus.rows import NO_POINTS
from limner.errors import DataError
from limner.files import text_of_name

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from limner.corpus.collector import Collector
    from limner.scan.settings import ScanSettings

AT_ONCE = 10_000
"""Drawings of a part at most."""
UNRECOGNISED = "the game did not recognise it"


def read_files(
    files: Sequence[Path],
    root: Path | None,
    collector: Collector,
    read: Callable[[Path], Findings],
    *,
    labelled: bool = False,
    recognized_only: bool = False,
) -> Iterator[Reading]:
    """Read files one by one, some thousand drawings at a time.

    Parameters
    ----------
    files : sequence of Path
        In the order in which the drawings shall stand.
    root : Path, optional
        The folder that they were found in; sources are named from there, and a file that cannot be read is
        one bad drawing. None for a file that was named by itself: if it cannot be read, that is refused.
    collector : Collector
        Is told of files and drawings that cannot be read.
    read : callable
        Gives what a file holds; see :class:`limner.corpus.formats.format.Format`.
    labelled : bool
        Whether the folder of a file is the label of drawings that have none.
    recognized_only : bool
        Whether drawings that the QuickDraw game did not recognise are left out.

    Raises
    ------
    DataError
        If a file cannot be read, and it was named by itself or the collector is strict.
    """
    part = _Part()
    for file in files:
        name = text_of_name(file.relative_to(root).as_posix() if root else file.name)
        folder = text_of_name(file.parent.name) if labelled else None
        for number, found in enumerate(_found(file, read)):
            key = getattr(found, "key", None)
            source = f"{name}#{number if key is None else text_of_name(str(key))}"
            if isinstance(found, DataError):
                if root is None:
                    raise found
                collector.reject_file(source, found)
            elif isinstance(found, Bad):
                collector.reject(source, found.reason, f"{file}, drawing {number}")
            elif recognized_only and not found.recognised:
                collector.omit(source, UNRECOGNISED)
            elif not len(found.rows):
                collector.omit(source, NO_POINTS)
            else:
                part.add(found, source, folder)
            if len(part) == AT_ONCE:
                yield part.reading()
                part = _Part()
    yield part.reading()


class _Part:
    """Drawings that become one reading."""

    def __init__(self) -> None:
        self.arrays: list[NDArray[np.float32]] = []
        self.labels: list[str | None] = []
        self.sources: list[str] = []
        self.passed: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self.arrays)

    def add(self, found: Found, source: str, folder: str | None) -> None:
        self.arrays.append(found.rows)
        self.labels.append(folder if found.label is None else text_of_name(found.label))
        self.sources.append(source)
        self.passed.update(dict(found.passed))

    def reading(self) -> Reading:
        indices, names = number_labels(self.labels)
        whole = Split.from_arrays(self.arrays, indices, self.sources)
        return Reading({None: whole}, names, ("float32",), passed=tuple(self.passed.items()))


def svg_drawings(file: Path) -> Iterator[Found]:
    """Read an SVG file: one drawing."""
    from limner.strokes.drawing import Drawing
    from limner.strokes.svg.skipped import Skipped

    skipped = Skipped()
    rows = Drawing.from_svg(file, skipped=skipped).to_stroke3()
    yield Found(rows, passed=tuple(skipped.items()))


def scanned(file: Path, settings: ScanSettings) -> Iterator[Found | DataError]:
    """Read a picture: one drawing a page, in pixels."""
    from limner.scan.picture import read_pages
    from limner.scan.scan import scan_grey

    for number, grey in enumerate(read_pages(file), start=1):
        name = file.name if number == 1 else f"Page {number} of {file.name}"
        try:
            yield Found(scan_grey(grey, settings, name=name).drawing.to_stroke3())
        except DataError as error:
            yield error


def _found(file: Path, read: Callable[[Path], Findings]) -> Iterable[Found | Bad | DataError]:
    try:
        yield from read(file)
    except DataError as error:
        yield error
