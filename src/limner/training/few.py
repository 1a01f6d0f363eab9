"""Settings that follow from how many drawings there are, and from whether some are set aside."""

from __future__ import annotations

from dataclasses import replace

from limner.corpus.small_corpus import defaults_for
from limner.training.config import RunConfig
from limner.training.data import TrainingData

AVERAGE = 0.999
"""Decay of the average that is kept where nothing tells which weights are best."""


def with_care(config: RunConfig, data: TrainingData) -> RunConfig:
    """Vary few drawings strongly, and average the weights where no drawings were set aside.

    What the settings say themselves stays.
    """
    train, care = config.train, defaults_for(data.drawings, config.train.hold_out)
    if train.vary_few and not train.vary.active:
        train = replace(train, vary=care.augmentation)
    if not data.held_out and train.ema_decay is None:
        train = replace(train, ema_decay=AVERAGE)
    return replace(config, train=train)
