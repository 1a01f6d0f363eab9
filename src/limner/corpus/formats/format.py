"""``Format``: one entry of the table of formats; what a reader is told, and what it finds.

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

    from limner.corpus.collector import Collector
    from limner.corpus.corpus import Corpus
    from limner.corpus.reading import Reading
    from limner.scan.settings import ScanSettings

Pen = Literal["lift", "down"]
"""What 1 means in the third column of stroke-3: the pen lifts after this point, or it stays down."""

HEAD = 1 << 16
"""Bytes of a file by which it is recognised."""
_BLANK = b"\xef\xbb\xbf \t\r\n"


def bare(head: bytes) -> bytes:
    """Return the beginning of a text without the byte order mark and the white space before it."""
    return head.lstrip(_BLANK)


@dataclass(frozen=True)
class ReadOptions:
    """How drawings are read. It can be pickled.

    Parameters
    ----------
    recognized_only : bool
        Whether drawings that the QuickDraw game did not recognise are left out.
    pen : str
        ``down`` where the third column of stroke-3 rows says that the pen is down instead of lifted.
    scan : ScanSettings, optional
        How pictures are read; without it they are refused.
    """

    recognized_only: bool = False
    pen: Pen = "lift"
    scan: ScanSettings | None = None


AS_USUAL = ReadOptions()
"""How drawings are read unless said otherwise."""


class Found(NamedTuple):
    """A drawing that a reader found in a file."""

    rows: NDArray[np.float32]
    """Checked stroke-3 rows, ``(n, 3)``; n may be 0."""
    label: str | None = None
    """What the file says that it shows."""
    key: str | int | None = None
    """By which the file knows it; its number in the file unless given."""
    recognised: bool = True
    """Whether the game recognised it."""
    passed: tuple[tuple[str, int], ...] = ()
    """What was passed over in it, by kind, and how often: ``("text", 2)``."""


class Bad(NamedTuple):
    """A drawing of a sound file that cannot be used."""

    reason: str
    """As a clause: "an offset is not a finite number"."""
    key: str | int | None = None


Findings = Iterable[Found | Bad | DataError]
"""What is in a file, drawing by drawing; a ``DataError`` stands for a page or file that cannot be read."""


@dataclass(frozen=True)
class Format:
    """A kind of file that drawings are read from.

    It has either ``drawings``, and files are read one by one, or ``readings``, for files that know splits or
    are cut into pieces.

    Parameters
    ----------
    name : str
        One word, by which the table knows it.
    about : str
        What it holds, in a line for people.
    suffixes : tuple of str
        Those that say enough, in lower case, with the dot.
    knows : callable
        Tells by the first :data:`HEAD` bytes of a file whether it is one.
    shared : tuple of str
        Suffixes that other things have, too, such as ``.json``: the content decides.
    drawings : callable, optional
        Gives what is in a file. It raises ``DataError`` if the file is damaged.
    readings : callable, optional
        Reads a file, or a piece of it, part by part.
    pieces : callable, optional
        Cuts a file into pieces for ``readings``, each anything that can be pickled, with its size in bytes.
    write : callable, optional
        Writes a corpus whole; returns what the format cannot hold, as sentences.
    for_pictures : bool
        Whether its files are pictures, which are read only if ``ReadOptions.scan`` says how.
    """

    name: str
    about: str
    suffixes: tuple[str, ...]
    knows: Callable[[bytes], bool]
    shared: tuple[str, ...] = ()
    drawings: Callable[[Path, ReadOptions], Findings] | None = None
    readings: Callable[[Path, Collector, ReadOptions, Any], Iterator[Reading]] | None = None
    pieces: Callable[[Path], Iterator[tuple[Any, int]]] | None = None
    write: Callable[[Corpus, Path], tuple[str, ...]] | None = None
    for_pictures: bool = False

    def __post_init__(self) -> None:
        if (self.drawings is None) == (self.readings is None):
            raise ValueError(f"the format {self.name} needs either drawings or readings")
        every = (*self.suffixes, *self.shared)
        if not every or any(not suffix.startswith(".") or suffix != suffix.lower() for suffix in every):
            raise ValueError(f"the suffixes of {self.name} are written in lower case, with a dot")

    @property
    def suffix(self) -> str:
        """How a sentence names the format, and a file of it is called."""
        return (*self.suffixes, *self.shared)[0]
