"""The scale factor of a corpus, and drawings that are moved to the origin before it is computed.

Splits are ragged arrays of stroke-3 rows, which are processed in blocks, in little memory beside the corpus.

Letters: ``n`` drawings, ``P`` points of all of them together.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from limner.corpus.text import counted
from limner.strokes.ragged import Ragged, blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    Rows = Ragged[np.float32]  # (P, 3)

R = TypeVar("R", bound="Rows")

OFFSET_LIMIT = 1000.0
"""Offsets beyond are clipped in training, as in sketch-rnn."""
PAGE_GAP = 1 / 3
"""Drawings lie on pages if half of them are farther from the origin than this share of their size, and"""
PAGE_STEPS = 3
"""farther than this many times the usual offset from point to point."""
STRAY_GAP = 2.0
"""A single drawing is a stray if its distance is this many times its size, and the median size."""
THREADS = 2


@dataclass(frozen=True)
class Moves:
    """Drawings that move to the origin: the first row of each changes by the corner of its bounding box."""

    rows: NDArray[np.int64]
    """Indices of these first rows, in increasing order."""
    corners: NDArray[np.float32]
    """Top left corners, ``(len(rows), 2)``."""

    def within(self, first: int, last: int) -> Moves:
        """Return those among the rows from ``first`` to ``last``, counted from ``first``."""
        selected = slice(*np.searchsorted(self.rows, [first, last]))
        return Moves(self.rows[selected] - first, self.corners[selected])

    def make(self, rows: NDArray[np.float32]) -> None:
        """Change rows ``(P, 3)`` in place."""
        rows[self.rows, :2] -= self.corners


@dataclass(frozen=True)
class _Boxes:
    """Bounding boxes of drawings."""

    low: NDArray[np.float64]  # (n, 2): top left corners
    gaps: NDArray[np.float64]  # (n,): distances from the origin, along the axis where it is larger
    sizes: NDArray[np.float64]  # (n,): longer sides


@dataclass(frozen=True)
class _Usual:
    """What is usual in a split."""

    on_pages: bool  # whether its drawings lie on pages, so that all move
    size: float  # median of the sizes; 0 for no drawings


def scale_factor(splits: Mapping[str, Rows]) -> float:
    """Return the standard deviation of the offsets, by which a corpus is divided before training.

    It is computed over dx and dy of all points of the train split together (of all splits where there is no
    train split), in float64, after :func:`settled`. Source: sketch-rnn's data loader.

    Parameters
    ----------
    splits : mapping of str to Ragged
        Stroke-3 rows of each split.

    Returns
    -------
    float
        In units of the corpus; 1.0 if the offsets do not vary.
    """
    return deviation(_train_rows(splits, moves_of(splits)))


def scale_notes(splits: Mapping[str, Rows]) -> tuple[str, ...]:
    """Return what :func:`scale_factor` had to assume, as sentences."""
    notes = []
    if "train" not in splits:
        notes.append("There is no train split, so the scale factor is taken over all drawings.")
    moves = moves_of(splits)
    if not _offsets_vary(_train_rows(splits, moves)):
        notes.append("The offsets do not vary, so the scale factor is 1.")
    moved = sum(int(one.corners.any(axis=1).sum()) for one in moves.values())
    if moved:
        notes.append(
            f"The scale factor and training move {counted(moved, 'drawing')} from far away to the origin."
        )
    return tuple(notes)


def deviation(parts: Iterable[NDArray[np.float32]]) -> float:
    """Return the standard deviation of dx and dy of all points together; 1.0 if they do not vary.

    Parameters
    ----------
    parts : iterable of float32 arrays of shape ``(P, 3)``
    """
    count, mean, squares, low, high = 0, 0.0, 0.0, math.inf, -math.inf
    for part in parts:
        offsets = part[:, :2].astype(np.float64).reshape(-1)
        low, high = min(low, offsets.min()), max(high, offsets.max())
        part_mean = offsets.mean()
        offsets -= part_mean
        share = offsets.size / (count + offsets.size)
        squares += float(np.einsum("i,i", offsets, offsets)) + (part_mean - mean) ** 2 * count * share
        mean, count = mean + (part_mean - mean) * share, count + offsets.size
    return math.sqrt(squares / count) if low < high else 1.0


def settled(split: R, reference: Rows | None = None) -> R:
    """Move drawings that lie far from the origin so that their box's top left corner is the origin.

    The first offset of a drawing leads from the origin to its first point. On a page (SVG files, raw
    QuickDraw) it is by far the largest one and spoils the statistics of the rest. If at least half of the
    drawings lie farther from the origin than a third of their size (the longer side of their box) and than
    three usual offsets from point to point, all are moved; otherwise those that lie farther away than twice
    their size and twice the median size. Files whose drawings begin about the origin, as sketch-rnn's do,
    stay as they are.

    Parameters
    ----------
    split : Ragged of float32 rows ``(P, 3)``
    reference : Ragged, optional
        The split that decides what is usual, as the train split does for valid and test; ``split`` itself
        unless given.

    Returns
    -------
    Ragged
        The same object if nothing moves; otherwise only the first rows of some drawings differ.
    """
    moves = moves_among(split, reference)
    if not len(moves.rows):
        return split
    rows = split.rows.copy()
    moves.make(rows)
    return replace(split, rows=rows)


def settled_blocks(split: Rows, moves: Moves) -> Iterator[NDArray[np.float32]]:
    """Yield the rows that :func:`settled` would return, in blocks of whole drawings."""
    for run in blocks(split.offsets):
        first, last = split.offsets[run.start], split.offsets[run.stop]
        inside = moves.within(first, last)
        rows = split.rows[first:last]
        if len(inside.rows):
            rows = rows.copy()
            inside.make(rows)
        yield rows


def moves_of(splits: Mapping[str, Rows]) -> dict[str, Moves]:
    """Return for each split which drawings move; the first split that has any decides what is usual."""
    boxes = {name: _boxes_of(split) for name, split in splits.items()}
    filled = [name for name, split in splits.items() if len(split)]
    usual = _usual_of(splits[filled[0]], boxes[filled[0]]) if filled else _Usual(False, 0.0)
    return {name: _moves(split, boxes[name], usual) for name, split in splits.items()}


def moves_among(split: Rows, reference: Rows | None = None) -> Moves:
    """Return which drawings of a split :func:`settled` moves."""
    boxes = _boxes_of(split)
    usual = _usual_of(reference, _boxes_of(reference)) if reference else _usual_of(split, boxes)
    return _moves(split, boxes, usual)


def _usual_of(split: Rows, boxes: _Boxes) -> _Usual:
    """Return what is usual for drawings like these."""
    size = float(np.median(boxes.sizes)) if len(split) else 0.0
    return _Usual(_lie_on_pages(split, boxes), size)


def _moves(split: Rows, boxes: _Boxes, usual: _Usual) -> Moves:
    far = boxes.gaps > STRAY_GAP * np.maximum(boxes.sizes, usual.size)
    moved = np.ones(len(split), np.bool_) if usual.on_pages else far & (usual.size > 0)
    return Moves(split.offsets[:-1][moved], boxes.low[moved].astype(np.float32))


def _train_rows(splits: Mapping[str, Rows], moves: dict[str, Moves]) -> Iterator[NDArray[np.float32]]:
    """Yield the settled rows that the scale factor is computed over."""
    for name in ["train"] if "train" in splits else list(splits):
        yield from settled_blocks(splits[name], moves[name])


def _offsets_vary(parts: Iterable[NDArray[np.float32]]) -> bool:
    low, high = math.inf, -math.inf
    for part in parts:
        low, high = min(low, float(part[:, :2].min())), max(high, float(part[:, :2].max()))
        if low < high:
            return True
    return False


def _lie_on_pages(split: Rows, boxes: _Boxes) -> bool:
    if not len(split) or not np.median(boxes.gaps - PAGE_GAP * boxes.sizes) > 0:
        return False
    limit = np.median(boxes.gaps) / PAGE_STEPS
    short = sum(_count_short_offsets(split, run, limit) for run in blocks(split.offsets))
    return bool(2 * short > len(split.rows) - len(split))


def _count_short_offsets(split: Rows, run: slice, limit: float) -> int:
    """Count the offsets of a run of drawings, their first ones aside, that are shorter than a limit."""
    first, last = split.offsets[run.start], split.offsets[run.stop]
    short = np.abs(split.rows[first:last, :2]).max(axis=1) < limit
    return int(short.sum() - short[split.offsets[run] - first].sum())


def _boxes_of(split: Rows) -> _Boxes:
    low, high = np.zeros((2, len(split), 2))
    runs = list(blocks(split.offsets))
    with ThreadPoolExecutor(THREADS) as threads:
        for run, corners in zip(runs, threads.map(partial(_corners, split), runs), strict=True):
            low[run], high[run] = corners
    gaps = np.maximum(np.maximum(low, -high), 0)
    return _Boxes(low, gaps.max(axis=1, initial=0), (high - low).max(axis=1, initial=0))


def _corners(split: Rows, run: slice) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the low and high corners of a run of drawings, of shape ``(n, 2)`` each."""
    first, last = split.offsets[run.start], split.offsets[run.stop]
    rows, firsts = split.rows[first:last], split.offsets[run] - first
    low, high = np.zeros((2, len(firsts), 2))
    for axis in (0, 1):
        positions = np.cumsum(rows[:, axis], dtype=np.float64)  # (P,)
        start = positions[firsts] - rows[firsts, axis]  # where the drawing before ended
        low[:, axis] = np.minimum.reduceat(positions, firsts) - start
        high[:, axis] = np.maximum.reduceat(positions, firsts) - start
    return low, high
