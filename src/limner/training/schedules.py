"""How the learning rate and the weight of L_KL change from step to step (sketch-rnn; Ha and Eck 2017)."""

from __future__ import annotations

from limner.training.config import TrainConfig


def learning_rate_at(step: int, config: TrainConfig) -> float:
    """Fall from ``learning_rate`` towards ``learning_rate_min``: (lr - lr_min) * decay^step + lr_min.

    While it warms up it also rises, in even steps, from a share of itself to the whole.
    """
    span = config.learning_rate - config.learning_rate_min
    rate = span * config.learning_rate_decay**step + config.learning_rate_min
    return rate * min(1.0, (step + 1) / (config.learning_rate_warmup + 1))


def kl_weight_at(step: int, config: TrainConfig) -> float:
    """Rise from ``kl_weight_start`` towards ``kl_weight``: w - (w - w_start) * decay^step."""
    span = config.kl_weight - config.kl_weight_start
    return config.kl_weight - span * config.kl_weight_decay**step
