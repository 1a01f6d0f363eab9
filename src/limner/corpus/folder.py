"""Reading files that hold a drawing each, or a few: SVG files, pictures, and the JSON of Creative Birds.

Where such files lie in several folders, the folders are the labels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.corpus import Split
from limner.corpus.reading import Reading, number_labels
from limner.corpus.rows import NO_POINTS, checked
from limner.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from limner.corpus.collector import Collector
    from limner.scan.settings import ScanSettings

    Drawings = Iterable[NDArray[np.float32] | DataError]
    """Stroke-3 rows of the drawings of a file, or why one of them cannot be read."""


def read_files(
    files: Sequence[Path],
    root: Path | None,
    collector: Collector,
    read: Callable[[Path], Drawings],
    *,
    labelled: bool = False,
) -> Reading:
    """Read files one by one.

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
        Gives what a file holds; see :func:`svg_drawings` and its neighbours.
    labelled : bool
        Whether the folder of a file is the label.

    Raises
    ------
    DataError
        If a file cannot be read, and it was named by itself or the collector is strict.
    """
    arrays, labels, sources = [], [], []
    for file in files:
        name = file.relative_to(root).as_posix() if root else file.name
        for number, found in enumerate(_found(file, read)):
            source = f"{name}#{number}"
            if isinstance(found, DataError):
                if root is None:
                    raise found
                collector.reject_file(source, found)
            elif not len(found):
                collector.omit(source, NO_POINTS)
            else:
                arrays.append(found)
                labels.append(file.parent.name if labelled else None)
                sources.append(source)
    indices, names = number_labels(labels)
    return Reading({None: Split.from_arrays(arrays, indices, sources)}, names, ("float32",))


def svg_drawings(file: Path, notes: list[str] | None = None) -> Iterator[NDArray[np.float32]]:
    """Read an SVG file: one drawing. What was passed over in it is added to the notes, if there are any."""
    from limner.strokes.svg_notes import Passed
    from limner.strokes.svg_reader import read_svg

    passed = Passed()
    yield read_svg(file, passed=passed).to_stroke3()
    if notes is not None:
        notes += passed.sentences()


def scanned(file: Path, settings: ScanSettings) -> Iterator[NDArray[np.float32] | DataError]:
    """Read a picture: one drawing a page, in pixels."""
    from limner.scan.picture import read_pages
    from limner.scan.scan import scan_grey

    for number, grey in enumerate(read_pages(file), start=1):
        name = file.name if number == 1 else f"Page {number} of {file.name}"
        try:
            yield scan_grey(grey, settings, name=name).drawing.to_stroke3()
        except DataError as error:
            yield error


def bird_drawings(file: Path) -> Iterator[NDArray[np.float32] | DataError]:
    """Read a JSON file of Creative Birds or Creative Creatures: see :mod:`limner.corpus.birds`."""
    from limner.corpus.birds import read_birds

    for strokes in read_birds(file):
        try:
            yield checked(strokes)
        except ValueError as error:
            yield DataError(f"{file}: {error}.")


def _found(file: Path, read: Callable[[Path], Drawings]) -> Iterator[NDArray[np.float32] | DataError]:
    try:
        yield from read(file)
    except DataError as error:
        yield error
