"""The vocabulary of a tokenized network: of a file, or fitted to the corpus before the first step."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from limner.errors import LimnerError
from limner.models.build import network_class
from limner.models.protocol import SketchModel
from limner.training.config import RunConfig
from limner.training.data import TrainingData
from limner.training.vocabulary_file import load_tokenizer

MOST_DRAWINGS = 10_000
"""Drawings, spread over the train split, that words are made of."""


def with_vocabulary(config: RunConfig) -> RunConfig:
    """Take scheme and sizes of a network from the tokenizer that ``train.vocabulary`` names, if any.

    Raises
    ------
    LimnerError
        If the network is of another kind, or the file is none.
    """
    if not config.train.vocabulary:
        return config
    settings = load_tokenizer(config.train.vocabulary).settings
    try:
        model = network_class(config.model.kind).with_vocabulary(config.model, settings)
    except ValueError as error:
        raise LimnerError("--train.vocabulary is for networks of --model.kind sketchformer.") from error
    return replace(config, model=model)


def prepare(network: SketchModel, config: RunConfig, data: TrainingData) -> None:
    """Let a network take what it does not learn from the corpus, or from the tokenizer that is named."""
    if config.train.vocabulary:
        network.set_vocabulary(load_tokenizer(config.train.vocabulary), data.scale_factor)
        return
    places = range(0, len(data.train), -(-len(data.train) // MOST_DRAWINGS))
    scale = np.array([data.scale_factor, data.scale_factor, 1], np.float32)
    network.prepare([data.train[i] / scale for i in places])
