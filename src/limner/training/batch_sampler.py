"""Chooses the drawings of each batch, as a pure function of seed and step.

Letters: ``B`` drawings of a batch, ``n`` of the split, ``G`` groups (corpora or classes).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from limner.corpus.corpus import Split
from limner.corpus.text import counted
from limner.errors import DataError
from limner.training.config import TrainConfig

Indices = NDArray[np.int64]


class BatchSampler:
    """Samples distinct drawings at random from the whole split.

    Parameters
    ----------
    split : Split
    config : TrainConfig
    seed : int
        Together with a step it decides a batch.
    ranks : int
        Processes that train together, each on an equal part of a batch.

    Raises
    ------
    DataError
        If there are fewer drawings than processes.
    """

    def __init__(self, split: Split, config: TrainConfig, *, seed: int, ranks: int = 1) -> None:
        if len(split) < ranks:
            raise DataError(
                f"The train split has {counted(len(split), 'drawing')}, too few for {ranks} processes."
            )
        self.split, self.seed = split, seed
        self.size = min(ranks * config.batch_size, len(split)) // ranks * ranks  # B
        self.pool_batches = min(config.sorted_batches, max(1, len(split) // self.size))
        self._pool: tuple[int, list[Indices]] | None = None

    def indices(self, step: int) -> Indices:
        """Return the drawings of a step, ``(B,)``; each pool of sorted batches is sampled again."""
        number, position = divmod(step, self.pool_batches)
        if self._pool is None or self._pool[0] != number:
            rng = np.random.default_rng([self.seed, 0, 0, number])
            pool = self._sample(range(number * self.pool_batches, (number + 1) * self.pool_batches), rng)
            self._pool = (number, [pool[k] for k in rng.permutation(self.pool_batches)])
        return self._pool[1][position]

    def _sample(self, steps: range, rng: np.random.Generator) -> list[Indices]:
        """Return the batches of a pool, one for each step, the one with the shortest drawings first."""
        chosen = rng.choice(len(self.split), size=self.size * len(steps), replace=False)
        return np.split(self._by_length(chosen), len(steps))

    def _by_length(self, chosen: Indices) -> Indices:
        lengths = self.split.offsets[chosen + 1] - self.split.offsets[chosen]
        return chosen[np.argsort(lengths, kind="stable")]


class BalancedBatchSampler(BatchSampler):
    """Samples with equal shares of every group in every batch, however unequal the groups are.

    Where the batch cannot be divided evenly, the groups take turns at the remainder. A drawing stands in a
    batch once, or as rarely as its group's share allows. A group with enough drawings for a pool of sorted
    batches is sorted by length as a whole; from a smaller one every batch samples for itself.

    Parameters
    ----------
    split : Split
    config : TrainConfig
    groups : list of int64 arrays
        The drawings of each group.
    seed, ranks : int
        As for :class:`BatchSampler`.
    """

    def __init__(
        self, split: Split, config: TrainConfig, groups: list[Indices], *, seed: int, ranks: int = 1
    ) -> None:
        super().__init__(split, config, seed=seed, ranks=ranks)
        self.groups = groups
        self._order = np.random.default_rng([seed, 0, 4]).permutation(len(groups))  # (G,)

    def _sample(self, steps: range, rng: np.random.Generator) -> list[Indices]:
        shares = np.array([self._shares(step) for step in steps])  # (len(steps), G)
        parts = [self._parts(group, shares[:, k], rng) for k, group in enumerate(self.groups)]
        return [np.concatenate(batch) for batch in zip(*parts, strict=True)]

    def _shares(self, step: int) -> Indices:
        """Return the number of drawings of each group in a batch, ``(G,)``."""
        each, over = divmod(self.size, len(self.groups))
        shares = np.full(len(self.groups), each)
        shares[self._order[(step * over + np.arange(over)) % len(self.groups)]] += 1
        return shares

    def _parts(self, group: Indices, shares: Indices, rng: np.random.Generator) -> list[Indices]:
        """Sample from a group as many drawings for each batch of a pool as are its share."""
        if shares.sum() > len(group):
            return [_sample_repeating(group, int(share), rng) for share in shares]
        chosen = rng.choice(group, size=shares.sum(), replace=False)
        return np.split(self._by_length(chosen), np.cumsum(shares)[:-1])


def make_batch_sampler(split: Split, config: TrainConfig, *, seed: int, ranks: int = 1) -> BatchSampler:
    """Return a sampler from the whole split, or from its corpora or classes in equal shares.

    Raises
    ------
    DataError
        If classes are to be balanced and the corpus names none, or there are fewer drawings than processes.
    """
    if config.balance == "none":
        return BatchSampler(split, config, seed=seed, ranks=ranks)
    if config.balance == "class" and (split.labels < 0).all():
        raise DataError("The corpus names no classes to balance; use --train.balance corpus, or none.")
    names = split.labels if config.balance == "class" else split.origins  # (n,)
    groups = [np.flatnonzero(names == name) for name in np.unique(names)]
    return BalancedBatchSampler(split, config, groups, seed=seed, ranks=ranks)


def _sample_repeating(group: Indices, count: int, rng: np.random.Generator) -> Indices:
    """Sample from a small group, each drawing as often as any other or once more."""
    whole, rest = divmod(count, len(group))
    return np.concatenate([*[group] * whole, rng.choice(group, size=rest, replace=False)])
