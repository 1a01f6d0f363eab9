"""Whether another program can hold a model: what of its settings departs from sketch-rnn's own."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from limner.errors import LimnerError
from limner.interchange.tensorflow import unplaced
from limner.models.config import ModelConfig
from limner.models.protocol import SketchModel
from limner.settings import flatten, to_dict

SIZES = ("conditional", "latent_size", "encoder.size", "decoder.size")
OF_TRAINING = ("recurrent_keep", "input_keep", "output_keep", "norm_learnable")
IDLE = {
    "class_size": ("classes", 0),
    "decoder.attention.width": ("decoder.attention.heads", 0),
    "decoder.attention.positions": ("decoder.attention.heads", 0),
    "decoder.sigma_alpha": ("decoder.sigma", "exp"),
}
"""Settings that are of no use where another one has some value."""


def check_fits(
    network: SketchModel, program: str, able: Collection[str] = (), more_weights: Collection[str] = ()
) -> None:
    """Refuse a network that departs from sketch-rnn's where the program cannot.

    Parameters
    ----------
    network : SketchModel
    program : str
        As it begins the sentence.
    able : collection of str
        Settings, such as ``decoder.cell``, that may be as they like.
    more_weights : collection of str
        Weights that the program takes although sketch-rnn has none of them.

    Raises
    ------
    LimnerError
        If it departs in a setting or has weights of its own.
    """
    plain = _settings(ModelConfig(conditional=network.conditional))
    for name, value in _settings(network.config).items():
        if value != plain.get(name) and name not in (*SIZES, *able):
            wanted = "" if name not in plain else f", not {plain[name]}"
            raise LimnerError(
                f"{program} cannot hold a model whose {name} is {value}{wanted}; try --to onnx."
            )
    if more := [name for name in unplaced(network) if name not in more_weights]:
        raise LimnerError(f"{program} cannot hold a model with the weights {more[0]}; try --to onnx.")


def _settings(config: ModelConfig) -> dict[str, Any]:
    """Give the settings that count in drawing, by names such as ``decoder.size``."""
    parts = ("encoder", "decoder") if config.conditional else ("decoder",)
    every = to_dict(config)
    found = {name: value for name, value in every.items() if not isinstance(value, dict)}
    for part in parts:
        found |= flatten(every[part], f"{part}.")
    found = {name: value for name, value in found.items() if name.rpartition(".")[2] not in OF_TRAINING}
    return {name: value for name, value in found.items() if not _is_idle(name, found)}


def _is_idle(name: str, settings: dict[str, Any]) -> bool:
    other, value = IDLE.get(name, (None, None))
    return other in settings and settings[other] == value
