"""Whether another program can hold a model: what of its settings departs from sketch-rnn's own."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from limner.errors import LimnerError
from limner.interchange.tensorflow import unplaced
from limner.models.config import ModelConfig
from limner.models.protocol import SketchModel
from limner.settings import to_dict

SIZES = ("conditional", "latent_size", "encoder.size", "decoder.size")
OF_TRAINING = ("recurrent_keep", "input_keep", "output_keep", "norm_learnable")


def check_fits(network: SketchModel, program: str, able: Collection[str] = ()) -> None:
    """Refuse a network that departs from sketch-rnn's where the program cannot.

    Parameters
    ----------
    network : SketchModel
    program : str
        As it begins the sentence.
    able : collection of str
        Settings, such as ``decoder.cell``, that may be as they like.

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
    if more := unplaced(network):
        raise LimnerError(f"{program} cannot hold a model with the weights {more[0]}; try --to onnx.")


def _settings(config: ModelConfig) -> dict[str, Any]:
    """Give the settings that count in drawing, by names such as ``decoder.size``."""
    parts = ("encoder", "decoder") if config.conditional else ("decoder",)
    found: dict[str, Any] = {}
    for name, value in to_dict(config).items():
        if not isinstance(value, dict):
            found[name] = value
        elif name in parts:
            found |= {f"{name}.{key}": v for key, v in value.items() if key not in OF_TRAINING}
    return found
