"""What a training reads of a corpus, and batches of it, each a pure function of seed and step.

So a resumed training sees what it would have seen.

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
from limner.training.batch_sampler import picks_of
from limner.training.config import TrainConfig

SOME = 1000
"""Drawings, spread over the train split, that size and tolerance are taken from."""
TOLERANCE_HALVINGS = 12


@dataclass(frozen=True)
class Figures:
    """What a training, and later a drawing model, must know of a corpus as a whole."""

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
    """Distance within which Ramer-Douglas-Peucker would take 5 of 100 points away, by bisection."""


@dataclass(frozen=True)
class TrainingData(Figures):
    """What a training reads of a corpus.

    Parameters
    ----------
    train, valid : Split
        As :func:`ready_split` gives them.
    classes : tuple of str
        What their labels count into.
    release : callable
        Where drawings are read from files: gives back the memory through which that was done.
    """

    train: Split
    valid: Split
    classes: tuple[str, ...]
    held_out: bool = True
    """Whether the valid split was set aside; else it is the train split."""
    release: Callable[[], None] = lambda: None

    @property
    def facts(self) -> list[float]:
        """What tells this corpus from another when a training is resumed."""
        return [float(len(self.train)), float(len(self.train.rows)), float(self.n_max), self.scale_factor]


def training_data(corpus: Corpus, name: str = "The corpus") -> TrainingData:
    """Make a corpus ready for training; without a valid split the train split validates.

    Parameters
    ----------
    corpus : Corpus
    name : str
        What a sentence calls it.

    Raises
    ------
    DataError
        If there is no train split.
    """
    check_train(corpus, name)
    moves = moves_of(corpus.splits)
    ready = {name: _ready(split, moves[name]) for name, split in corpus.splits.items() if len(split)}
    train = ready["train"]
    figures = figures_of(train, corpus.n_max, len(corpus))
    return TrainingData(
        **vars(figures),
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
    """Settle far drawings at the origin and clip offsets to +-1000, as training and evaluation see them.

    Returns
    -------
    Split
        The same object if it is ready already.
    """
    return _ready(split, moves_among(split))


def make_ready(rows: NDArray[np.float32], split: Split, moves: Moves) -> None:
    """Change the rows of a split in place as :func:`ready_split` says; ``(P, 3)``."""
    moves.make(rows)
    for run in blocks(split.offsets):
        some = rows[split.offsets[run.start] : split.offsets[run.stop], :2]
        if _beyond(some):
            np.clip(some, -OFFSET_LIMIT, OFFSET_LIMIT, out=some)


def figures_of(train: Split, n_max: int, drawings: int) -> Figures:
    """Look at a train split that is ready; the numbers are those of all splits."""
    firsts = train.rows[train.offsets[:-1], :2]  # (n, 2)
    x, y = np.median(firsts, axis=0)
    start = (float(x), float(y))
    some = [Drawing.from_stroke3(train[i]) for i in range(0, len(train), -(-len(train) // SOME))]
    extent = float(np.median([np.ptp(d.points, axis=0).max() for d in some])) or 1.0
    return Figures(
        scale_factor=deviation(
            train.rows[train.offsets[run.start] : train.offsets[run.stop]] for run in blocks(train.offsets)
        ),
        n_max=n_max,
        drawings=drawings,
        start=start,
        start_reach=float(np.quantile(np.hypot(*(firsts - start).T), 0.95)),
        extent=extent,
        tolerance=_tolerance(some, extent),
    )


def _ready(split: Split, moves: Moves) -> Split:
    if not len(moves.rows) and not any(map(_beyond, settled_blocks(split, moves))):
        return split
    rows = split.rows.copy()
    make_ready(rows, split, moves)
    return split.replace_rows(rows)


def _beyond(rows: NDArray[np.float32]) -> bool:
    offsets = rows[:, :2]
    return bool(offsets.max() > OFFSET_LIMIT or offsets.min() < -OFFSET_LIMIT)


def _tolerance(some: list[Drawing], extent: float) -> float:
    strokes = [stroke for drawing in some for stroke in drawing]
    points, offsets = np.concatenate(strokes), np.cumsum([0, *map(len, strokes)])
    low, high = 0.0, extent / 10
    for _ in range(TOLERANCE_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if kept_mask(points, offsets, middle).mean() > 0.95 else (low, middle)
    return low


class TrainBatches:
    """Augmented batches from one step to the last.

    A batch is a function of seed and step. Where several processes train together, all of them know the
    whole batch of a step, and each makes every so many drawings of it: the same ones, augmented in the same
    way, as if one process made them all.

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
        Tells the step to begin with, when iteration begins.
    rank, ranks : int
        Which of how many processes this is.

    Raises
    ------
    DataError
        If classes shall be balanced and the corpus names none, or there are fewer drawings than processes.
    """

    def __init__(
        self, data: TrainingData, config: TrainConfig, *, seed: int, steps: int,
        first_step: Callable[[], int], rank: int = 0, ranks: int = 1,
    ) -> None:  # fmt: skip
        self.data, self.config, self.seed = data, config, seed
        self.steps, self.first_step = steps, first_step
        self.rank, self.ranks = rank, ranks
        self._picks = picks_of(data.train, config, seed=seed, ranks=ranks)

    def __len__(self) -> int:
        return self.steps

    def __iter__(self) -> Iterator[Batch]:
        return (self.batch(step) for step in range(self.first_step(), self.steps))

    def batch(self, step: int) -> Batch:
        """Give this process's part of the batch of a step."""
        picks = self._picks.of(step)
        drawings = list(self._augmented(picks, step))
        length = self.data.n_max if self.config.convention == "magenta-train" else None
        labels = _labels(self.data.train, picks)
        mine = None if labels is None else labels[self.rank :: self.ranks]
        batch = pad_batch(drawings, self.data.scale_factor, length, mine)
        self.data.release()
        return batch

    def _augmented(self, picks: NDArray[np.int64], step: int) -> Iterator[NDArray[np.float32]]:
        """Augment every so many drawings of a batch; the chance of the others is passed over."""
        stream = np.random.PCG64([self.seed, 0, 1, step])
        chance = np.random.Generator(stream)
        for place, pick in enumerate(picks):
            if place % self.ranks == self.rank:
                scaled = random_scale(self.data.train[pick], chance, self.config.scale_augment)
                rows = drop_points(scaled, chance, self.config.drop_augment)
                if self.config.vary.active:
                    own = np.random.default_rng([self.seed, 0, 4, step, place])
                    rows = augment_strongly(rows, own, self.config.vary)
                yield rows
            else:
                stream.advance(numbers_taken(self.data.train.length(pick)))


class SplitBatches:
    """All drawings of a split in batches of similar length, the shortest first; none is left out.

    Parameters
    ----------
    split : Split
        As :func:`ready_split` gives it.
    scale_factor : float
    batch_size : int
    length : int, optional
        Rows of every batch; as :func:`limner.models.batch.pad_batch` chooses unless given.
    rank, ranks : int
        Which of how many processes this is: each takes every so many batches, or all of them if there are
        fewer batches than processes.
    """

    def __init__(
        self, split: Split, scale_factor: float, batch_size: int, length: int | None = None,
        *, rank: int = 0, ranks: int = 1,
    ) -> None:  # fmt: skip
        self.split, self.scale_factor, self.batch_size, self.length = split, scale_factor, batch_size, length
        self.order = np.argsort(split.lengths, kind="stable")  # (n,)
        begins = range(0, len(split), batch_size)
        self.begins = begins[rank::ranks] if len(begins) >= ranks else begins

    def __len__(self) -> int:
        return len(self.begins)

    def __iter__(self) -> Iterator[Batch]:
        for k in self.begins:
            picks = self.order[k : k + self.batch_size]
            rows = [self.split[i] for i in picks]
            yield pad_batch(rows, self.scale_factor, self.length, _labels(self.split, picks))


def _labels(split: Split, picks: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """Give the classes of some drawings, if all of them have one."""
    found = split.labels[picks].astype(np.int64)
    return found if (found >= 0).all() else None
