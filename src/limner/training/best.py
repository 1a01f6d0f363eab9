"""Which weights of a training are kept, and whether it still learns or learns by heart."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from limner.training.config import KeepBy, TrainConfig

Figures = Mapping[str, float]
"""Of a validation, by the names of ``metrics.csv``."""

WORDS: dict[KeepBy, str] = {
    "nll": "NLL per point",
    "bound": "L_R + w L_KL, w being the weight of that step",
    "bound-start": "L_R + w L_KL, w being the weight at the start",
    "bound-end": "L_R + w L_KL, w being the weight in the end",
}
"""What a rule goes by."""


def rule_of(config: TrainConfig, *, conditional: bool, held_out: bool) -> KeepBy:
    """Say which rule chooses the weights of a training.

    Parameters
    ----------
    config : TrainConfig
    conditional : bool
        Whether the network has a latent.
    held_out : bool
        Whether drawings were set aside to judge by; without them the last weights are kept.
    """
    if not held_out:
        return "last"
    if config.keep_by != "auto":
        return config.keep_by
    return "bound" if conditional else "nll"


class Choice:
    """Chooses among validations; what is chosen is judged anew at every later one, by the rule of that step.

    Parameters
    ----------
    config : TrainConfig
    rule : str
        From :func:`rule_of`.
    """

    KEPT = ("best_cost", "best_step", "best_figures", "since")
    """What a checkpoint keeps of it."""

    def __init__(self, config: TrainConfig, rule: KeepBy) -> None:
        self.config, self.rule = config, rule
        self.step = -1
        self.figures: dict[str, float] = {}
        self.cost = math.inf
        """Of what is chosen, when it was last judged."""
        self.since = 0
        """Validations since."""

    def better(self, figures: Figures, step: int, kl_weight: float) -> bool:
        """Take a validation if it is better than what is chosen; one that is no finite number never is.

        Parameters
        ----------
        figures : mapping of str to float
        step : int
            Steps done.
        kl_weight : float
            Of that step.
        """
        cost = self._cost(figures, kl_weight, step)
        if self.figures:
            self.cost = self._cost(self.figures, kl_weight, self.step)
        taken = math.isfinite(figures["valid_cost"]) and math.isfinite(cost) and cost < self.cost
        if taken:
            self.step, self.figures, self.cost = step, dict(figures), cost
        self.since = 0 if taken else self.since + 1
        return taken

    def _cost(self, figures: Figures, kl_weight: float, step: int) -> float:
        if self.rule == "last":
            return float(-step)
        classes = self.config.class_weight * figures.get("valid_L_class", 0.0)
        if self.rule == "nll":
            return figures["valid_nll_per_point"] + classes
        ends = {"bound-start": self.config.kl_weight_start, "bound-end": self.config.kl_weight}
        return figures["valid_L_R"] + ends.get(self.rule, kl_weight) * figures["valid_L_KL"] + classes

    def state(self) -> dict[str, Any]:
        """Give what a checkpoint keeps."""
        return dict(zip(self.KEPT, (self.cost, self.step, self.figures, self.since), strict=True))

    def take_up(self, state: Mapping[str, Any]) -> None:
        """Go on from such a state."""
        self.cost, self.step, figures, self.since = (state[name] for name in self.KEPT)
        self.figures = dict(figures)


VALIDATIONS = 4
"""In a row that must be worse than the best before."""
WORSE_BY = 0.02
"""Nats a point that they must be worse by, on average: as much as two seeds differ by."""


@dataclass
class ByHeart:
    """Watches for the time from which a training learns its drawings by heart.

    From then on drawings that were set aside get less likely, while those that it learns from get likelier.
    """

    best: float = math.inf
    """The smallest NLL per point in validation."""
    best_step: int = -1
    learnt: float = math.inf
    """L_R of the training up to that validation."""
    worse: list[float] = field(default_factory=list)
    """By how much each validation since was worse."""
    since: int = -1
    """Step at which it was first said; -1: not yet."""

    def validated(self, nll: float, learnt: float, step: int) -> bool:
        """Take a validation in.

        Parameters
        ----------
        nll : float
            NLL per point of drawings that were set aside.
        learnt : float
            Mean of L_R over the steps since the validation before.
        step : int
            Steps done.

        Returns
        -------
        bool
            Whether this is the first time that it learns by heart.
        """
        if not (math.isfinite(nll) and math.isfinite(learnt)):
            return False
        if nll <= self.best:
            self.best, self.best_step, self.learnt, self.worse = nll, step, learnt, []
            return False
        self.worse = [*self.worse, nll - self.best][-VALIDATIONS:]
        rising = len(self.worse) == VALIDATIONS and sum(self.worse) / VALIDATIONS > WORSE_BY
        if self.since >= 0 or not rising or learnt >= self.learnt:
            return False
        self.since = step
        return True

    def sentence(self, step: int, nll: float) -> str:
        """Say so."""
        return (
            f"Step {step}: it begins to learn the drawings by heart; those set aside have an NLL per point "
            f"of {nll:.3f} and had {self.best:.3f} at step {self.best_step}, while the training's loss goes "
            "on falling. Longer training will not help; more drawings or more of --train.vary may."
        )
