"""``TrainingData``: a corpus that is ready for training, and its statistics.

Letters: ``n`` drawings of a split, ``P`` points of all of them together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from limner.corpus.corpus import Corpus, Split
from limner.corpus.scale import OFFSET_LIMIT, Moves, deviation, moves_among, moves_of, settled_blocks
from limner.errors import DataError
from limner.strokes.drawing import Drawing
from limner.strokes.ragged import blocks
from limner.strokes.simplify import kept_mask

MOST_CLIPPED = 0.1
"""Share of the points whose offsets may be clipped before a corpus is refused; a judgement."""
CHECKED_ROWS = 1_000_000
"""First points of a corpus that are looked at."""
STATS_DRAWINGS = 1000
"""Drawings, spread evenly over the train split, that extent and tolerance are computed from."""
TOLERANCE_HALVINGS = 12
"""Steps of the bisection for the tolerance, which then is known to 1 / 40,960 of the extent."""


@dataclass(frozen=True)
class CorpusStats:
    """Statistics of a corpus that a training, and later a model that draws, must know."""

    scale_factor: float
    """Standard deviation of the offsets."""
    n_max: int
    """Points of the longest drawing of all splits."""
    drawings: int
    """Drawings of all splits."""
    start: tuple[float, float]
    """Median of the first offsets, in the corpus's units."""
    start_reach: float
    """Distance from :attr:`start` within which 95 of 100 drawings begin."""
    extent: float
    """Median of the drawings' longest sides, in the corpus's units; 1 if they are points."""
    tolerance: float
    """Distance with which Ramer-Douglas-Peucker would remove 5 of 100 points, by bisection."""


@dataclass(frozen=True)
class TrainingData(CorpusStats):
    """The drawings and statistics of a corpus that a training reads.

    Parameters
    ----------
    train, valid : Split
        As :func:`ready_split` returns them.
    classes : tuple of str
        Names that their labels index.
    held_out : bool
        Whether the valid split was set aside; otherwise it is the train split.
    release : callable
        Releases memory through which drawings were read from files.
    """

    train: Split
    valid: Split
    classes: tuple[str, ...]
    held_out: bool = True
    release: Callable[[], None] = lambda: None

    @property
    def fingerprint(self) -> list[float]:
        """Distinguishes this corpus from others when a training is resumed."""
        return [float(len(self.train)), float(len(self.train.rows)), float(self.n_max), self.scale_factor]


def training_data(corpus: Corpus, name: str = "The corpus") -> TrainingData:
    """Prepare a corpus for training; without a valid split the train split validates.

    Parameters
    ----------
    corpus : Corpus
    name : str
        Of the corpus, for the error.

    Raises
    ------
    DataError
        If there is no train split.
    """
    check_train(corpus, name)
    moves = moves_of(corpus.splits)
    ready = {name: _ready(split, moves[name]) for name, split in corpus.splits.items() if len(split)}
    train = ready["train"]
    return TrainingData(
        **vars(corpus_stats(train, corpus.n_max, len(corpus))),
        train=train,
        valid=ready.get("valid", train),
        classes=corpus.label_names,
        held_out="valid" in ready,
    )


def check_train(corpus: Corpus, name: str) -> None:
    """Refuse a corpus without a train split."""
    if not len(corpus.splits.get("train", ())):
        raise DataError(f"{name} has no train split; there is nothing to learn from.")


def check_units(train: Split) -> None:
    """Refuse to train on a corpus that is drawn in units so small that clipping has left little of it.

    Parameters
    ----------
    train : Split
        Ready to train on.

    Raises
    ------
    DataError
        If more than :data:`MOST_CLIPPED` of the offsets are clipped.
    """
    clipped = (np.abs(train.rows[:CHECKED_ROWS, :2]) >= OFFSET_LIMIT).any(axis=1).mean()
    if clipped > MOST_CLIPPED:
        raise DataError(
            f"The corpus: {clipped:.0%} of the offsets are longer than {OFFSET_LIMIT:g} units and would be "
            "cut off; bring the drawings to size first with limner build and --recipe quickdraw."
        )


def ready_split(split: Split) -> Split:
    """Move far drawings to the origin and clip offsets to +-1000, as training and evaluation see them.

    Returns
    -------
    Split
        The same object if it is ready already.
    """
    return _ready(split, moves_among(split))


def make_ready(rows: NDArray[np.float32], split: Split, moves: Moves) -> None:
    """Change the rows of a split, ``(P, 3)``, in place as :func:`ready_split` does."""
    moves.make(rows)
    for run in blocks(split.offsets):
        offsets = rows[split.offsets[run.start] : split.offsets[run.stop], :2]
        if _exceeds_limit(offsets):
            np.clip(offsets, -OFFSET_LIMIT, OFFSET_LIMIT, out=offsets)


def corpus_stats(train: Split, n_max: int, drawings: int) -> CorpusStats:
    """Return the statistics of a corpus.

    Parameters
    ----------
    train : Split
        As :func:`ready_split` returns it.
    n_max, drawings : int
        Points of the longest drawing, and number of drawings, of all splits.
    """
    firsts = train.rows[train.offsets[:-1], :2]  # (n, 2)
    x, y = np.median(firsts, axis=0)
    start = (float(x), float(y))
    sample = [Drawing.from_stroke3(train[i]) for i in range(0, len(train), -(-len(train) // STATS_DRAWINGS))]
    extent = float(np.median([np.ptp(d.points, axis=0).max() for d in sample])) or 1.0
    return CorpusStats(
        scale_factor=deviation(
            train.rows[train.offsets[run.start] : train.offsets[run.stop]] for run in blocks(train.offsets)
        ),
        n_max=n_max,
        drawings=drawings,
        start=start,
        start_reach=float(np.quantile(np.hypot(*(firsts - start).T), 0.95)),
        extent=extent,
        tolerance=_tolerance(sample, extent),
    )


def _ready(split: Split, moves: Moves) -> Split:
    if not len(moves.rows) and not any(map(_exceeds_limit, settled_blocks(split, moves))):
        return split
    rows = split.rows.copy()
    make_ready(rows, split, moves)
    return split.replace_rows(rows)


def _exceeds_limit(rows: NDArray[np.float32]) -> bool:
    offsets = rows[:, :2]
    return bool(offsets.max() > OFFSET_LIMIT or offsets.min() < -OFFSET_LIMIT)


def _tolerance(drawings: list[Drawing], extent: float) -> float:
    strokes = [stroke for drawing in drawings for stroke in drawing]
    points, offsets = np.concatenate(strokes), np.cumsum([0, *map(len, strokes)])
    low, high = 0.0, extent / 10
    for _ in range(TOLERANCE_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if kept_mask(points, offsets, middle).mean() > 0.95 else (low, middle)
    return low
