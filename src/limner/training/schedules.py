"""How the learning rate and the weight of L_KL change from step to step (sketch-rnn; Ha and Eck 2017)."""

from __future__ import annotations

import math

from limner.training.config import TrainConfig

COOLING = 0.3
"""Last part of a limited time, in which the learning rate falls."""
COOLED = 0.1
"""What is left of it in the end."""
KL_LEFT = 0.05
"""Part of the way to the final weight of L_KL that may be left at the end of a limited time."""


def learning_rate_at(step: int, config: TrainConfig, used: float = 0.0) -> float:
    """Fall from ``learning_rate`` towards ``learning_rate_min``: (lr - lr_min) * decay^step + lr_min.

    The decay is that of the settings, or a root that halves the rate with every fourfold step from the end
    of the warm-up on (Vaswani et al. 2017, equation 3). While it warms up the rate also rises, in even steps,
    from a share of itself to the whole.

    Parameters
    ----------
    step : int
    config : TrainConfig
    used : float
        Part of a limited time that is used, 0 to 1: over its last 30 % the rate falls evenly to a tenth.
    """
    span, warm = config.learning_rate - config.learning_rate_min, config.learning_rate_warmup + 1
    if config.learning_rate_shape == "inverse-sqrt":
        share = min(1.0, math.sqrt(warm / (step + 1)))
    else:
        share = config.learning_rate_decay**step
    cooled = 1 - (1 - COOLED) * max(0.0, used - (1 - COOLING)) / COOLING
    return (span * share + config.learning_rate_min) * min(1.0, (step + 1) / warm) * cooled


def kl_weight_at(step: int, config: TrainConfig, used: float = 0.0) -> float:
    """Rise from ``kl_weight_start`` towards ``kl_weight``: w - (w - w_start) * decay^step.

    Of a limited time, of which the part ``used`` is over, it makes as much of the way by then, or more.
    """
    span = config.kl_weight - config.kl_weight_start
    left: float = min(config.kl_weight_decay**step, KL_LEFT**used)
    return config.kl_weight - span * left
