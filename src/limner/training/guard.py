"""Guards a training against divergence: bad steps are skipped, and when they repeat it rolls back.

A step is bad if its loss or the norm of its gradient is not finite. The optimiser then leaves weights and
moments as they are, and the step counts all the same, so that every later batch is the one it would have
been. After several bad steps in a row, or a validation whose cost is not finite, weights and moments return
to the last good state, and the learning rate falls.

On a GPU nothing waits for these verdicts: the optimiser reads one on the device, and the guard reads it when
the next batch is there.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils import get_total_norm
from torch.optim import Adam

from limner.errors import LimnerError
from limner.training.config import TrainConfig

KEEP_EVERY = 100
"""Good steps between two states that are kept to return to."""
MOST_ROLLBACKS = 5
"""Rollbacks without :data:`KEEP_EVERY` good steps between them, after which the guard gives up."""


@dataclass
class GuardCounts:
    """What a guard has counted; stands in the checkpoint."""

    skipped: int = 0
    """Bad steps so far."""
    rollbacks: int = 0
    """Rollbacks so far."""
    rate_factor: float = 1.0
    """Factor of the learning rate."""
    bad_in_row: int = 0
    """Bad steps since the last good one."""
    good: int = 0
    """Good steps since the last rollback, or since their number last sufficed to keep a state."""
    failed_rollbacks: int = 0
    """Rollbacks since the training last went well."""
    in_doubt: bool = False
    """Whether the last validation failed; no state is kept until one succeeds."""


@dataclass(frozen=True)
class _State:
    step: int
    weights: dict[str, Any]
    moments: dict[str, Any]


class DivergenceGuard:
    """Keeps the weights of a module finite.

    Parameters
    ----------
    module : nn.Module
        What is rolled back, its buffers included.
    optimizer : Adam
        Fused: it takes the guard's verdict from its attribute ``found_inf``.
    config : TrainConfig
    on_message : callable
        Receives a sentence when the training is rolled back.
    sum_over_ranks : callable
        Sums a flag over the processes of a training, so that all decide alike.
    """

    def __init__(
        self, module: nn.Module, optimizer: Adam, config: TrainConfig, *,
        on_message: Callable[[str], None], sum_over_ranks: Callable[[Tensor], Tensor],
    ) -> None:  # fmt: skip
        self.module, self.optimizer, self.config = module, optimizer, config
        self.on_message, self.sum_over_ranks = on_message, sum_over_ranks
        self.counts = GuardCounts()
        self._bad: Tensor | None = None  # of the step that is not settled yet
        self.keep(0)

    @torch.inference_mode(False)  # validation runs in it, and tensors made there cannot be trained
    def keep(self, step: int) -> None:
        """Keep the present state as a good one."""
        self._kept = _State(step, deepcopy(self.module.state_dict()), deepcopy(self.optimizer.state_dict()))

    def dump_kept(self, step: int) -> dict[str, Any] | None:
        """Return the kept state for the checkpoint of a step; None if it is that step's own."""
        return None if self._kept.step == step else vars(self._kept)

    def load_kept(self, kept: dict[str, Any]) -> None:
        """Restore a kept state from a checkpoint, unless it is another module's."""
        if kept["weights"].keys() == self.module.state_dict().keys():
            self._kept = _State(kept["step"], kept["weights"], kept["moments"])

    def inspect(self, loss: Tensor) -> None:
        """Check loss and gradients between backward pass and optimiser step; a bad step will do nothing."""
        gradients = [p.grad for p in self.module.parameters() if p.grad is not None]
        self._bad = self.sum_over_ranks(_not_finite([loss.detach().reshape(1), *gradients])).clamp(max=1)
        self.optimizer.found_inf = self._bad  # type: ignore[attr-defined]  # as torch.amp.GradScaler does

    def settle(self, step: int) -> None:
        """Count the last step, if that is not done yet, and roll back if necessary.

        Parameters
        ----------
        step : int
            Steps done.

        Raises
        ------
        LimnerError
            If several rollbacks did not help.
        """
        if self._bad is None:
            return
        lost = _not_finite([p.detach() for p in self.module.parameters()])
        bad, weights_lost = torch.stack([self._bad, lost]).tolist()
        self._bad = None
        self._count(bool(bad))
        if weights_lost:
            self._roll_back(step, "the weights were no finite numbers")
        elif self.counts.bad_in_row >= self.config.rollback_after:
            self._roll_back(step, f"{self.counts.bad_in_row} steps in a row had no finite loss and gradient")
        elif self.counts.good >= KEEP_EVERY and not bad and not self.counts.in_doubt:
            self.counts.good = self.counts.failed_rollbacks = 0
            self.keep(step)

    def validated(self, cost: float, step: int) -> None:
        """Keep the state that was validated, or roll back if its cost is not finite.

        Raises
        ------
        LimnerError
            If several rollbacks did not help.
        """
        self.counts.in_doubt = not math.isfinite(cost)
        if self.counts.in_doubt:
            self._roll_back(step, "the cost in validation was no finite number")
        elif not self.counts.bad_in_row:
            self.keep(step)

    def _count(self, bad: bool) -> None:
        self.counts.skipped += bad
        self.counts.good += not bad
        self.counts.bad_in_row = self.counts.bad_in_row + 1 if bad else 0

    @torch.inference_mode(False)
    def _roll_back(self, step: int, reason: str) -> None:
        kept, counts = self._kept, self.counts
        if counts.failed_rollbacks == MOST_ROLLBACKS:
            raise LimnerError(
                f"The training went astray: {reason} at step {step}, and going back "
                f"{counts.failed_rollbacks} times did not help; begin again with a smaller "
                "--train.learning-rate."
            )
        self.module.load_state_dict(kept.weights)
        self.optimizer.load_state_dict(deepcopy(kept.moments))  # which it would take for its own
        counts.rollbacks, counts.failed_rollbacks = counts.rollbacks + 1, counts.failed_rollbacks + 1
        counts.rate_factor *= self.config.rollback_rate
        counts.bad_in_row = counts.good = 0
        self.on_message(
            f"Step {step}: {reason}; the weights are those of step {kept.step} again, "
            f"and the learning rate is multiplied by {counts.rate_factor:g}."
        )


def _not_finite(tensors: list[Tensor]) -> Tensor:
    """Return 1 if the norm of all tensors together is not finite, else 0, on their device."""
    return 1 - get_total_norm(tensors).isfinite().float()
