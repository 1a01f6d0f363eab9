"""Assigning drawings to train, valid and test.

Letters: ``n`` drawings, ``k`` pages.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.corpus import SPLIT_NAMES
from limner.corpus.small_corpus import HELD_OUT, defaults_for
from limner.strokes.ragged import BLOCK

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from limner.corpus.corpus import Corpus

TRAIN = SPLIT_NAMES.index("train")
AT_MOST = 2500
"""Drawings for valid and for test each, as in sketch-rnn's QuickDraw datasets."""


def random_splits(n: int, *, seed: int = 0, hold_out: float | None = None) -> dict[str, NDArray[np.int64]]:
    """Assign each of ``n`` drawings to one split at random; the same seed always gives the same splits.

    Valid and test get 5 % each, at most 2,500 drawings; of fewer than 50 drawings all are for train.

    Parameters
    ----------
    n, seed : int
    hold_out : float, optional
        Another share for valid and for test each, also of few drawings; each gets at least one.

    Returns
    -------
    dict of str to int64 array
        For each split the indices of its drawings, in increasing order.
    """
    order = np.random.default_rng(seed).permutation(n)
    assigned, begin = {}, 0
    for name, size in default_split_sizes(n, hold_out).items():
        assigned[name] = np.sort(order[begin : begin + size])
        begin += size
    return assigned


def split_pages(pages: NDArray[np.uint64], given: NDArray[np.int8], *, seed: int = 0) -> NDArray[np.int8]:
    """Assign drawings that have no split yet, as :func:`random_splits` does, but page by page.

    Parameters
    ----------
    pages : uint64 array of shape ``(n,)``
        A hash of the page that each drawing comes from. If each is a page of its own, the splits are those
        of :func:`random_splits`.
    given : int8 array of shape ``(n,)``
        An index into ``SPLIT_NAMES``, or -1 for none.

    Returns
    -------
    int8 array of shape ``(n,)``
    """
    free = pages[given < 0]
    in_order = _distinct(free)
    order = np.random.default_rng(seed).permutation(len(in_order))
    share = defaults_for(len(free)).hold_out
    return assign_by_page(pages, given, in_order[order], lambda n: split_sizes(n, valid=share, test=share))


def assign_by_page(
    pages: NDArray[np.uint64],
    given: NDArray[np.int8],
    order: NDArray[np.uint64],
    sizes: Callable[[int], dict[str, int]],
) -> NDArray[np.int8]:
    """Assign every drawing to the split of its page.

    Parameters
    ----------
    pages, given
        As in :func:`split_pages`. A page with drawings that have a split goes there as a whole.
    order : uint64 array of shape ``(k,)``
        Pages in random order, each once.
    sizes : callable
        Returns for a number of pages how many of them each split gets.
    """
    splits, free = given.copy(), given < 0
    splits[free] = TRAIN
    taken, where = np.unique(pages[~free], return_index=True)
    of_taken = given[~free][where]
    if len(taken):
        order = order[~np.isin(order, taken)]
    wanted, begin = sizes(len(order)), 0
    for code, name in enumerate(SPLIT_NAMES):  # train comes first, and is what is not chosen
        chosen = order[begin : begin + wanted.get(name, 0)]
        begin += len(chosen)
        if code != TRAIN:
            splits[free & _isin(pages, np.concatenate([chosen, taken[of_taken == code]]))] = code
    return splits


def _distinct(pages: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return each page once, in the order of first occurrence."""
    ranked = np.sort(pages)
    if (ranked[1:] != ranked[:-1]).all():  # as usual, and it saves much memory
        return pages
    return pages[np.sort(np.unique(pages, return_index=True)[1])]


def _isin(pages: NDArray[np.uint64], chosen: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Return which pages are among the chosen ones, as ``np.isin`` does, in little memory."""
    mask, known = np.zeros(len(pages), np.bool_), np.sort(chosen)
    for begin in range(0, len(pages) if len(known) else 0, BLOCK):
        block = pages[begin : begin + BLOCK]
        order = np.argsort(block)  # sorted values are looked up several times faster
        positions = np.searchsorted(known, block[order]).clip(max=len(known) - 1)
        mask[begin + order] = known[positions] == block[order]
    return mask


def default_split_sizes(n: int, hold_out: float | None = None) -> dict[str, int]:
    """Return how many of ``n`` drawings each split gets in :func:`random_splits`."""
    share = defaults_for(n, hold_out).hold_out
    return split_sizes(n, valid=share, test=share)


def hold_out_drawings(corpus: Corpus, hold_out: float | None, *, seed: int = 0) -> Corpus:
    """Move drawings from train to valid and test, where a share is asked for and there is no valid split.

    Parameters
    ----------
    corpus : Corpus
    hold_out : float, optional
        Share for valid, and for test where there is none, each; nothing is done where it is None or 0.
    seed : int
    """
    train, valid = (corpus.splits.get(name, ()) for name in ("train", "valid"))
    if not hold_out or len(valid) or not len(train):
        return corpus
    assigned = random_splits(len(train), seed=seed, hold_out=hold_out)
    if "test" in corpus.splits:
        spared = assigned.pop("test", np.zeros(0, np.int64))
        assigned["train"] = np.sort(np.concatenate([assigned["train"], spared]))
    parts = {name: corpus.splits["train"].take(chosen) for name, chosen in assigned.items()}
    return replace(corpus, splits=corpus.splits | parts)


def split_sizes(
    n: int, *, valid: float = HELD_OUT, test: float = HELD_OUT, at_most: int | None = AT_MOST
) -> dict[str, int]:
    """Return how many of ``n`` drawings each split gets.

    Parameters
    ----------
    valid, test : float
        Shares from 0 to 1, together below 1; with a share of 0 there is no such split, with any other it gets
        at least one drawing where there are three.
    at_most : int, optional
        Drawings for valid and for test each.
    """
    held_out = {}
    for name, share in (("valid", valid), ("test", test)):
        wanted = max(1, round(share * n)) if share > 0 else 0
        held_out[name] = wanted if at_most is None else min(wanted, at_most)
    sizes = {name: size for name, size in held_out.items() if size}
    while sizes and sum(sizes.values()) >= n:  # two drawings make train and valid, one is train
        sizes.popitem()
    return {"train": n - sum(sizes.values()), **sizes} if n else {}
