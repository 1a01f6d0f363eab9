"""How the learning rate and the weight of L_KL change from step to step (sketch-rnn; Ha and Eck 2017)."""

from __future__ import annotations

import math

from limner.training.config import TrainConfig

COOLDOWN_SHARE = 0.3
"""Last share of a limited time, over which the learning rate falls."""
COOLDOWN_FACTOR = 0.1
"""Factor of the learning rate at the end of a limited time."""
KL_REMAINDER = 0.05
"""Share of the way to the final weight of L_KL that may remain at the end of a limited time."""


def learning_rate_at(step: int, config: TrainConfig, used: float = 0.0) -> float:
    """Return the learning rate of a step, (lr - lr_min) * decay^step + lr_min.

    With ``learning_rate_shape`` inverse-sqrt, the decay is a root that halves the rate with every fourfold
    step from the end of the warm-up on (Vaswani et al. 2017, equation 3). During the warm-up the rate rises
    linearly.

    Parameters
    ----------
    step : int
    config : TrainConfig
    used : float
        Share of a limited time that is used, from 0 to 1; over its last 30 % the rate falls to a tenth.
    """
    span, warm = config.learning_rate - config.learning_rate_min, config.learning_rate_warmup + 1
    if config.learning_rate_shape == "inverse-sqrt":
        share = min(1.0, math.sqrt(warm / (step + 1)))
    else:
        share = config.learning_rate_decay**step
    cooldown = 1 - (1 - COOLDOWN_FACTOR) * max(0.0, used - (1 - COOLDOWN_SHARE)) / COOLDOWN_SHARE
    return (span * share + config.learning_rate_min) * min(1.0, (step + 1) / warm) * cooldown


def kl_weight_at(step: int, config: TrainConfig, used: float = 0.0) -> float:
    """Return the weight of L_KL of a step, w - (w - w_start) * decay^step.

    Of a limited time, of which the share ``used`` is over, it covers as much of the way by then, or more.
    """
    span = config.kl_weight - config.kl_weight_start
    remainder: float = min(config.kl_weight_decay**step, KL_REMAINDER**used)
    return config.kl_weight - span * remainder
