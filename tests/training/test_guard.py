"""Bad steps are skipped; repeated, the training goes back to where it was sound."""

from __future__ import annotations

import math
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import asdict
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from limner.errors import LimnerError
from limner.training.config import TrainConfig
from limner.training.guard import KEEP_EVERY, MOST_ROLLBACKS, DivergenceGuard, GuardCounts

AFTER = 3
RATE = 0.1


class Watched:
    """A guard over a layer with an average beside it, and the steps of its training."""

    def __init__(self, *, elsewhere: float = 0.0) -> None:
        torch.manual_seed(0)
        self.module = nn.ModuleDict({"network": nn.Linear(3, 2), "average": nn.Linear(3, 2)})
        self.module["average"].requires_grad_(False)
        self.optimizer = torch.optim.Adam(self.module["network"].parameters(), lr=0.1, fused=True)
        self.said: list[str] = []
        config = TrainConfig(rollback_after=AFTER, rollback_rate=RATE)
        self.guard = DivergenceGuard(
            self.module, self.optimizer, config, on_message=self.said.append,
            sum_over_ranks=lambda flag: flag + elsewhere,
        )  # fmt: skip
        self.steps = 0
        self.guard.keep(0)

    @property
    def counts(self) -> GuardCounts:
        return self.guard.counts

    def step(self, scale: float = 1.0, *, spoil: float | None = None) -> None:
        """Learn from a loss that is multiplied by ``scale``; put ``spoil`` into the gradient."""
        self.guard.settle(self.steps)
        self.optimizer.zero_grad()
        chance = torch.Generator().manual_seed(self.steps)
        loss = self.module["network"](torch.randn(4, 3, generator=chance)).square().sum() * scale
        loss.backward()
        if spoil is not None:
            weight = self.module["network"].weight
            assert isinstance(weight, Tensor)
            assert weight.grad is not None
            weight.grad[1, 2] = spoil
        self.guard.inspect(loss.detach())
        self.optimizer.step()
        self.steps += 1

    def walk(self, scales: Iterator[float] | list[float]) -> None:
        for scale in scales:
            self.step(scale)
        self.guard.settle(self.steps)

    def state(self) -> dict[str, Any]:
        return deepcopy(
            {"weights": self.module.state_dict(), "moments": self.optimizer.state_dict()["state"]}
        )


def _same(a: dict[str, Any], b: dict[str, Any]) -> bool:
    weights = all(torch.equal(value, b["weights"][name]) for name, value in a["weights"].items())
    moments = a["moments"].keys() == b["moments"].keys() and all(
        torch.equal(value, b["moments"][i][name])
        for i, entry in a["moments"].items()
        for name, value in entry.items()
    )
    return weights and moments


BAD = [math.nan, math.inf, -math.inf]


# Skipping ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("where", ["loss", "gradient"])
def test_a_bad_step_leaves_weights_and_moments(where: str, bad: float) -> None:
    watched = Watched()
    watched.walk([1.0, 1.0])
    before = watched.state()
    watched.step(bad) if where == "loss" else watched.step(spoil=bad)
    watched.guard.settle(watched.steps)
    assert _same(watched.state(), before)
    assert (watched.counts.skipped, watched.counts.bad_in_row, watched.counts.rollbacks) == (1, 1, 0)
    watched.walk([1.0])
    assert not _same(watched.state(), before)
    assert (watched.counts.skipped, watched.counts.bad_in_row) == (1, 0)


def test_a_loss_that_is_not_finite_though_its_gradient_is() -> None:
    watched = Watched()
    before = watched.state()
    for weights in watched.module["network"].parameters():
        weights.grad = torch.ones_like(weights)
    watched.guard.inspect(torch.tensor(math.inf))
    watched.optimizer.step()
    assert torch.equal(watched.state()["weights"]["network.weight"], before["weights"]["network.weight"])


def test_skipped_steps_are_as_if_they_had_not_been() -> None:
    """Adam's own count of steps included."""
    one, two = Watched(), Watched()
    one.walk([1.0, 1.0, math.nan, math.nan])
    two.walk([1.0, 1.0])
    assert _same(one.state(), two.state())


def test_a_step_that_is_bad_elsewhere_is_bad_here() -> None:
    """All processes of a training take the same decision."""
    watched = Watched(elsewhere=1.0)
    before = watched.state()["weights"]
    watched.walk([1.0])
    assert all(torch.equal(value, before[name]) for name, value in watched.state()["weights"].items())
    assert watched.counts.skipped == 1


def test_a_step_counts_once() -> None:
    watched = Watched()
    watched.walk([math.nan])
    watched.guard.settle(watched.steps)
    assert watched.counts.skipped == 1


# Going back --------------------------------------------------------------------------------------


def test_bad_steps_in_a_row() -> None:
    watched = Watched()
    watched.walk([1.0] * KEEP_EVERY)
    kept = watched.state()
    watched.walk([1.0] * 5)
    assert not _same(watched.state(), kept)
    watched.walk([math.nan] * AFTER)
    assert _same(watched.state(), kept)
    assert asdict(watched.counts) == asdict(
        GuardCounts(skipped=AFTER, rollbacks=1, rate_factor=RATE, failed_rollbacks=1)
    )
    (sentence,) = watched.said
    assert sentence == (
        "Step 108: 3 steps in a row had no finite loss and gradient; the weights are those of step 100 "
        "again, and the learning rate is multiplied by 0.1."
    )


def test_bad_steps_here_and_there() -> None:
    watched = Watched()
    watched.walk([math.nan, math.nan, 1.0] * 20)
    assert (watched.counts.skipped, watched.counts.rollbacks) == (40, 0)


def test_the_average_goes_back_too() -> None:
    watched = Watched()
    nn.init.constant_(watched.module["average"].get_parameter("weight"), 7.0)
    watched.walk([math.nan] * AFTER)
    assert (watched.module["average"].get_parameter("weight") != 7).all()


def test_weights_that_are_lost() -> None:
    """However that came about: it is seen before anything is made of them."""
    watched = Watched()
    watched.walk([1.0])
    watched.step()
    with torch.no_grad():
        watched.module["network"].get_parameter("bias")[0] = math.inf
    watched.guard.settle(watched.steps)
    assert watched.counts.rollbacks == 1
    assert all(weights.isfinite().all() for weights in watched.module.parameters())
    assert "the weights were no finite numbers" in watched.said[0]


def test_training_goes_on_as_from_the_kept_state() -> None:
    """A state that was gone back to once is still whole, and can be gone back to again."""
    watched = Watched()
    watched.walk([1.0] * KEEP_EVERY)
    after_first = []
    for _ in range(2):
        watched.walk([math.nan] * AFTER)
        watched.steps = 1000  # so that the same batches follow
        watched.walk([1.0] * 4)
        after_first.append(watched.state())
    assert _same(*after_first)


def test_states_are_kept_after_enough_good_steps() -> None:
    watched = Watched()
    for _ in range(2):
        watched.walk([math.nan] + [1.0] * (KEEP_EVERY // 2))
    kept = watched.state()
    watched.walk([1.0] * (KEEP_EVERY // 2) + [math.nan] * AFTER)
    assert _same(watched.state(), kept)


def test_gives_up_when_nothing_helps() -> None:
    watched = Watched()
    with pytest.raises(LimnerError, match=r"went astray: .* at step 18, .* smaller --train\.learning-rate"):
        watched.walk([math.nan] * 100)
    assert watched.steps == AFTER * (MOST_ROLLBACKS + 1)
    assert watched.counts.rollbacks == MOST_ROLLBACKS
    assert watched.counts.rate_factor == pytest.approx(RATE**MOST_ROLLBACKS)


@pytest.mark.slow
def test_does_not_give_up_while_it_gets_on() -> None:
    watched = Watched()
    for _ in range(2 * MOST_ROLLBACKS):
        watched.walk([1.0] * KEEP_EVERY + [math.nan] * AFTER)
    assert watched.counts.rollbacks == 2 * MOST_ROLLBACKS
    assert watched.counts.rate_factor == pytest.approx(RATE ** (2 * MOST_ROLLBACKS))


# Validation --------------------------------------------------------------------------------------


def test_a_validation_that_succeeds_keeps_the_state() -> None:
    watched = Watched()
    watched.walk([1.0] * 5)
    watched.guard.validated(0.5, 5)
    kept = watched.state()
    watched.walk([1.0] * 5 + [math.nan] * AFTER)
    assert _same(watched.state(), kept)


def test_a_validation_amid_bad_steps_keeps_nothing() -> None:
    """What it measures may be what spoils the steps."""
    watched = Watched()
    start = watched.state()
    watched.walk([1.0, math.nan])
    watched.guard.validated(0.5, 2)
    watched.walk([math.nan] * (AFTER - 1))
    assert _same(watched.state(), start)


@pytest.mark.slow
@pytest.mark.parametrize("cost", BAD)
def test_a_validation_that_fails(cost: float) -> None:
    watched = Watched()
    start = watched.state()
    watched.walk([1.0] * 5)
    watched.guard.validated(cost, 5)
    assert _same(watched.state(), start)
    assert "the cost in validation was no finite number" in watched.said[0]
    watched.walk([1.0] * 2 * KEEP_EVERY)
    watched.guard.validated(cost, watched.steps)
    assert _same(watched.state(), start)  # nothing was kept in between
    watched.walk([1.0] * 2 * KEEP_EVERY)
    watched.guard.validated(0.0, watched.steps)
    watched.walk([1.0])
    assert watched.counts.failed_rollbacks == 0
    assert watched.counts.rollbacks == 2


@pytest.mark.slow
def test_validations_that_fail_again_and_again() -> None:
    watched = Watched()
    for _ in range(MOST_ROLLBACKS):
        watched.walk([1.0] * 2 * KEEP_EVERY)
        watched.guard.validated(math.nan, watched.steps)
    with pytest.raises(LimnerError, match=f"going back {MOST_ROLLBACKS} times"):
        watched.guard.validated(math.nan, watched.steps)


def test_going_back_within_a_validation() -> None:
    """Lightning validates in inference mode, whose tensors cannot be learnt with."""
    watched = Watched()
    watched.walk([1.0] * 3)
    with torch.inference_mode():
        watched.guard.validated(1.0, 3)
        watched.guard.validated(math.nan, 3)
    before = watched.state()
    watched.walk([1.0] * 3)
    assert not _same(watched.state(), before)
