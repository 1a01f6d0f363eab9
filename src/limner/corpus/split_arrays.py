"""The arrays of a split while drawings are appended to it, in memory or in files.

Letters: ``n`` drawings, ``P`` rows of all of them together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from limner.corpus.corpus import Split
from limner.corpus.packed_strings import PackedStrings
from limner.strokes.ragged import Ragged

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ROOM = 8
"""An array in memory is allocated an eighth larger than what it holds: few copies, little unused memory."""

ARRAYS: dict[str, tuple[str, tuple[int, ...]]] = {
    "rows": ("f4", (3,)),
    "offsets": ("i8", ()),
    "labels": ("i4", ()),
    "text": ("u1", ()),
    "text-offsets": ("i8", ()),
    "origins": ("i4", ()),
}
"""The arrays of a split: dtype, and shape of one row. ``text`` holds the sources."""


class Appendable(Protocol):
    """An array that others are appended to."""

    def append(self, part: NDArray[Any]) -> None:
        """Append an array."""

    def done(self) -> NDArray[Any]:
        """Return all of them as one array; nothing can be appended any more."""


Allocate = Callable[[str, str, tuple[int, ...]], Appendable]
"""Makes an empty array of a name, a dtype and the shape of one row."""


class InMemory:
    """Is reallocated in place, so that what it holds is never copied as a whole.

    Parameters
    ----------
    name : str
        Not used.
    dtype : str
    shape : tuple of int
        Of one row.
    """

    def __init__(self, name: str, dtype: str, shape: tuple[int, ...] = ()) -> None:  # noqa: ARG002
        self._array = np.empty((0, *shape), dtype)
        self._length = 0

    def append(self, part: NDArray[Any]) -> None:
        """Append an array."""
        end = self._length + len(part)
        if end > len(self._array):
            self._resize(end + end // _ROOM)
        self._array[self._length : end] = part
        self._length = end

    def done(self) -> NDArray[Any]:
        """Return all of them as one array."""
        self._resize(self._length)
        return self._array

    def _resize(self, length: int) -> None:
        # Nobody else has seen the array yet; where the allocator can, the block stays where it is.
        self._array.resize((length, *self._array.shape[1:]), refcheck=False)


class InFile:
    """Is written to a file, which is mapped in the end: what it holds need not fit into memory.

    Parameters
    ----------
    path : Path
        A new file.
    dtype : str
    shape : tuple of int
        Of one row.
    """

    def __init__(self, path: Path, dtype: str, shape: tuple[int, ...] = ()) -> None:
        self.path, self._dtype, self._shape = path, np.dtype(dtype), shape
        self._file = path.open("wb")
        self._length = 0

    def append(self, part: NDArray[Any]) -> None:
        """Append an array."""
        np.ascontiguousarray(part, self._dtype).tofile(self._file)
        self._length += len(part)

    def done(self) -> NDArray[Any]:
        """Return all of them as one array, a writable view of the file."""
        self._file.close()
        if not self._length:
            return np.empty((0, *self._shape), self._dtype)
        return np.asarray(np.memmap(self.path, self._dtype, "r+", shape=(self._length, *self._shape)))


class SplitArrays:
    """The :data:`ARRAYS` of a split that drawings are appended to.

    Parameters
    ----------
    name : str
    allocate : callable
        Makes each array.
    """

    def __init__(self, name: str, allocate: Allocate) -> None:
        self._arrays = {what: allocate(f"{name}.{what}", *kind) for what, kind in ARRAYS.items()}
        self._lengths = {"rows": 0, "text": 0}
        for what in ("offsets", "text-offsets"):
            self._arrays[what].append(np.zeros(1, np.int64))

    def append(self, split: Split, labels: NDArray[np.int32]) -> None:
        """Append the drawings of a split, with other labels."""
        self._append("rows", "offsets", split)
        self._append("text", "text-offsets", PackedStrings.of(split.sources).packed)
        self._arrays["labels"].append(labels)
        self._arrays["origins"].append(split.origins)

    def done(self, label_table: NDArray[np.int32]) -> Split:
        """Return the split, each label replaced by its entry in a table."""
        arrays = {what: array.done() for what, array in self._arrays.items()}
        arrays["labels"][:] = label_table[arrays["labels"]]
        return split_of(arrays)

    def _append(self, what: str, offsets: str, ragged: Ragged[Any]) -> None:
        self._arrays[what].append(ragged.rows)
        self._arrays[offsets].append(ragged.offsets[1:] + self._lengths[what])
        self._lengths[what] += len(ragged.rows)


def split_of(arrays: Mapping[str, NDArray[Any]]) -> Split:
    """Return the split that consists of these :data:`ARRAYS`."""
    sources = PackedStrings(Ragged(arrays["text"], arrays["text-offsets"]))
    return Split(arrays["rows"], arrays["offsets"], arrays["labels"], sources, arrays["origins"])
