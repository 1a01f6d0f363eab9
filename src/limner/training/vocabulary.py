"""The words of a tokenised network: of a file, or made of the corpus before the first step."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from limner.errors import LimnerError
from limner.models.protocol import SketchModel
from limner.models.sketchformer.model import Sketchformer
from limner.training.config import RunConfig
from limner.training.data import Material
from limner.training.vocabulary_file import load_tokenizer

MOST_DRAWINGS = 10_000
"""Drawings, spread over the train split, that words are made of."""


def with_words(config: RunConfig) -> RunConfig:
    """Give a network the scheme and the sizes of the tokenizer that ``train.words`` names, if it names one.

    Raises
    ------
    LimnerError
        If the network is of another kind, or the file is none.
    """
    if not config.train.words:
        return config
    if config.model.kind != "sketchformer":
        raise LimnerError("--train.words is for networks of --model.kind sketchformer.")
    asked, own = load_tokenizer(config.train.words).settings, config.model.sketchformer
    if asked.scheme == "grid":
        own = replace(own, tokens="grid", grid=asked.count)
    else:
        own = replace(own, tokens=asked.scheme, token_count=asked.words, lift_count=asked.lifts)
    return replace(config, model=replace(config.model, sketchformer=own))


def prepare(network: SketchModel, config: RunConfig, data: Material) -> None:
    """Let a network take what it does not learn from the corpus, or from the tokenizer that is named."""
    if config.train.words and isinstance(network, Sketchformer):
        network.take_words(load_tokenizer(config.train.words), data.scale_factor)
        return
    places = range(0, len(data.train), -(-len(data.train) // MOST_DRAWINGS))
    scale = np.array([data.scale_factor, data.scale_factor, 1], np.float32)
    network.prepare([data.train[i] / scale for i in places])
