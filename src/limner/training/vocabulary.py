"""The words of a tokenised network: of a file, or made of the corpus before the first step."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from limner.errors import LimnerError
from limner.models.protocol import SketchModel
from limner.models.sketchformer.model import Sketchformer
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
    if config.model.kind != "sketchformer":
        raise LimnerError("--train.vocabulary is for networks of --model.kind sketchformer.")
    asked, own = load_tokenizer(config.train.vocabulary).settings, config.model.sketchformer
    if asked.scheme == "grid":
        own = replace(own, tokens="grid", grid=asked.count)
    else:
        own = replace(own, tokens=asked.scheme, token_count=asked.words, lift_count=asked.lifts)
    return replace(config, model=replace(config.model, sketchformer=own))


def prepare(network: SketchModel, config: RunConfig, data: TrainingData) -> None:
    """Let a network take what it does not learn from the corpus, or from the tokenizer that is named."""
    if config.train.vocabulary and isinstance(network, Sketchformer):
        network.take_words(load_tokenizer(config.train.vocabulary), data.scale_factor)
        return
    places = range(0, len(data.train), -(-len(data.train) // MOST_DRAWINGS))
    scale = np.array([data.scale_factor, data.scale_factor, 1], np.float32)
    network.prepare([data.train[i] / scale for i in places])
