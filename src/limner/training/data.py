"""Batches, each a pure function of seed and step, so that a resumed training sees what it would have seen.

Letters: ``B`` batch, ``n`` drawings of a split.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from limner.corpus.augment import drop_points, random_scale
from limner.corpus.corpus import Corpus, Split
from limner.corpus.scale import OFFSET_LIMIT, settled
from limner.errors import DataError
from limner.models.batch import Batch, pad_batch
from limner.strokes.drawing import Drawing
from limner.strokes.simplify import kept_mask
from limner.training.config import TrainConfig
from limner.training.picks import picks_of

TOLERANCE_HALVINGS = 12


@dataclass(frozen=True)
class Material:
    """What a training reads of a corpus."""

    train: Split
    valid: Split
    scale_factor: float
    n_max: int
    classes: tuple[str, ...]

    @property
    def facts(self) -> list[float]:
        """What tells this corpus from another when a training is resumed."""
        return [float(len(self.train)), float(len(self.train.rows)), float(self.n_max), self.scale_factor]

    @cached_property
    def start(self) -> tuple[float, float]:
        """Median of the first offsets, in the corpus's units."""
        x, y = np.median(self._firsts, axis=0)
        return (float(x), float(y))

    @cached_property
    def start_reach(self) -> float:
        """Distance from :attr:`start` within which 95 of 100 drawings begin."""
        return float(np.quantile(np.hypot(*(self._firsts - self.start).T), 0.95))

    @cached_property
    def extent(self) -> float:
        """Median of the drawings' longest sides, in the corpus's units; 1 if they are points."""
        return float(np.median([np.ptp(d.points, axis=0).max() for d in self._some])) or 1.0

    @cached_property
    def tolerance(self) -> float:
        """Distance within which Ramer-Douglas-Peucker would take 5 of 100 points away, by bisection."""
        strokes = [stroke for drawing in self._some for stroke in drawing]
        points, offsets = np.concatenate(strokes), np.cumsum([0, *map(len, strokes)])
        low, high = 0.0, self.extent / 10
        for _ in range(TOLERANCE_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if kept_mask(points, offsets, middle).mean() > 0.95 else (low, middle)
        return low

    @cached_property
    def _some(self) -> list[Drawing]:
        """Up to 1,000 drawings, spread over the train split."""
        step = -(-len(self.train) // 1000)
        return [Drawing.from_stroke3(rows) for rows in list(self.train)[::step]]

    @property
    def _firsts(self) -> NDArray[np.float32]:
        return self.train.rows[self.train.offsets[:-1], :2]  # (n, 2)


def material(corpus: Corpus) -> Material:
    """Make a corpus ready for training; without a valid split the train split validates.

    Raises
    ------
    DataError
        If there is no train split.
    """
    if "train" not in corpus.splits or not len(corpus.splits["train"]):
        raise DataError("The corpus has no train split; there is nothing to learn from.")
    judge = corpus.splits["train"]
    ready = {name: ready_split(split, judge) for name, split in corpus.splits.items() if len(split)}
    train = ready["train"]
    deviation = float(train.rows[:, :2].std(dtype=np.float64))
    return Material(
        train=train,
        valid=ready.get("valid", train),
        scale_factor=deviation if deviation > 0 else 1.0,
        n_max=corpus.n_max,
        classes=corpus.label_names,
    )


def ready_split(split: Split, judge: Split | None = None) -> Split:
    """Settle far drawings at the origin and clip offsets to +-1000, as training and evaluation see them.

    ``judge`` is that of :func:`limner.corpus.scale.settled`.
    """
    rows = settled(split, judge).rows.copy()
    np.clip(rows[:, :2], -OFFSET_LIMIT, OFFSET_LIMIT, out=rows[:, :2])
    return split.replace_rows(rows)


class TrainBatches:
    """Augmented batches from one step to the last.

    Parameters
    ----------
    data : Material
    config : TrainConfig
    seed : int
        Together with a step (and a rank) it decides a batch.
    steps : int
        Number of batches of the whole training.
    first_step : callable
        Tells the step to begin with, when iteration begins.
    rank : int
        Of this process among several; each draws its own batches.

    Raises
    ------
    DataError
        If classes shall be balanced and the corpus names none.
    """

    def __init__(
        self, data: Material, config: TrainConfig, *, seed: int, steps: int,
        first_step: Callable[[], int], rank: int = 0,
    ) -> None:  # fmt: skip
        self.data, self.config, self.seed = data, config, seed
        self.steps, self.first_step, self.rank = steps, first_step, rank
        self._picks = picks_of(data.train, config, seed=seed, rank=rank)

    def __len__(self) -> int:
        return self.steps

    def __iter__(self) -> Iterator[Batch]:
        return (self.batch(step) for step in range(self.first_step(), self.steps))

    def batch(self, step: int) -> Batch:
        """Give the batch of a step."""
        rng = np.random.default_rng([self.seed, self.rank, 1, step])
        picks = self._picks.of(step)
        drawings = [self._augmented(self.data.train[i], rng) for i in picks]
        length = self.data.n_max if self.config.convention == "magenta-train" else None
        return pad_batch(drawings, self.data.scale_factor, length, _labels(self.data.train, picks))

    def _augmented(self, rows: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
        scaled = random_scale(rows, rng, self.config.scale_augment)
        return drop_points(scaled, rng, self.config.drop_augment)


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
    """

    def __init__(self, split: Split, scale_factor: float, batch_size: int, length: int | None = None) -> None:
        self.split, self.scale_factor, self.batch_size, self.length = split, scale_factor, batch_size, length
        self.order = np.argsort(split.lengths, kind="stable")  # (n,)

    def __len__(self) -> int:
        return -(-len(self.split) // self.batch_size)

    def __iter__(self) -> Iterator[Batch]:
        for k in range(0, len(self.order), self.batch_size):
            picks = self.order[k : k + self.batch_size]
            rows = [self.split[i] for i in picks]
            yield pad_batch(rows, self.scale_factor, self.length, _labels(self.split, picks))


def _labels(split: Split, picks: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """Give the classes of some drawings, if all of them have one."""
    found = split.labels[picks].astype(np.int64)
    return found if (found >= 0).all() else None
