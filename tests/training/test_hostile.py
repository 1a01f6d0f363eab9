"""Whatever a network is fed, its weights stay finite numbers.

Letters: ``B`` drawings of a batch, ``T`` rows.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch.nn.utils import clip_grad_value_

from limner.models.batch import Batch, pad_batch
from limner.models.build import build_model
from limner.models.config import CellName, DecoderConfig, EncoderConfig, ModelConfig
from limner.training.config import TrainConfig
from limner.training.module import SketchModule

B, T = 4, 3
SPIKE = 1e4
BURST = 12  # steps with poison in a row, more than the guard waits for
WILD = TrainConfig(
    convention="magenta-train",
    learning_rate=0.05,
    learning_rate_decay=1.0,
    rollback_rate=1.0,
    log_every=10**9,
)


class Driven(SketchModule):
    """A training that is stepped by hand: Lightning's own loop takes as long as a tiny network."""

    steps_done = 0

    @property
    def global_step(self) -> int:
        return self.steps_done

    def _sum_over_ranks(self, flag: torch.Tensor) -> torch.Tensor:
        return flag

    def step(self, batch: Batch) -> float:
        """Do what Lightning does for a batch; give the loss."""
        self.on_train_batch_start(batch, 0)
        loss = self.training_step(batch, 0)
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self.on_before_optimizer_step(self.optimizer)
        clip_grad_value_(self.network.parameters(), self.config.grad_clip)
        self.optimizer.step()
        self.steps_done += 1
        self.on_train_batch_end(loss, batch, 0)
        return float(loss.detach())


class Hostility:
    """Batches that nobody would draw, a thousand kinds of them, and poison: no finite numbers at all."""

    def __init__(self, seed: int, *, poison: bool) -> None:
        self.rng, self.poison = np.random.default_rng(seed), poison
        self.sound = [self._batch() for _ in range(1000)]
        self.bad = [self._spoilt(bad) for bad in (math.nan, math.inf, -math.inf, 3e38)]

    def batch(self, step: int) -> Batch:
        """Return spikes, constant drawings and dots; one batch in a hundred, and bursts, are poison."""
        if self.poison and step % 1000 < BURST:
            return self.bad[0]
        if self.poison and step % 100 == 50:
            return self.bad[self.rng.integers(len(self.bad))]
        return self.sound[self.rng.integers(len(self.sound))]

    def _batch(self) -> Batch:
        return pad_batch([self._drawing() for _ in range(B)], 1.0, T)

    def _spoilt(self, value: float) -> Batch:
        batch = self._batch()
        batch.strokes[0, 1, 0] = value
        return batch

    def _drawing(self) -> NDArray[np.float32]:
        rows = np.zeros((self.rng.integers(1, T + 1), 3), np.float32)
        kind = self.rng.integers(4)
        if kind == 0:  # a constant drawing stays as it is
            return rows
        rows[:, :2] = self.rng.standard_normal((len(rows), 2))
        if kind == 1:
            rows[self.rng.integers(len(rows)), self.rng.integers(2)] = self.rng.choice([-SPIKE, SPIKE])
        return rows[:1] if kind == 2 else rows


def _trained(
    cell: CellName, steps: int, *, poison: bool, config: TrainConfig = WILD, size: int = 8,
    conditional: bool = True,
) -> tuple[Driven, list[float]]:  # fmt: skip
    """Train a tiny network and look at its weights after every step."""
    torch.manual_seed(1)
    model = ModelConfig(
        conditional=conditional,
        latent_size=2,
        encoder=EncoderConfig(cell=cell, size=size),
        decoder=DecoderConfig(cell=cell, size=size, components=2, recurrent_keep=0.9 if conditional else 1.0),
    )
    module = Driven(build_model(model), config, n_max=T, seed=1)
    hostility, losses = Hostility(1, poison=poison), []
    module.on_train_start()
    for step in range(steps):
        losses.append(module.step(hostility.batch(step)))
        assert torch.cat([weights.flatten() for weights in module.parameters()]).isfinite().all(), (
            f"step {step}"
        )
    module.guard.settle(steps)
    return module, losses


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["lstm", "layer_norm"])
@pytest.mark.parametrize("poison", [False, True])
def test_some_hundred_hostile_steps(cell: CellName, poison: bool) -> None:
    module, losses = _trained(cell, 300, poison=poison)
    astray = sum(not math.isfinite(loss) for loss in losses)
    assert module.guard.counts.skipped >= astray >= BURST * poison
    assert module.guard.counts.rollbacks == poison
    assert module.guard.counts.skipped < 100


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["lstm", "layer_norm", "hyper"])
def test_cells_in_the_engine(cell: CellName) -> None:
    """It runs cells of 32 units, if it can be built."""
    module, _ = _trained(cell, 60, poison=True, size=32)
    assert module.guard.counts.rollbacks == 1
    assert module.guard.counts.skipped < 20


@pytest.mark.slow
def test_a_learning_rate_beyond_all_measure() -> None:
    """Weights of 1e30 are finite numbers, but not what comes of them: the training goes back."""
    module, _ = _trained(
        "lstm", 40, poison=False, config=replace(WILD, learning_rate=1e30, rollback_rate=1e-9)
    )
    assert module.guard.counts.rollbacks > 0
    assert max(float(p.detach().abs().max()) for p in module.parameters()) < 1e20


@pytest.mark.slow
def test_ten_thousand_hostile_steps() -> None:
    """Of a decoder alone, which takes half the time."""
    module, losses = _trained("lstm", 10_000, poison=True, conditional=False)
    counts = module.guard.counts
    assert 100 < counts.skipped < 500
    assert counts.rollbacks == 10  # one for each burst
    assert np.isfinite(losses[-1000:]).mean() > 0.95  # it still learns
