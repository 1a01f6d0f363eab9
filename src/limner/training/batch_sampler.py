"""Which drawings a batch holds: a pure function of seed and step.

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


class Picks:
    """Distinct drawings, by chance from the whole split.

    Parameters
    ----------
    split : Split
    config : TrainConfig
    seed : int
        Together with a step it decides a batch.
    ranks : int
        Processes that train together, each of which takes an equal part of a batch.

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
        self.batches = min(config.sorted_batches, max(1, len(split) // self.size))
        self._pool: tuple[int, list[Indices]] | None = None

    def of(self, step: int) -> Indices:
        """Give the drawings of a step, ``(B,)``, drawn anew for every pool of sorted batches."""
        number, place = divmod(step, self.batches)
        if self._pool is None or self._pool[0] != number:
            rng = np.random.default_rng([self.seed, 0, 0, number])
            pool = self._draw(range(number * self.batches, (number + 1) * self.batches), rng)
            self._pool = (number, [pool[k] for k in rng.permutation(self.batches)])
        return self._pool[1][place]

    def _draw(self, turns: range, rng: np.random.Generator) -> list[Indices]:
        """Give the batches of a pool, one for each turn, the one with the shortest drawings first."""
        chosen = rng.choice(len(self.split), size=self.size * len(turns), replace=False)
        return np.split(self._by_length(chosen), len(turns))

    def _by_length(self, chosen: Indices) -> Indices:
        lengths = self.split.offsets[chosen + 1] - self.split.offsets[chosen]
        return chosen[np.argsort(lengths, kind="stable")]


class BalancedPicks(Picks):
    """Drawings of which every group has an equal share in every batch, however unequal the groups are.

    Where the batch cannot be divided evenly, the groups take turns at the places that are left over. A
    drawing stands in a batch once, or as seldom as its group's share allows. A group with enough drawings for
    a pool of sorted batches is sorted by length as a whole; of a smaller one every batch gets its own.

    Parameters
    ----------
    split : Split
    config : TrainConfig
    groups : list of int64 arrays
        The drawings of each group.
    seed, ranks : int
        As for :class:`Picks`.
    """

    def __init__(
        self, split: Split, config: TrainConfig, groups: list[Indices], *, seed: int, ranks: int = 1
    ) -> None:
        super().__init__(split, config, seed=seed, ranks=ranks)
        self.groups = groups
        self._order = np.random.default_rng([seed, 0, 4]).permutation(len(groups))  # (G,)

    def _draw(self, turns: range, rng: np.random.Generator) -> list[Indices]:
        shares = np.array([self._shares(turn) for turn in turns])  # (len(turns), G)
        parts = [self._parts(group, shares[:, k], rng) for k, group in enumerate(self.groups)]
        return [np.concatenate(batch) for batch in zip(*parts, strict=True)]

    def _shares(self, turn: int) -> Indices:
        """Count the drawings of each group in a batch, ``(G,)``."""
        each, over = divmod(self.size, len(self.groups))
        shares = np.full(len(self.groups), each)
        shares[self._order[(turn * over + np.arange(over)) % len(self.groups)]] += 1
        return shares

    def _parts(self, group: Indices, shares: Indices, rng: np.random.Generator) -> list[Indices]:
        """Pick as many drawings of a group for each batch of a pool as is its share."""
        if shares.sum() > len(group):
            return [_repeating(group, int(share), rng) for share in shares]
        chosen = rng.choice(group, size=shares.sum(), replace=False)
        return np.split(self._by_length(chosen), np.cumsum(shares)[:-1])


def picks_of(split: Split, config: TrainConfig, *, seed: int, ranks: int = 1) -> Picks:
    """Pick from the whole split, or from its corpora or classes in equal shares.

    Raises
    ------
    DataError
        If classes shall be balanced and the corpus names none, or there are fewer drawings than processes.
    """
    if config.balance == "none":
        return Picks(split, config, seed=seed, ranks=ranks)
    if config.balance == "class" and (split.labels < 0).all():
        raise DataError("The corpus names no classes to balance; use --train.balance corpus, or none.")
    names = split.labels if config.balance == "class" else split.origins  # (n,)
    groups = [np.flatnonzero(names == name) for name in np.unique(names)]
    return BalancedPicks(split, config, groups, seed=seed, ranks=ranks)


def _repeating(group: Indices, count: int, rng: np.random.Generator) -> Indices:
    """Pick drawings of a small group, each as often as any other, or once more."""
    whole, rest = divmod(count, len(group))
    return np.concatenate([*[group] * whole, rng.choice(group, size=rest, replace=False)])
