"""How the learning rate and the weight of L_KL change from step to step (sketch-rnn; Ha and Eck 2017)."""

from __future__ import annotations

import math

from limner.training.config import TrainConfig


def learning_rate_at(step: int, config: TrainConfig) -> float:
    """Fall from ``learning_rate`` towards ``learning_rate_min``: (lr - lr_min) * decay^step + lr_min.

    The decay is that of the settings, or a root that halves the rate with every fourfold step from the end
    of the warm-up on (Vaswani et al. 2017, equation 3). While it warms up the rate also rises, in even steps,
    from a share of itself to the whole.
    """
    span, warm = config.learning_rate - config.learning_rate_min, config.learning_rate_warmup + 1
    if config.learning_rate_shape == "inverse-sqrt":
        share = min(1.0, math.sqrt(warm / (step + 1)))
    else:
        share = config.learning_rate_decay**step
    return (span * share + config.learning_rate_min) * min(1.0, (step + 1) / warm)


def kl_weight_at(step: int, config: TrainConfig) -> float:
    """Rise from ``kl_weight_start`` towards ``kl_weight``: w - (w - w_start) * decay^step."""
    span = config.kl_weight - config.kl_weight_start
    return config.kl_weight - span * config.kl_weight_decay**step
