"""Batches of a corpus for training and validation.

Each batch is a pure function of seed and step, so that a resumed training sees what it would have seen. From
a corpus to a batch the drawings stand in a :class:`Split`, as a list of augmented arrays, and in the
:class:`Batch`.

Letters: ``n`` drawings, ``P`` rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from limner.corpus.augment import drop_points, numbers_taken, random_scale
from limner.corpus.corpus import Split
from limner.corpus.strong_augment import augment_strongly
from limner.models.batch import Batch, pad_batch
from limner.training.batch_sampler import BatchSampler, make_batch_sampler
from limner.training.config import TrainConfig
from limner.training.data import TrainingData


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
