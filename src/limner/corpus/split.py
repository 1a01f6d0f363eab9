"""Sharing drawings out to train, valid and test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from limner.corpus.corpus import Split

SHARE = 0.05  # of the drawings, for valid and for test each
AT_MOST = 2500  # drawings for valid and for test each, as in the QuickDraw sets


def split_drawings(drawings: Split, *, seed: int = 0) -> dict[str, Split]:
    """Share drawings out by chance, each to one split; the same seed always gives the same splits.

    Valid and test get 5 % each, at least one and at most 2,500 drawings. Two drawings make a train and a
    valid split; one drawing is a train split. Within a split the drawings keep their order.

    Returns
    -------
    dict of str to Split
    """
    order = np.random.default_rng(seed).permutation(len(drawings))
    splits, begin = {}, 0
    for name, size in split_sizes(len(drawings)).items():
        splits[name] = drawings.take(np.sort(order[begin : begin + size]))
        begin += size
    return splits


def split_sizes(n: int) -> dict[str, int]:
    """Give the splits that ``n`` drawings make, and how many drawings each gets."""
    if n < 3:
        return dict([("train", 1), ("valid", 1)][:n])
    aside = min(max(1, round(SHARE * n)), AT_MOST)
    return {"train": n - 2 * aside, "valid": aside, "test": aside}
