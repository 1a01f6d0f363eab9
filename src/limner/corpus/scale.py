"""The scale factor of a corpus, and drawings brought back from far away.

Everything here goes through the points in blocks, so that it takes little memory beside the corpus.

Letters: ``n`` drawings, ``P`` points of all of them together.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.ragged import blocks
from limner.corpus.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from limner.corpus.corpus import Corpus, Split

# Drawings lie on pages if half of them are farther from the origin than
OFFSET_LIMIT = 1000.0  # offsets beyond are clipped in training, as in sketch-rnn
PAGE_GAP = 1 / 3  # this share of their size, and than
PAGE_STEPS = 3  # this many usual steps.
THREADS = 2
STRAY_GAP = 2.0  # A single one is a stray if it is this many times its size, and the usual size, away.


@dataclass(frozen=True)
class Moves:
    """Drawings that go to the origin: the first row of each changes by the corner of its box."""

    rows: NDArray[np.int64]
    """Places of these first rows, in order."""
    corners: NDArray[np.float32]
    """Top left corners, ``(len(rows), 2)``."""

    def within(self, first: int, last: int) -> Moves:
        """Give those among the rows from ``first`` to ``last``, counted from ``first``."""
        some = slice(*np.searchsorted(self.rows, [first, last]))
        return Moves(self.rows[some] - first, self.corners[some])

    def make(self, rows: NDArray[np.float32]) -> None:
        """Change rows ``(P, 3)`` in place."""
        rows[self.rows, :2] -= self.corners


@dataclass(frozen=True)
class _Places:
    """Where drawings lie."""

    low: NDArray[np.float64]  # (n, 2): top left corners
    gaps: NDArray[
        np.float64
    ]  # (n,): distances of the boxes from the origin, along the axis where it is larger
    sizes: NDArray[np.float64]  # (n,): longer sides of the boxes


@dataclass(frozen=True)
class _Verdict:
    """What is usual in a split."""

    pages: bool  # whether its drawings lie on pages, so that all move
    usual: float  # size


def scale_factor(corpus: Corpus) -> float:
    """Standard deviation of the offsets by which a corpus is divided before it is learnt.

    It is taken over dx and dy of all points of the train split together (of all splits where there is no
    train split), in float64, after :func:`settled`. Source: sketch-rnn's data loader.

    Returns
    -------
    float
        In units of the corpus; 1.0 if the offsets do not vary.
    """
    return deviation(_learnt(corpus, moves_of(corpus)))


def scale_notes(corpus: Corpus) -> tuple[str, ...]:
    """Say what :func:`scale_factor` had to assume, as sentences."""
    notes = []
    if "train" not in corpus.splits:
        notes.append("There is no train split, so the scale factor is taken over all drawings.")
    moves = moves_of(corpus)
    if not _vary(_learnt(corpus, moves)):
        notes.append("The offsets do not vary, so the scale factor is 1.")
    moved = sum(int(one.corners.any(axis=1).sum()) for one in moves.values())
    if moved:
        notes.append(
            f"The scale factor and training move {counted(moved, 'drawing')} from far away to the origin."
        )
    return tuple(notes)


def deviation(parts: Iterable[NDArray[np.float32]]) -> float:
    """Give the standard deviation of dx and dy of all points together; 1.0 if they do not vary.

    Parameters
    ----------
    parts : iterable of float32 arrays of shape ``(P, 3)``
    """
    count, mean, squares, low, high = 0, 0.0, 0.0, math.inf, -math.inf
    for part in parts:
        some = part[:, :2].astype(np.float64).reshape(-1)
        low, high = min(low, some.min()), max(high, some.max())
        middle = some.mean()
        some -= middle
        share = some.size / (count + some.size)
        squares += float(np.einsum("i,i", some, some)) + (middle - mean) ** 2 * count * share
        mean, count = mean + (middle - mean) * share, count + some.size
    return math.sqrt(squares / count) if low < high else 1.0


def settled(split: Split, judge: Split | None = None) -> Split:
    """Move drawings that lie far from the origin so that their box's top left corner is the origin.

    The first offset of a drawing leads from the origin to its first point. On a page (SVG files, raw
    QuickDraw) it is by far the largest one and spoils the statistics of the rest. If at least half of the
    drawings lie farther from the origin than a third of their size (the longer side of their box) and than
    three usual steps from point to point, all are moved; otherwise those that lie farther away than twice
    their size and twice the usual size. Files whose drawings begin about the origin, as sketch-rnn's do,
    stay as they are.

    Parameters
    ----------
    split : Split
    judge : Split, optional
        The split whose drawings tell what is usual, as the train split does for valid and test; ``split``
        itself unless given.

    Returns
    -------
    Split
        The same object if nothing moves; otherwise only the first rows of some drawings differ.
    """
    moves = moves_among(split, judge)
    if not len(moves.rows):
        return split
    rows = split.rows.copy()
    moves.make(rows)
    return split.replace_rows(rows)


def settled_blocks(split: Split, moves: Moves) -> Iterator[NDArray[np.float32]]:
    """Give the rows that :func:`settled` would give, in parts of whole drawings."""
    for run in blocks(split.offsets):
        first, last = split.offsets[run.start], split.offsets[run.stop]
        some = moves.within(first, last)
        rows = split.rows[first:last]
        if len(some.rows):
            rows = rows.copy()
            some.make(rows)
        yield rows


def moves_of(corpus: Corpus) -> dict[str, Moves]:
    """Tell for each split which drawings move; the first split that has any is the judge."""
    places = {name: _places(split) for name, split in corpus.splits.items()}
    judges = [name for name, split in corpus.splits.items() if len(split)]
    verdict = _verdict(corpus.splits[judges[0]], places[judges[0]]) if judges else _Verdict(False, 0.0)
    return {name: _moves(split, places[name], verdict) for name, split in corpus.splits.items()}


def moves_among(split: Split, judge: Split | None = None) -> Moves:
    """Tell which drawings of a split :func:`settled` moves."""
    places = _places(split)
    return _moves(split, places, _verdict(judge, _places(judge)) if judge else _verdict(split, places))


def _verdict(judge: Split, places: _Places) -> _Verdict:
    """Tell what is usual for drawings like these."""
    usual = float(np.median(places.sizes)) if len(judge) else 0.0
    return _Verdict(_on_pages(judge, places), usual)


def _moves(split: Split, places: _Places, verdict: _Verdict) -> Moves:
    far = places.gaps > STRAY_GAP * np.maximum(places.sizes, verdict.usual)
    astray = np.ones(len(split), np.bool_) if verdict.pages else far & (verdict.usual > 0)
    return Moves(split.offsets[:-1][astray], places.low[astray].astype(np.float32))


def _learnt(corpus: Corpus, moves: dict[str, Moves]) -> Iterator[NDArray[np.float32]]:
    """Give the settled rows that the scale factor is taken over."""
    for name in ["train"] if "train" in corpus.splits else list(corpus.splits):
        yield from settled_blocks(corpus.splits[name], moves[name])


def _vary(parts: Iterable[NDArray[np.float32]]) -> bool:
    low, high = math.inf, -math.inf
    for part in parts:
        low, high = min(low, float(part[:, :2].min())), max(high, float(part[:, :2].max()))
        if low < high:
            return True
    return False


def _on_pages(split: Split, places: _Places) -> bool:
    if not len(split) or not np.median(places.gaps - PAGE_GAP * places.sizes) > 0:
        return False
    limit = np.median(places.gaps) / PAGE_STEPS
    short = sum(_count_short_steps(split, run, limit) for run in blocks(split.offsets))
    return bool(2 * short > len(split.rows) - len(split))


def _count_short_steps(split: Split, run: slice, limit: float) -> int:
    """Count the rows of some drawings, their first ones aside, that are shorter than a limit."""
    first, last = split.offsets[run.start], split.offsets[run.stop]
    short = np.abs(split.rows[first:last, :2]).max(axis=1) < limit
    return int(short.sum() - short[split.offsets[run] - first].sum())


def _places(split: Split) -> _Places:
    low, high = np.zeros((2, len(split), 2))
    runs = list(blocks(split.offsets))
    with ThreadPoolExecutor(THREADS) as threads:
        for run, box in zip(runs, threads.map(partial(_boxes, split), runs), strict=True):
            low[run], high[run] = box
    gaps = np.maximum(np.maximum(low, -high), 0)
    return _Places(low, gaps.max(axis=1, initial=0), (high - low).max(axis=1, initial=0))


def _boxes(split: Split, run: slice) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the low and high corners of some drawings, of shape ``(n, 2)`` each."""
    first, last = split.offsets[run.start], split.offsets[run.stop]
    rows, firsts = split.rows[first:last], split.offsets[run] - first
    low, high = np.zeros((2, len(firsts), 2))
    for axis in (0, 1):
        places = np.cumsum(rows[:, axis], dtype=np.float64)  # (P,)
        start = places[firsts] - rows[firsts, axis]  # where the drawing before ended
        low[:, axis] = np.minimum.reduceat(places, firsts) - start
        high[:, axis] = np.maximum.reduceat(places, firsts) - start
    return low, high
