"""Which weights of a training are kept: the rule, and the choice among validations by it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from limner.training.config import KeepBy, TrainConfig

ValidationMetrics = Mapping[str, float]
"""Of one validation, by the column names of ``metrics.csv``."""

RULE_NAMES: dict[KeepBy, str] = {
    "nll": "NLL per point",
    "bound": "L_R + w L_KL, w being the weight of that step",
    "bound-start": "L_R + w L_KL, w being the weight at the start",
    "bound-end": "L_R + w L_KL, w being the weight in the end",
}
"""What each rule minimizes, for sentences; ``last`` minimizes nothing."""


def choose_rule(config: TrainConfig, *, conditional: bool, held_out: bool) -> KeepBy:
    """Return the rule that chooses the weights of a training.

    Unless the settings name one: the bound that the training lowers, NLL per point for a decoder alone, which
    has no L_KL; the rules chose alike where compared (docs/results.md, "Which weights to keep").

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


class WeightsChoice:
    """Chooses the best among validations.

    The best so far is judged again at each later validation, by the weight of L_KL of that step.

    Parameters
    ----------
    config : TrainConfig
    rule : str
        See :func:`choose_rule`.
    """

    STATE_KEYS = ("best_cost", "best_step", "best_metrics", "validations_since")
    """What a checkpoint holds of it."""

    def __init__(self, config: TrainConfig, rule: KeepBy) -> None:
        self.config, self.rule = config, rule
        self.step = -1
        """Step of the best validation; -1 before the first."""
        self.metrics: dict[str, float] = {}
        """Of the best validation."""
        self.cost = math.inf
        """Cost of the best validation, when it was last judged."""
        self.validations_since = 0
        """Validations after the best one."""

    def consider(self, metrics: ValidationMetrics, step: int, kl_weight: float) -> bool:
        """Choose a validation if it is the best; one whose cost is not finite never is.

        Parameters
        ----------
        metrics : mapping of str to float
        step : int
            Steps done.
        kl_weight : float
            Of that step.

        Returns
        -------
        bool
            Whether it was chosen.
        """
        cost = self._cost(metrics, kl_weight, step)
        if self.metrics:
            self.cost = self._cost(self.metrics, kl_weight, self.step)
        is_best = math.isfinite(metrics["valid_cost"]) and math.isfinite(cost) and cost < self.cost
        if is_best:
            self.step, self.metrics, self.cost = step, dict(metrics), cost
        self.validations_since = 0 if is_best else self.validations_since + 1
        return is_best

    def _cost(self, metrics: ValidationMetrics, kl_weight: float, step: int) -> float:
        if self.rule == "last":
            return float(-step)
        classes = self.config.class_weight * metrics.get("valid_L_class", 0.0)
        if self.rule == "nll":
            return metrics["valid_nll_per_point"] + classes
        fixed = {"bound-start": self.config.kl_weight_start, "bound-end": self.config.kl_weight}
        return metrics["valid_L_R"] + fixed.get(self.rule, kl_weight) * metrics["valid_L_KL"] + classes

    def state_dict(self) -> dict[str, Any]:
        """Return what a checkpoint holds."""
        values = (self.cost, self.step, self.metrics, self.validations_since)
        return dict(zip(self.STATE_KEYS, values, strict=True))

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Continue from what :meth:`state_dict` returned."""
        self.cost, self.step, metrics, self.validations_since = (state[name] for name in self.STATE_KEYS)
        self.metrics = dict(metrics)
