"""Files that are read drawing by drawing, and the buffer in which such drawings become splits.

Where such files lie in several folders, the folders are the labels of drawings whose file names none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from limner.corpus.corpus import Split, number_labels
from limner.corpus.formats.format import BadDrawing, DrawingRecord, DrawingRecords
from limner.corpus.rows import NO_POINTS
from limner.errors import DataError
from limner.files import text_of_name

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from limner.corpus.builder import CorpusBuilder

AT_ONCE = 10_000
"""Drawings that are given to the builder together."""
UNRECOGNIZED = "the game did not recognise it"


def read_files(
    files: Sequence[Path],
    root: Path | None,
    builder: CorpusBuilder,
    decode: Callable[[Path], DrawingRecords],
    *,
    labelled: bool = False,
    recognized_only: bool = False,
) -> None:
    """Read files one by one.

    Parameters
    ----------
    files : sequence of Path
        In the order in which the drawings are added.
    root : Path, optional
        The folder that they were found in; sources are named from there, and a file that cannot be read is
        one bad drawing. None for a file that was named by itself: if it cannot be read, that is refused.
    builder : CorpusBuilder
    decode : callable
        Returns what a file holds; see :class:`limner.corpus.formats.format.Format`.
    labelled : bool
        Whether the folder of a file is the label of drawings that have none.
    recognized_only : bool
        Whether drawings that the QuickDraw game did not recognize are left out.

    Raises
    ------
    DataError
        If a file cannot be read, and it was named by itself or the builder is strict.
    """
    buffer = DrawingBuffer(builder, recognized_only=recognized_only)
    for file in files:
        label = text_of_name(file.parent.name) if labelled else None
        for number, record in enumerate(_records(file, decode)):
            _take(record, file, number, root, buffer, label)
            if len(buffer) == AT_ONCE:
                buffer.flush()
    buffer.flush()


class DrawingBuffer:
    """Single drawings that are given to a builder as one split.

    Parameters
    ----------
    builder : CorpusBuilder
    recognized_only : bool
        As for :func:`read_files`.
    """

    def __init__(self, builder: CorpusBuilder, *, recognized_only: bool = False) -> None:
        self.builder, self._recognized_only = builder, recognized_only
        self._clear()

    def __len__(self) -> int:
        """Return the number of drawings."""
        return len(self._arrays)

    def add(
        self,
        record: DrawingRecord | BadDrawing,
        file: str,
        number: int,
        place: str,
        default_label: str | None = None,
    ) -> None:
        """Append a good drawing, and report any other to the builder.

        Parameters
        ----------
        record : DrawingRecord or BadDrawing
        file, number
            Name of the file and number of the drawing in it, which make its source.
        place : str
            Where it stands, for a sentence.
        default_label : str, optional
            Label of a drawing that has none.
        """
        source = f"{file}#{number if record.key is None else text_of_name(str(record.key))}"
        if isinstance(record, BadDrawing):
            self.builder.reject(source, record.reason, place)
        elif self._recognized_only and not record.recognized:
            self.builder.omit(source, UNRECOGNIZED)
        elif not len(record.rows):
            self.builder.omit(source, NO_POINTS)
        else:
            self._arrays.append(record.rows)
            self._labels.append(default_label if record.label is None else text_of_name(record.label))
            self._sources.append(source)
            self._ignored.update(dict(record.ignored))

    def flush(self, dtype_of: Callable[[Split], str] = lambda _: "float32") -> None:
        """Add the drawings to the builder, with the number format that they had, and forget them."""
        labels, names = number_labels(self._labels)
        split = Split.from_arrays(self._arrays, labels, self._sources)
        self.builder.add({None: split}, names, dtypes=(dtype_of(split),), ignored=self._ignored)
        self._clear()

    def _clear(self) -> None:
        self._arrays: list[NDArray[np.float32]] = []
        self._labels: list[str | None] = []
        self._sources: list[str] = []
        self._ignored = Counter[str]()


def _take(
    record: DrawingRecord | BadDrawing | DataError,
    file: Path,
    number: int,
    root: Path | None,
    buffer: DrawingBuffer,
    label: str | None,
) -> None:
    name = text_of_name(file.relative_to(root).as_posix() if root else file.name)
    if not isinstance(record, DataError):
        buffer.add(record, name, number, f"{file}, drawing {number}", label)
    elif root is None:
        raise record
    else:
        buffer.builder.reject_file(f"{name}#{number}", record)


def _records(
    file: Path, decode: Callable[[Path], DrawingRecords]
) -> Iterable[DrawingRecord | BadDrawing | DataError]:
    try:
        yield from decode(file)
    except DataError as error:
        yield error
