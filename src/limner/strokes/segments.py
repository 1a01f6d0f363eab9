"""Arithmetic on runs of values that lie one after another in a flat array.

Runs are given by their offsets: run ``i`` is ``values[offsets[i]:offsets[i + 1]]``, and it may be empty.

Letters: ``k`` runs, ``P`` values of all of them together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Counts = NDArray[np.int64]

EXACT_BELOW = 2.0**53
"""float64 adds up whole numbers exactly while their sums stay below this."""

LONG_RUN = 64
"""Values from which a run gets a ``cumsum`` of its own: a block that is padded to its length costs more."""


def offsets_from_lengths(lengths: ArrayLike) -> Counts:
    """Return the offsets of runs of these lengths: ``(k,)`` to ``(k + 1,)``."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(np.asarray(lengths, np.int64))])


def ranges(starts: ArrayLike, lengths: ArrayLike) -> Counts:
    """Return the indices in runs that start and are as long as given, concatenated."""
    n = np.asarray(lengths, np.int64)
    begin = np.cumsum(n) - n
    return np.asarray(np.arange(n.sum(), dtype=np.int64) + np.repeat(np.asarray(starts, np.int64) - begin, n))


def segment_sum(values: ArrayLike, offsets: Counts) -> Floats:
    """Return the sum of each run, ``(k,)``; that of an empty one is 0."""
    array = np.asarray(values, np.float64)
    sums = np.zeros(len(offsets) - 1)
    filled = np.diff(offsets) > 0
    if filled.any():
        sums[filled] = np.add.reduceat(array, offsets[:-1][filled])
    return sums


def segment_cumsum(values: Floats, offsets: Counts) -> Floats:
    """Return the cumulative sums within each run: ``(P,)``.

    Those of a run never depend, not by a bit, on the runs beside it. So whole numbers, whose sums are exact,
    are added up in one go and the start of each run subtracted; other runs are added up on their own.
    """
    if not len(values):
        return np.zeros(0)
    lengths = np.diff(offsets)
    fractional = segment_sum(values != np.rint(values), offsets) > 0
    if float(np.abs(values).sum()) >= EXACT_BELOW:
        fractional[:] = True
    whole = np.where(np.repeat(fractional, lengths), 0.0, values) if fractional.any() else values
    total = np.cumsum(whole)
    sums = total - np.repeat((total - whole)[np.minimum(offsets[:-1], len(values) - 1)], lengths)
    is_long = fractional & (lengths >= LONG_RUN)
    for a, b in zip(offsets[:-1][is_long].tolist(), offsets[1:][is_long].tolist(), strict=True):
        np.cumsum(values[a:b], out=sums[a:b])
    _cumsum_short(values, offsets, np.flatnonzero(fractional & ~is_long), sums)
    return np.asarray(sums)


def _cumsum_short(values: Floats, offsets: Counts, runs: Counts, out: Floats) -> None:
    """Write the cumulative sums of short runs to ``out``; those of similar length are added up together."""
    lengths = np.diff(offsets)
    powers = np.ceil(np.log2(np.maximum(lengths[runs], 1))).astype(
        np.int64
    )  # a run has up to 2 ** power values
    for power in np.unique(powers).tolist():
        chosen = runs[powers == power]
        indices = ranges(offsets[chosen], lengths[chosen])
        row = ranges(np.zeros(len(chosen), np.int64), lengths[chosen])
        cell = row * len(chosen) + np.repeat(np.arange(len(chosen)), lengths[chosen])  # one column a run
        block = np.zeros((1 << power, len(chosen)))
        block.reshape(-1)[cell] = values.take(indices)
        out[indices] = np.cumsum(block, axis=0).reshape(-1).take(cell)
