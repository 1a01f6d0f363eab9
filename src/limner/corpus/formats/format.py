"""``Format``: an entry of the table of formats, with the options and the results of its reader.

Letters: ``n`` points of a drawing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from limner.errors import DataError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from limner.corpus.builder import CorpusBuilder
    from limner.corpus.corpus import Corpus
    from limner.scan.settings import ScanSettings

Pen = Literal["lift", "down"]
"""What 1 means in the third column of stroke-3: the pen lifts after this point, or it stays down."""

HEAD = 1 << 16
"""Bytes at the beginning of a file by which its format is recognized."""
ZIP_MAGIC = b"PK\x03\x04"
_BLANK = b"\xef\xbb\xbf \t\r\n"


def without_blanks(head: bytes) -> bytes:
    """Return the beginning of a text file without byte order mark and leading white space."""
    return head.lstrip(_BLANK)


@dataclass(frozen=True)
class ReadOptions:
    """How drawings are read. It can be pickled.

    Parameters
    ----------
    recognized_only : bool
        Whether drawings that the QuickDraw game did not recognize are left out.
    pen : str
        ``down`` where the third column of stroke-3 rows says that the pen is down instead of lifted.
    scan : ScanSettings, optional
        How pictures are read; without it they are refused.
    """

    recognized_only: bool = False
    pen: Pen = "lift"
    scan: ScanSettings | None = None


DEFAULT_OPTIONS = ReadOptions()


class DrawingRecord(NamedTuple):
    """A drawing of a file."""

    rows: NDArray[np.float32]
    """Checked stroke-3 rows, ``(n, 3)``; n may be 0."""
    label: str | None = None
    """Its class, if the file names one."""
    key: str | int | None = None
    """Its identifier in the file; its number there unless given."""
    recognized: bool = True
    """Whether the QuickDraw game recognized it."""
    ignored: tuple[tuple[str, int], ...] = ()
    """What was ignored in it, by kind, and how often: ``("text", 2)``."""


class BadDrawing(NamedTuple):
    """A drawing of a sound file that cannot be used."""

    reason: str
    """As a clause: "an offset is not a finite number"."""
    key: str | int | None = None


DrawingRecords = Iterable[DrawingRecord | BadDrawing | DataError]
"""The drawings of a file; a ``DataError`` stands for a page or file that cannot be read."""


@dataclass(frozen=True)
class Format:
    """A kind of file that drawings are read from.

    It has either ``drawings``, for files that are read drawing by drawing, or ``read``, for files that store
    splits or are read in pieces.

    Parameters
    ----------
    name : str
        One word: its key in the table.
    description : str
        What its files hold, in one line.
    suffixes : tuple of str
        Suffixes that decide, in lower case, with the dot.
    matches : callable
        Whether a file is of this format, from its first :data:`HEAD` bytes.
    shared : tuple of str
        Suffixes that other files have, too, such as ``.json``: the content decides.
    drawings : callable, optional
        Returns the drawings of a file. It raises ``DataError`` if the file is damaged.
    read : callable, optional
        Gives the drawings of a file, or of a piece of it, to a builder.
    pieces : callable, optional
        Divides a file into pieces for ``read``, each anything that can be pickled, with its size in bytes.
    write : callable, optional
        Writes a corpus, whole or not at all; returns what the format cannot store, as sentences.
    for_pictures : bool
        Whether its files are pictures, which are read only if ``ReadOptions.scan`` says how.
    """

    name: str
    description: str
    suffixes: tuple[str, ...]
    matches: Callable[[bytes], bool]
    shared: tuple[str, ...] = ()
    drawings: Callable[[Path, ReadOptions], DrawingRecords] | None = None
    read: Callable[[Path, CorpusBuilder, ReadOptions, Any], object] | None = None
    pieces: Callable[[Path], Iterator[tuple[Any, int]]] | None = None
    write: Callable[[Corpus, Path], tuple[str, ...]] | None = None
    for_pictures: bool = False

    def __post_init__(self) -> None:
        if (self.drawings is None) == (self.read is None):
            raise ValueError(f"the format {self.name} needs either drawings or read")
        every = (*self.suffixes, *self.shared)
        if not every or any(not suffix.startswith(".") or suffix != suffix.lower() for suffix in every):
            raise ValueError(f"the suffixes of {self.name} are written in lower case, with a dot")

    @property
    def suffix(self) -> str:
        """The suffix that stands for the format in sentences and names of new files."""
        return (*self.suffixes, *self.shared)[0]
