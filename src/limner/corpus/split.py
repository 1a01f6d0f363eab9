"""Sharing drawings out to train, valid and test.

Letters: ``n`` drawings, ``k`` pages.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.corpus import SPLIT_NAMES
from limner.corpus.few import SHARE, care_for
from limner.corpus.ragged import BLOCK

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from limner.corpus.corpus import Corpus

TRAIN = SPLIT_NAMES.index("train")
AT_MOST = 2500  # drawings for valid and for test each, as in the QuickDraw sets


def shares(n: int, *, seed: int = 0, hold_out: float | None = None) -> dict[str, NDArray[np.int64]]:
    """Share ``n`` drawings out by chance, each to one split; the same seed always gives the same splits.

    Valid and test get 5 % each, at most 2,500 drawings; of fewer than 50 drawings all are for train.

    Parameters
    ----------
    n, seed : int
    hold_out : float, optional
        Another share for valid and for test each, of few drawings too, of which each gets at least one.

    Returns
    -------
    dict of str to int64 array
        For each split the places of its drawings, in rising order.
    """
    order = np.random.default_rng(seed).permutation(n)
    found, begin = {}, 0
    for name, size in sizes_for(n, hold_out).items():
        found[name] = np.sort(order[begin : begin + size])
        begin += size
    return found


def split_pages(pages: NDArray[np.uint64], given: NDArray[np.int8], *, seed: int = 0) -> NDArray[np.int8]:
    """Share out drawings that have no split yet, as :func:`shares` does, but page by page.

    Parameters
    ----------
    pages : uint64 array of shape ``(n,)``
        What page each drawing is from. If every drawing is a page of its own, the splits are those of
        :func:`shares`.
    given : int8 array of shape ``(n,)``
        An index into ``SPLIT_NAMES``, or -1 for none.

    Returns
    -------
    int8 array of shape ``(n,)``
    """
    free = pages[given < 0]
    in_order = _in_order(free)
    order = np.random.default_rng(seed).permutation(len(in_order))
    share = care_for(len(free)).hold_out
    return share_out(pages, given, in_order[order], lambda n: split_sizes(n, valid=share, test=share))


def share_out(
    pages: NDArray[np.uint64],
    given: NDArray[np.int8],
    order: NDArray[np.uint64],
    sizes: Callable[[int], dict[str, int]],
) -> NDArray[np.int8]:
    """Give every drawing the split of its page.

    Parameters
    ----------
    pages, given
        As in :func:`split_pages`. A page with drawings that have a split goes there as a whole.
    order : uint64 array of shape ``(k,)``
        Pages in the order of chance, each once.
    sizes : callable
        Tells for a number of pages how many of them each split gets.
    """
    found, free = given.copy(), given < 0
    found[free] = TRAIN
    taken, where = np.unique(pages[~free], return_index=True)
    of_taken = given[~free][where]
    if len(taken):
        order = order[~np.isin(order, taken)]
    wanted, begin = sizes(len(order)), 0
    for code, name in enumerate(SPLIT_NAMES):  # train comes first, and is what is not chosen
        chosen = order[begin : begin + wanted.get(name, 0)]
        begin += len(chosen)
        if code != TRAIN:
            found[free & _among(pages, np.concatenate([chosen, taken[of_taken == code]]))] = code
    return found


def _in_order(pages: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Give each page once, in the order in which they come."""
    ranked = np.sort(pages)
    if (ranked[1:] != ranked[:-1]).all():  # as usual, and it spares much memory
        return pages
    return pages[np.sort(np.unique(pages, return_index=True)[1])]


def _among(pages: NDArray[np.uint64], chosen: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Tell which pages are among the chosen ones; of many drawings, in little memory."""
    found, known = np.zeros(len(pages), np.bool_), np.sort(chosen)
    for begin in range(0, len(pages) if len(known) else 0, BLOCK):
        some = pages[begin : begin + BLOCK]
        order = np.argsort(some)  # what is looked up in order is found far sooner
        places = np.searchsorted(known, some[order]).clip(max=len(known) - 1)
        found[begin + order] = known[places] == some[order]
    return found


def sizes_for(n: int, hold_out: float | None = None) -> dict[str, int]:
    """Give the splits that ``n`` drawings make by themselves; see :func:`shares`."""
    share = care_for(n, hold_out).hold_out
    return split_sizes(n, valid=share, test=share)


def set_aside(corpus: Corpus, hold_out: float | None, *, seed: int = 0) -> Corpus:
    """Share out the train split of a corpus that has no valid split, where that is asked for.

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
    found = shares(len(train), seed=seed, hold_out=hold_out)
    if "test" in corpus.splits:
        found["train"] = np.sort(np.concatenate([found["train"], found.pop("test", np.zeros(0, np.int64))]))
    parts = {name: corpus.splits["train"].take(chosen) for name, chosen in found.items()}
    return replace(corpus, splits=corpus.splits | parts)


def split_sizes(
    n: int, *, valid: float = SHARE, test: float = SHARE, at_most: int | None = AT_MOST
) -> dict[str, int]:
    """Give the splits that ``n`` drawings make, and how many drawings each gets.

    Parameters
    ----------
    valid, test : float
        Shares from 0 to 1, together below 1; a share of 0 makes no such split, any other at least one
        drawing where there are three.
    at_most : int, optional
        Drawings for valid and for test each.
    """
    aside = {}
    for name, share in (("valid", valid), ("test", test)):
        wanted = max(1, round(share * n)) if share > 0 else 0
        aside[name] = wanted if at_most is None else min(wanted, at_most)
    sizes = {name: size for name, size in aside.items() if size}
    while sizes and sum(sizes.values()) >= n:  # two drawings make train and valid, one is train
        sizes.popitem()
    return {"train": n - sum(sizes.values()), **sizes} if n else {}
