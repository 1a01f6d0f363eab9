"""Arrays that grow at their end, in memory or in files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ROOM = 8  # an array has room for an eighth more than it holds, at most


class Growing(Protocol):
    """An array that others are put behind, one after another."""

    def append(self, part: NDArray[Any]) -> None:
        """Put an array behind the ones before."""

    def done(self) -> NDArray[Any]:
        """Give all of them as one array; nothing can be put behind it any more."""


class InMemory:
    """Grows in place, so that no second copy of what it holds is ever made.

    Parameters
    ----------
    name : str
        Is of no account here.
    dtype : str
    shape : tuple of int
        Of one row.
    """

    def __init__(self, name: str, dtype: str, shape: tuple[int, ...] = ()) -> None:  # noqa: ARG002
        self._array = np.empty((0, *shape), dtype)
        self._length = 0

    def append(self, part: NDArray[Any]) -> None:
        """Put an array behind the ones before."""
        end = self._length + len(part)
        if end > len(self._array):
            self._resize(end + end // _ROOM)
        self._array[self._length : end] = part
        self._length = end

    def done(self) -> NDArray[Any]:
        """Give all of them as one array."""
        self._resize(self._length)
        return self._array

    def _resize(self, length: int) -> None:
        # Nobody else has seen the array yet; where the allocator can, the block stays where it is.
        self._array.resize((length, *self._array.shape[1:]), refcheck=False)


class InFile:
    """Grows in a file, and is mapped in the end: what it holds need not fit into memory.

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
        """Put an array behind the ones before."""
        np.ascontiguousarray(part, self._dtype).tofile(self._file)
        self._length += len(part)

    def done(self) -> NDArray[Any]:
        """Give all of them as one array, a writable view of the file."""
        self._file.close()
        if not self._length:
            return np.empty((0, *self._shape), self._dtype)
        return np.asarray(np.memmap(self.path, self._dtype, "r+", shape=(self._length, *self._shape)))
