"""What a training reads of a corpus, and batches of it.

Each batch is a pure function of seed and step, so that a resumed training sees what it would have seen. From
a corpus to a batch the drawings stand in a :class:`Split`, as a list of augmented arrays, and in the
:class:`Batch`.

Letters: ``B`` batch, ``n`` drawings of a split, ``P`` points of all of them together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from limner.corpus.augment import drop_points, numbers_taken, random_scale
from limner.corpus.corpus import Corpus, Split
from limner.corpus.scale import OFFSET_LIMIT, Moves, deviation, moves_among, moves_of, settled_blocks
from limner.corpus.strong_augment import augment_strongly
from limner.errors import DataError
from limner.models.batch import Batch, pad_batch
from limner.strokes.drawing import Drawing
from limner.strokes.ragged import blocks
from limner.strokes.simplify import kept_mask
from limner.training.batch_sampler import BatchSampler, make_batch_sampler
from limner.training.config import TrainConfig

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


class TrainBatches:
    """Augmented batches from one step to the last.

    A batch is a function of seed and step. Where several processes train together, each makes its part of the
    batch of a step, every ``ranks``-th drawing, augmented as if one process made them all.

    Parameters
    ----------
    data : TrainingData
    config : TrainConfig
        Each process has ``batch_size`` drawings of a batch.
    seed : int
        Together with a step it decides a batch.
    steps : int
        Number of batches of the whole training.
    first_step : callable
        Returns the step to begin with, when iteration begins.
    rank, ranks : int
        Number of this process, and of all processes.
    sampler : BatchSampler, optional
        Chooses the drawings of a batch; by the settings unless given.

    Raises
    ------
    DataError
        If classes are to be balanced and the corpus names none, or there are fewer drawings than processes.
    """

    def __init__(
        self, data: TrainingData, config: TrainConfig, *, seed: int, steps: int,
        first_step: Callable[[], int], rank: int = 0, ranks: int = 1, sampler: BatchSampler | None = None,
    ) -> None:  # fmt: skip
        self.data, self.config, self.seed = data, config, seed
        self.steps, self.first_step = steps, first_step
        self.rank, self.ranks = rank, ranks
        self._sampler = sampler or make_batch_sampler(data.train, config, seed=seed, ranks=ranks)

    def __len__(self) -> int:
        return self.steps

    def __iter__(self) -> Iterator[Batch]:
        return (self.batch(step) for step in range(self.first_step(), self.steps))

    def batch(self, step: int) -> Batch:
        """Return this process's part of the batch of a step."""
        indices = self._sampler.indices(step)
        drawings = list(self._augmented(indices, step))
        length = self.data.n_max if self.config.convention == "magenta-train" else None
        labels = _labels(self.data.train, indices)
        own = None if labels is None else labels[self.rank :: self.ranks]
        batch = pad_batch(drawings, self.data.scale_factor, length, own)
        self.data.release()
        return batch

    def _augmented(self, indices: NDArray[np.int64], step: int) -> Iterator[NDArray[np.float32]]:
        """Augment this process's drawings of a batch; the random numbers of the others are skipped."""
        stream = np.random.PCG64([self.seed, 0, 1, step])
        rng = np.random.Generator(stream)
        for position, index in enumerate(indices):
            if position % self.ranks != self.rank:
                stream.advance(numbers_taken(self.data.train.length(index)))
                continue
            scaled = random_scale(self.data.train[index], rng, self.config.scale_augment)
            rows = drop_points(scaled, rng, self.config.drop_augment)
            if self.config.vary.active:
                own = np.random.default_rng([self.seed, 0, 4, step, position])
                rows = augment_strongly(rows, own, self.config.vary)
            yield rows


class SplitBatches:
    """All drawings of a split in batches of similar length, the shortest first; none is left out.

    Parameters
    ----------
    split : Split
        As :func:`ready_split` returns it.
    scale_factor : float
    batch_size : int
    length : int, optional
        Rows of every batch; as :func:`limner.models.batch.pad_batch` chooses unless given.
    rank, ranks : int
        Number of this process, and of all processes: each takes every ``ranks``-th batch, or all of them if
        there are fewer batches than processes.
    keep : bool
        Whether batches are kept from the first iteration for the next ones.
    """

    def __init__(
        self, split: Split, scale_factor: float, batch_size: int, length: int | None = None,
        *, rank: int = 0, ranks: int = 1, keep: bool = False,
    ) -> None:  # fmt: skip
        self.split, self.scale_factor, self.batch_size, self.length = split, scale_factor, batch_size, length
        self.order = np.argsort(split.lengths, kind="stable")  # (n,)
        begins = range(0, len(split), batch_size)
        self.begins = begins[rank::ranks] if len(begins) >= ranks else begins
        self._kept: list[Batch] | None = [] if keep else None

    def __len__(self) -> int:
        return len(self.begins)

    def __iter__(self) -> Iterator[Batch]:
        if self._kept is None:
            return map(self._batch, self.begins)
        if not self._kept:
            self._kept = list(map(self._batch, self.begins))
        return iter(self._kept)

    def _batch(self, begin: int) -> Batch:
        indices = self.order[begin : begin + self.batch_size]
        rows = [self.split[i] for i in indices]
        return pad_batch(rows, self.scale_factor, self.length, _labels(self.split, indices))


def _labels(split: Split, indices: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """Return the classes of drawings, if all of them have one."""
    labels = split.labels[indices].astype(np.int64)
    return labels if (labels >= 0).all() else None
