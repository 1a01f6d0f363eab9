"""Ragged arrays: things of several lengths, kept flat one after another with the places where they begin.

Letters: ``n`` things, ``P`` parts of all of them together.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    Offsets = NDArray[np.int64]  # (n + 1,)

BLOCK = 1 << 18
"""Parts that are worked on at a time where temporary arrays would else be as large as all parts."""
_LONG_RUN = 16  # neighbours, on average, from which on they are copied run by run


def offsets_of(lengths: ArrayLike) -> Offsets:
    """Give where things of these lengths begin and where the last ends, of shape ``(n + 1,)``."""
    return np.concatenate([[0], np.cumsum(np.asarray(lengths, dtype=np.int64))]).astype(np.int64)


def blocks(offsets: Offsets, size: int = BLOCK) -> Iterator[slice]:
    """Cut things into runs of about ``size`` parts each, of one thing at least."""
    begin, n = 0, len(offsets) - 1
    while begin < n:
        end = int(np.searchsorted(offsets, offsets[begin] + size, side="right")) - 1
        end = min(max(end, begin + 1), n)
        yield slice(begin, end)
        begin = end


def take_ragged(
    flat: NDArray[Any], offsets: Offsets, chosen: NDArray[np.int64]
) -> tuple[NDArray[Any], Offsets]:
    """Copy some things, in the order of ``chosen``.

    Returns
    -------
    array of shape ``(P', ...)`` and int64 array of shape ``(len(chosen) + 1,)``
        Their parts and their offsets.
    """
    begins = offsets[chosen]
    found = offsets_of(offsets[chosen + 1] - begins)
    taken = np.empty((found[-1], *flat.shape[1:]), flat.dtype)
    runs = [0, *(np.flatnonzero(np.diff(chosen) != 1) + 1).tolist(), len(chosen)]
    if len(chosen) > _LONG_RUN * len(runs):
        for a, b in pairwise(runs):
            taken[found[a] : found[b]] = flat[begins[a] : begins[a] + found[b] - found[a]]
        return taken, found
    for run in blocks(found):
        first, last = found[run.start], found[run.stop]
        lengths = np.diff(found[run.start : run.stop + 1])
        shift = np.repeat(begins[run] - found[run.start : run.stop], lengths)
        np.take(flat, np.arange(first, last) + shift, axis=0, out=taken[first:last])
    return taken, found
