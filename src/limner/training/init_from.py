"""Beginning with another model's weights instead of weights by chance."""

from __future__ import annotations

from limner.errors import LimnerError
from limner.models.config import ModelConfig
from limner.models.protocol import SketchModel
from limner.models.weights import find_weights, load_weights
from limner.training.config import RunConfig


def read_initial_model(config: RunConfig) -> SketchModel | None:
    """Read the model that ``train.init_from`` names; None if it names none.

    Raises
    ------
    LimnerError
        If there is no such model, it cannot be read, it is told classes and this training is not, or
        words are named too.
    """
    if not config.train.init_from:
        return None
    if config.train.vocabulary:
        raise LimnerError("--train.init_from brings its own words; name no --train.vocabulary beside it.")
    start, _ = load_weights(find_weights(config.train.init_from))
    if start.config.classes and not config.train.by_class:
        raise LimnerError(
            f"{config.train.init_from} is told what to draw; train with --train.by-class True, or begin "
            "with a model that is told nothing."
        )
    return start


def take_initial_weights(network: SketchModel, start: SketchModel, name: str) -> None:
    """Let a network take the weights of the model that a training begins with.

    Units differ from corpus to corpus, but weights know model units only: each corpus is divided by its own
    scale factor.

    Parameters
    ----------
    network, start : SketchModel
    name : str
        What a sentence calls the latter.

    Raises
    ------
    LimnerError
        If the model was told, or told apart, other classes than the training has.
    """
    if start.config != network.config:
        raise LimnerError(
            f"{name} was taught {_classes(start.config)} classes and this corpus has "
            f"{_classes(network.config)}; begin with a model that is told none, or train without "
            "--train.init_from."
        )
    network.load_state_dict(start.state_dict())


def _classes(model: ModelConfig) -> int:
    return model.classes or model.sketchformer.num_classes_recognized
