"""``Ragged``: arrays of different lengths, stored as one flat array and the offsets at which each one begins.

Letters: ``n`` arrays, ``P`` rows of all of them together.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from limner.strokes.segments import offsets_from_lengths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Offsets = NDArray[np.int64]  # (n + 1,)

D = TypeVar("D", bound=np.generic)

BLOCK = 1 << 18
"""Rows that are processed at a time where temporary arrays would otherwise be as large as all rows."""
_LONG_RUN = 16  # mean number of consecutive indices from which on they are copied run by run


@dataclass(frozen=True, eq=False)
class Ragged(Generic[D]):
    """Arrays of different lengths, one after another. They become read-only.

    Parameters
    ----------
    rows : array of shape ``(P, ...)``
        The rows of all arrays.
    offsets : int64 array of shape ``(n + 1,)``
        Array ``i`` is ``rows[offsets[i]:offsets[i + 1]]``.

    Raises
    ------
    ValueError
        If the offsets do not begin at 0, end at ``P`` and increase.
    """

    rows: NDArray[D]  # (P, ...)
    offsets: Offsets  # (n + 1,)

    def __post_init__(self) -> None:
        ends = (self.offsets[0], self.offsets[-1]) if len(self.offsets) else (0, -1)
        if ends != (0, len(self.rows)) or (self.lengths < 0).any():
            raise ValueError("the offsets do not divide the rows")
        for array in (self.rows, self.offsets):
            array.setflags(write=False)

    def __len__(self) -> int:
        """Return the number of arrays."""
        return len(self.offsets) - 1

    def __getitem__(self, i: int) -> NDArray[D]:
        """Return a read-only view of array ``i``."""
        i = range(len(self))[i]  # negative indices, and IndexError past the end
        return self.rows[self.offsets[i] : self.offsets[i + 1]]

    def __iter__(self) -> Iterator[NDArray[D]]:
        return (self[i] for i in range(len(self)))

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Rows of each array, of shape ``(n,)``."""
        return np.diff(self.offsets)

    def take(self, indices: NDArray[np.int64]) -> Ragged[D]:
        """Copy the arrays at ``indices``, in that order."""
        return Ragged(*take_ragged(self.rows, self.offsets, indices))


def blocks(offsets: Offsets, size: int = BLOCK) -> Iterator[slice]:
    """Divide arrays into runs of about ``size`` rows each, at least one array a run."""
    begin, n = 0, len(offsets) - 1
    while begin < n:
        end = int(np.searchsorted(offsets, offsets[begin] + size, side="right")) - 1
        end = min(max(end, begin + 1), n)
        yield slice(begin, end)
        begin = end


def take_ragged(rows: NDArray[D], offsets: Offsets, indices: NDArray[np.int64]) -> tuple[NDArray[D], Offsets]:
    """Copy arrays, in the order of ``indices``; see :meth:`Ragged.take`.

    Returns
    -------
    array of shape ``(P', ...)`` and int64 array of shape ``(len(indices) + 1,)``
        Their rows and offsets.
    """
    begins = offsets[indices]
    taken_offsets = offsets_from_lengths(offsets[indices + 1] - begins)
    taken = np.empty((taken_offsets[-1], *rows.shape[1:]), rows.dtype)
    runs = [0, *(np.flatnonzero(np.diff(indices) != 1) + 1).tolist(), len(indices)]
    if len(indices) > _LONG_RUN * len(runs):
        for a, b in pairwise(runs):
            first, last = taken_offsets[a], taken_offsets[b]
            taken[first:last] = rows[begins[a] : begins[a] + last - first]
        return taken, taken_offsets
    for run in blocks(taken_offsets):
        first, last = taken_offsets[run.start], taken_offsets[run.stop]
        lengths = np.diff(taken_offsets[run.start : run.stop + 1])
        shift = np.repeat(begins[run] - taken_offsets[run.start : run.stop], lengths)
        np.take(rows, np.arange(first, last) + shift, axis=0, out=taken[first:last])
    return taken, taken_offsets
