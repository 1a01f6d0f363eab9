"""Beginning with another model's weights instead of weights by chance."""

from __future__ import annotations

from dataclasses import replace

from limner.errors import LimnerError
from limner.models.config import ModelConfig
from limner.models.protocol import SketchModel
from limner.models.weights import find_weights, load_weights
from limner.training.config import RunConfig


def with_start(config: RunConfig) -> RunConfig:
    """Give a training the network of the model that it begins with, if ``train.start`` names one.

    Raises
    ------
    LimnerError
        If there is no such model, it cannot be read, or words are named too.
    """
    if not config.train.start:
        return config
    if config.train.words:
        raise LimnerError("--train.start brings its own words; name no --train.words beside it.")
    _, card = load_weights(find_weights(config.train.start))
    return replace(config, model=card.config)


def take_start(network: SketchModel, config: RunConfig) -> None:
    """Let a network take the weights of the model that ``train.start`` names.

    Units differ from corpus to corpus, but weights know model units only: each corpus is divided by its own
    scale factor.

    Raises
    ------
    LimnerError
        If the model was told, or told apart, other classes than the corpus has.
    """
    start, card = load_weights(find_weights(config.train.start))
    if card.config != config.model:
        raise LimnerError(
            f"{config.train.start} was taught {_classes(card.config)} classes and this corpus has "
            f"{_classes(config.model)}; begin with a model that is told none, or train without --train.start."
        )
    network.load_state_dict(start.state_dict())


def _classes(model: ModelConfig) -> int:
    return model.classes or model.sketchformer.recognises
