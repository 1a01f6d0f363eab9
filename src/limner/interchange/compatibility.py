"""Whether another program's format can hold a model: the settings in which it differs from sketch-rnn."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from limner.errors import LimnerError
from limner.interchange.tensorflow import CELL_SCOPES, cells_of, weights_without_variable
from limner.models.config import ModelConfig
from limner.models.kinds import KINDS
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
"""Settings without effect, each with the setting and the value that make it so."""


def check_fits(
    network: SketchModel,
    target: str,
    program: str,
    able: Collection[str] = (),
    more_weights: Collection[str] = (),
) -> None:
    """Refuse a network that differs from sketch-rnn's in what the program cannot do.

    Parameters
    ----------
    network : SketchModel
    target : str
        Of ``limner export``; the table of model kinds says which kinds it holds.
    program : str
        Name of the program, as the beginning of a sentence.
    able : collection of str
        Settings, such as ``decoder.cell``, that may have any value.
    more_weights : collection of str
        Weights that the program takes although sketch-rnn does not have them.

    Raises
    ------
    LimnerError
        If it differs in another setting or has other weights.
    """
    if target not in KINDS[network.config.kind].exports:
        raise LimnerError(
            f"{program} cannot hold a model whose kind is {network.config.kind}; try --to onnx."
        )
    plain = _settings(ModelConfig(conditional=network.conditional))
    for name, value in _settings(network.config).items():
        if value != plain.get(name) and name not in (*SIZES, *able):
            wanted = "" if name not in plain else f", not {plain[name]}"
            raise LimnerError(
                f"{program} cannot hold a model whose {name} is {value}{wanted}; try --to onnx."
            )
    for name in cells_of(network.config) - set(CELL_SCOPES):
        raise LimnerError(f"{program} cannot hold a model with the cell {name}; try --to onnx.")
    if more := [name for name in weights_without_variable(network) if name not in more_weights]:
        raise LimnerError(f"{program} cannot hold a model with the weights {more[0]}; try --to onnx.")


def _settings(config: ModelConfig) -> dict[str, Any]:
    """Return the settings that affect drawing, by names such as ``decoder.size``."""
    parts = ("encoder", "decoder") if config.conditional else ("decoder",)
    every = to_dict(config)
    flat = {name: value for name, value in every.items() if not isinstance(value, dict)}
    for part in parts:
        flat |= flatten(every[part], f"{part}.")
    flat = {name: value for name, value in flat.items() if name.rpartition(".")[2] not in OF_TRAINING}
    return {name: value for name, value in flat.items() if not _is_idle(name, flat)}


def _is_idle(name: str, settings: dict[str, Any]) -> bool:
    other, value = IDLE.get(name, (None, None))
    return other in settings and settings[other] == value
