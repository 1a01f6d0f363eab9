"""The scale factor of a corpus, and drawings brought back from far away.

Letters: ``n`` drawings, ``P`` points of all of them together.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.wording import counted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.corpus.corpus import Corpus, Split

# Drawings lie on pages if half of them are farther from the origin than
OFFSET_LIMIT = 1000.0  # offsets beyond are clipped in training, as in sketch-rnn
PAGE_GAP = 1 / 3  # this share of their size, and than
PAGE_STEPS = 3  # this many usual steps.
STRAY_GAP = 2.0  # A single one is a stray if it is this many times its size, and the usual size, away.


def scale_factor(corpus: Corpus) -> float:
    """Standard deviation of the offsets by which a corpus is divided before it is learnt.

    It is taken over dx and dy of all points of the train split together (of all splits where there is no
    train split), in float64, after :func:`settled`. Source: sketch-rnn's data loader.

    Returns
    -------
    float
        In units of the corpus; 1.0 if the offsets do not vary.
    """
    deviation = _deviation(settled_corpus(corpus))
    return deviation if deviation > 0 else 1.0


def scale_notes(corpus: Corpus) -> tuple[str, ...]:
    """Say what :func:`scale_factor` had to assume, as sentences."""
    notes = []
    if "train" not in corpus.splits:
        notes.append("There is no train split, so the scale factor is taken over all drawings.")
    after = settled_corpus(corpus)
    if not _deviation(after) > 0:
        notes.append("The offsets do not vary, so the scale factor is 1.")
    moved = sum(_count_moved(split, after.splits[name]) for name, split in corpus.splits.items())
    if moved:
        notes.append(
            f"The scale factor and training move {counted(moved, 'drawing')} from far away to the origin."
        )
    return tuple(notes)


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
    low, gaps, sizes = _places(split)
    judged = _places(judge)[1:] if judge else (gaps, sizes)
    if _on_pages(judge or split, *judged):
        astray = np.ones(len(split), np.bool_)
    else:
        usual = np.median(judged[1]) if len(judged[1]) else 0.0
        astray = (gaps > STRAY_GAP * np.maximum(sizes, usual)) & (usual > 0)
    if not astray.any():
        return split
    rows = split.rows.copy()
    rows[split.offsets[:-1][astray], :2] -= low[astray].astype(np.float32)
    return split.replace_rows(rows)


def settled_corpus(corpus: Corpus) -> Corpus:
    """Apply :func:`settled` to all splits; the train split, or else the first one, is the judge."""
    judge = next(iter(corpus.splits.values()), None)
    splits = {
        name: settled(split, None if split is judge else judge) for name, split in corpus.splits.items()
    }
    return replace(corpus, splits=splits)


def _on_pages(split: Split, gaps: NDArray[np.float64], sizes: NDArray[np.float64]) -> bool:
    if not len(split) or not np.median(gaps - PAGE_GAP * sizes) > 0:
        return False
    steps = np.delete(np.abs(split.rows[:, :2]).max(axis=1), split.offsets[:-1])
    return bool(len(steps) and np.median(gaps) > PAGE_STEPS * np.median(steps))


def _places(split: Split) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Tell where the drawings lie.

    Returns
    -------
    float64 arrays of shape ``(n, 2)``, ``(n,)`` and ``(n,)``
        Top left corners, distances of the boxes from the origin (along the axis where it is larger), and
        sizes of the boxes (along the longer side).
    """
    low, high = _boxes(split)
    gaps = np.maximum(np.maximum(low, -high), 0)
    return low, gaps.max(axis=1, initial=0), (high - low).max(axis=1, initial=0)


def _boxes(split: Split) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the low and high corners of each drawing, of shape ``(n, 2)`` each."""
    if not len(split):
        return np.zeros((0, 2)), np.zeros((0, 2))
    firsts = split.offsets[:-1]
    low, high = np.zeros((2, len(split), 2))
    for axis in (0, 1):
        places = np.cumsum(split.rows[:, axis], dtype=np.float64)  # (P,)
        start = places[firsts] - split.rows[firsts, axis]  # where the drawing before ended
        low[:, axis] = np.minimum.reduceat(places, firsts) - start
        high[:, axis] = np.maximum.reduceat(places, firsts) - start
    return low, high


def _count_moved(before: Split, after: Split) -> int:
    firsts = before.offsets[:-1]
    return int((before.rows[firsts] != after.rows[firsts]).any(axis=1).sum())


def _deviation(corpus: Corpus) -> float:
    parts = [corpus.splits["train"]] if "train" in corpus.splits else corpus.splits.values()
    rows = np.concatenate([np.zeros((0, 3), np.float32), *(part.rows for part in parts)])
    return float(rows[:, :2].std(dtype=np.float64)) if len(rows) else 0.0
