"""The guard against divergence: bad steps are skipped; when they repeat, the training goes back.

A step is bad if its loss or the norm of its gradient is no finite number. The optimiser then leaves weights
and moments as they are, and the step counts all the same, so that every later batch is the one it would have
been. After several bad steps in a row, or a validation whose cost is no finite number, weights and moments
become those of the last good state again, and the learning rate falls.

On a GPU nothing waits for these verdicts: the optimiser reads one from the device, and the guard reads it
when the next batch is there.
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
"""Good steps from one state that is kept to the next."""
ATTEMPTS = 5
"""Returns without so many good steps between them, after which the guard gives up."""


@dataclass
class Tally:
    """What a guard has counted; it stands in the checkpoint."""

    skipped: int = 0
    """Bad steps so far."""
    rollbacks: int = 0
    """Returns so far."""
    rate: float = 1.0
    """Factor of the learning rate."""
    bad_in_row: int = 0
    """Bad steps since the last good one."""
    good: int = 0
    """Good steps since the last return, or since their number last was enough to keep a state."""
    vain: int = 0
    """Returns since the training last went on well."""
    in_doubt: bool = False
    """Whether the last validation failed; until one succeeds no state is kept."""


@dataclass(frozen=True)
class _State:
    step: int
    weights: dict[str, Any]
    moments: dict[str, Any]


class Guard:
    """Keeps the weights of a module finite.

    Parameters
    ----------
    module : nn.Module
        What goes back, its buffers included.
    optimizer : Adam
        Fused: it takes the guard's verdict from its attribute ``found_inf``.
    config : TrainConfig
    say : callable
        Is told in a sentence when the training goes back.
    on_all_ranks : callable
        Adds up a flag over the processes of a training, so that all take the same decision.
    """

    def __init__(
        self, module: nn.Module, optimizer: Adam, config: TrainConfig, *,
        say: Callable[[str], None], on_all_ranks: Callable[[Tensor], Tensor],
    ) -> None:  # fmt: skip
        self.module, self.optimizer, self.config = module, optimizer, config
        self.say, self.on_all_ranks = say, on_all_ranks
        self.tally = Tally()
        self._bad: Tensor | None = None  # of the step that is not settled yet
        self.keep(0)

    @torch.inference_mode(False)  # a validation runs in it, and what it makes cannot be learnt with
    def keep(self, step: int) -> None:
        """Take the present state for a good one."""
        self._kept = _State(step, deepcopy(self.module.state_dict()), deepcopy(self.optimizer.state_dict()))

    def dump_kept(self, step: int) -> dict[str, Any] | None:
        """Give the state that is kept, for a checkpoint of a step; None if it is that step's own."""
        return None if self._kept.step == step else vars(self._kept)

    def load_kept(self, kept: dict[str, Any]) -> None:
        """Take up a state that a checkpoint holds, unless it is of another module."""
        if kept["weights"].keys() == self.module.state_dict().keys():
            self._kept = _State(kept["step"], kept["weights"], kept["moments"])

    def judge(self, loss: Tensor) -> None:
        """Look at loss and gradient between backward pass and optimiser step; a bad step will do nothing."""
        gradients = [p.grad for p in self.module.parameters() if p.grad is not None]
        self._bad = self.on_all_ranks(_astray([loss.detach().reshape(1), *gradients])).clamp(max=1)
        self.optimizer.found_inf = self._bad  # type: ignore[attr-defined]  # as torch.amp.GradScaler does

    def settle(self, step: int) -> None:
        """Count the last step, if that is not done yet, and go back where it must be.

        Parameters
        ----------
        step : int
            Steps done.

        Raises
        ------
        LimnerError
            If going back has been in vain several times.
        """
        if self._bad is None:
            return
        lost = _astray([p.detach() for p in self.module.parameters()])
        bad, lost_too = torch.stack([self._bad, lost]).tolist()
        self._bad = None
        self._count(bool(bad))
        if lost_too:
            self._go_back(step, "the weights were no finite numbers")
        elif self.tally.bad_in_row >= self.config.rollback_after:
            self._go_back(step, f"{self.tally.bad_in_row} steps in a row had no finite loss and gradient")
        elif self.tally.good >= KEEP_EVERY and not bad and not self.tally.in_doubt:
            self.tally.good = self.tally.vain = 0
            self.keep(step)

    def validated(self, cost: float, step: int) -> None:
        """Keep the state of a validation, or go back if its cost is no finite number.

        Raises
        ------
        LimnerError
            If going back has been in vain several times.
        """
        self.tally.in_doubt = not math.isfinite(cost)
        if self.tally.in_doubt:
            self._go_back(step, "the cost in validation was no finite number")
        elif not self.tally.bad_in_row:
            self.keep(step)

    def _count(self, bad: bool) -> None:
        self.tally.skipped += bad
        self.tally.good += not bad
        self.tally.bad_in_row = self.tally.bad_in_row + 1 if bad else 0

    @torch.inference_mode(False)
    def _go_back(self, step: int, reason: str) -> None:
        kept, tally = self._kept, self.tally
        if tally.vain == ATTEMPTS:
            raise LimnerError(
                f"The training went astray: {reason} at step {step}, and going back {tally.vain} times "
                "did not help; begin anew with a smaller --train.learning-rate."
            )
        self.module.load_state_dict(kept.weights)
        self.optimizer.load_state_dict(deepcopy(kept.moments))  # which it would take for its own
        tally.rollbacks, tally.vain = tally.rollbacks + 1, tally.vain + 1
        tally.rate *= self.config.rollback_rate
        tally.bad_in_row = tally.good = 0
        self.say(
            f"Step {step}: {reason}; the weights are those of step {kept.step} again, "
            f"and the learning rate is multiplied by {tally.rate:g}."
        )


def _astray(tensors: list[Tensor]) -> Tensor:
    """Give 1 if the norm of all tensors together is no finite number, else 0, on their device."""
    return 1 - get_total_norm(tensors).isfinite().float()
