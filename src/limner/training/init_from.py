"""What a training begins with: another model's weights, a network of one's own, a vocabulary, or nothing.

Reading it (:func:`read_initial`) comes before the settings are resolved, which depend on it; weights are
taken over (:func:`initial_network`) after that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from limner.errors import LimnerError
from limner.models.build import build_model
from limner.models.config import ModelConfig
from limner.models.protocol import SketchModel
from limner.models.sketchformer.tokenizer.tokenizer import Tokenizer
from limner.models.weights import LAST_NAME, Card, find_weights, load_weights
from limner.training.config import RunConfig
from limner.training.data import TrainingData
from limner.training.own_classes import EMBEDDING, with_rows_for
from limner.training.vocabulary_file import load_tokenizer

VOCABULARY_DRAWINGS = 10_000
"""Drawings, spread evenly over the train split, that a vocabulary is made from."""


@dataclass(frozen=True)
class Initial:
    """What a training begins with; weights drawn at random where there is no network."""

    network: SketchModel | None = None
    """Brings its settings and its weights."""
    tokenizer: Tokenizer | None = None
    """Vocabulary of a Sketchformer; made from the corpus unless given."""
    is_own: bool = False
    """Whether the network is the caller's and is trained itself; else its weights are copied."""
    card: Card | None = None
    """Header of the network's weights: its classes, and how it draws best; of a run that is resumed that of
    its own weights."""


def read_initial(config: RunConfig) -> Initial:
    """Read what ``train.init_from`` and ``train.vocabulary`` name.

    Raises
    ------
    LimnerError
        If there is no such model or tokenizer, it cannot be read, both are named, or the model is told
        classes and this training tells it none.
    """
    model, vocabulary = config.train.init_from, config.train.vocabulary
    if model and vocabulary:
        raise LimnerError("--train.init-from brings its own words; name no --train.vocabulary beside it.")
    if vocabulary:
        return Initial(tokenizer=load_tokenizer(vocabulary))
    if not model:
        return Initial()
    network, card = load_weights(find_weights(model))
    told = config.train.by_class or config.train.add_classes
    if network.config.classes and not told:
        raise LimnerError(
            f"{model} is told what to draw; train with --train.by-class True, or begin with a model that is "
            "told nothing."
        )
    return Initial(network, card=card)


def own_network(network: object) -> Initial:
    """Begin with a network of the caller's own.

    Raises
    ------
    LimnerError
        If it does not fulfil :class:`limner.models.protocol.SketchModel`.
    """
    if not isinstance(network, SketchModel):
        raise LimnerError(
            "A network of one's own must be a limner.models.protocol.SketchModel, which "
            f"{type(network).__name__} is not."
        )
    return Initial(network, is_own=True)


def random_network(config: RunConfig) -> SketchModel:
    """Build the network with weights at random by the seed; torch's own generator stays as it was."""
    with torch.random.fork_rng():
        torch.manual_seed(config.seed)
        return build_model(config.model)


def initial_network(config: RunConfig, data: TrainingData, initial: Initial) -> SketchModel:
    """Return the network as it is before the first step.

    Weights know model units only, and each corpus is divided by its own scale factor, so that those of a
    model that was trained in other units fit as they are.

    Parameters
    ----------
    config : RunConfig
        Resolved.
    data : TrainingData
    initial : Initial

    Raises
    ------
    LimnerError
        If the initial network has other classes than the corpus.
    """
    if initial.network is not None and not _fits(initial.network.config, config):
        name = config.train.init_from or "The network"
        raise LimnerError(
            f"{name} was taught {_classes(initial.network.config)} classes "
            f"and this corpus has {_classes(config.model)}; begin with a model that is told none, or train "
            "without --train.init-from."
        )
    if initial.network is not None and initial.is_own:
        return initial.network
    network = random_network(config)
    if initial.network is not None:
        network.load_state_dict(_weights(initial.network, config, data, initial.card))
    elif initial.tokenizer is not None:
        network.set_vocabulary(initial.tokenizer, data.scale_factor)
    else:
        network.prepare(_model_units(data))
    return network


def _fits(initial: ModelConfig, config: RunConfig) -> bool:
    """Return whether the initial network is the one that is trained, but for classes that are added."""
    added = config.train.add_classes and initial.classes > 0 and config.model.classes > 0
    return (replace(initial, classes=config.model.classes) if added else initial) == config.model


def _weights(
    network: SketchModel, config: RunConfig, data: TrainingData, card: Card | None
) -> dict[str, Tensor]:
    weights = network.state_dict()
    if not config.train.add_classes or card is None or EMBEDDING not in weights:
        return weights
    return with_rows_for(weights, network, card.classes, data)


def resumed_initial(run: Path) -> Initial:
    """Return what a run that is resumed began with, as far as its own weights tell: the header.

    Its weights come from the checkpoint, and what it began with need not exist any more.
    """
    path = run / LAST_NAME
    return Initial(card=load_weights(path)[1]) if path.is_file() else Initial()


def _model_units(data: TrainingData) -> list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    """Return drawings spread evenly over the train split, stroke-3 in model units."""
    scale = np.array([data.scale_factor, data.scale_factor, 1], np.float32)
    step = -(-len(data.train) // VOCABULARY_DRAWINGS)
    return [data.train[i] / scale for i in range(0, len(data.train), step)]


def _classes(model: ModelConfig) -> int:
    return model.classes or model.sketchformer.num_classes_recognized
