"""Detects when a training begins to memorize its drawings instead of learning from them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

VALIDATIONS = 4
"""Validations in a row that must be worse than the best before."""
WORSE_BY = 0.02
"""Nats a point by which they must be worse on average: as much as two seeds of a training differ by
(docs/results.md, "Augmentation")."""


@dataclass
class MemorizationWatch:
    """Watches for the step from which held-out drawings get less likely while the training loss still falls.

    The fields stand in the checkpoint.
    """

    best: float = math.inf
    """The smallest NLL per point in validation."""
    best_step: int = -1
    """Step of that validation."""
    best_train_loss: float = math.inf
    """Mean of L_R in training up to that validation."""
    excesses: list[float] = field(default_factory=list)
    """By how much each validation since was worse, the last :data:`VALIDATIONS` of them."""
    detected_at: int = -1
    """Step at which memorizing was first detected; -1: not yet."""

    def update(self, nll: float, train_loss: float, step: int) -> bool:
        """Take in a validation.

        Parameters
        ----------
        nll : float
            NLL per point of held-out drawings.
        train_loss : float
            Mean of L_R over the steps since the previous validation.
        step : int
            Steps done.

        Returns
        -------
        bool
            Whether memorizing is detected for the first time.
        """
        if not (math.isfinite(nll) and math.isfinite(train_loss)):
            return False
        if nll <= self.best:
            self.best, self.best_step, self.best_train_loss, self.excesses = nll, step, train_loss, []
            return False
        self.excesses = [*self.excesses, nll - self.best][-VALIDATIONS:]
        rising = len(self.excesses) == VALIDATIONS and sum(self.excesses) / VALIDATIONS > WORSE_BY
        if self.detected_at >= 0 or not rising or train_loss >= self.best_train_loss:
            return False
        self.detected_at = step
        return True

    def message(self, step: int, nll: float) -> str:
        """Return the sentence for the user."""
        return (
            f"Step {step}: it begins to learn the drawings by heart; those set aside have an NLL per point "
            f"of {nll:.3f} and had {self.best:.3f} at step {self.best_step}, while the training's loss goes "
            "on falling. Longer training will not help; more drawings or more of --train.vary may."
        )
