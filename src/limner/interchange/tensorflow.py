"""Weights of sketch-rnn's TensorFlow 1 graph, by the names of its variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from limner.errors import DataError, quote_list
from limner.models.build import build_model
from limner.models.config import DecoderConfig, EncoderConfig, ModelConfig
from limner.models.protocol import SketchModel

PREFIX = "vector_rnn/"
_CELL_PARTS = {"W_xh": "w_xh", "W_hh": "w_hh", "bias": "bias"}
_CELLS = {
    "ENC_RNN/fw/LSTMCell": "encoder.forwards",
    "ENC_RNN/bw/LSTMCell": "encoder.backwards",
    "RNN/LSTMCell": "decoder.cell",
}
_DENSE = {
    "ENC_RNN_mu/super_linear": "encoder.mu",
    "ENC_RNN_sigma/super_linear": "encoder.presig",
    "linear/super_linear": "decoder.z_to_state",
    "RNN/output": "decoder.output",
}


@dataclass(frozen=True)
class Place:
    """Where a variable goes: the parameter's name, and whether it is stored transposed there."""

    parameter: str
    transposed: bool = False

    def moved(self, value: Tensor) -> Tensor:
        """Bring a value from the graph's layout to ours, or back."""
        return value.t() if self.transposed else value


def variable_places() -> dict[str, Place]:
    """Give the place of every variable of the graph that limner knows, without the prefix."""
    places = {
        f"{scope}/{theirs}": Place(f"{ours}.{name}")
        for scope, ours in _CELLS.items()
        for theirs, name in _CELL_PARTS.items()
    }
    for scope, ours in _DENSE.items():
        places[f"{scope}_w"] = Place(f"{ours}.weight", transposed=True)
        places[f"{scope}_b"] = Place(f"{ours}.bias")
    return places


def model_from_variables(variables: Mapping[str, ArrayLike]) -> SketchModel:
    """Build the network that the variables of a graph describe.

    Parameters
    ----------
    variables : mapping of str to array_like
        Trainable variables by their full names, such as ``vector_rnn/RNN/LSTMCell/W_xh``.

    Returns
    -------
    SketchModel
        In evaluation mode.

    Raises
    ------
    DataError
        If variables are missing, unknown, or of shapes that do not fit together.
    """
    tensors = {name.removeprefix(PREFIX): _as_tensor(value) for name, value in variables.items()}
    places = variable_places()
    if unknown := sorted(set(tensors) - set(places)):
        raise DataError(f"The variables {quote_list(unknown[:4])} belong to no cell that limner knows.")
    model = build_model(_config(tensors))
    weights = {places[name].parameter: places[name].moved(value) for name, value in tensors.items()}
    expected = {name: value.shape for name, value in model.state_dict().items()}
    if wrong := sorted(n for n in expected if n not in weights or weights[n].shape != expected[n]):
        raise DataError(f"The variables for {quote_list(wrong[:4])} are missing or of another shape.")
    model.load_state_dict(weights)
    return model.eval()


def _config(tensors: Mapping[str, Tensor]) -> ModelConfig:
    """Read the sizes off the shapes."""
    hidden, outputs = _shape(tensors, "RNN/output_w")
    if outputs < 9 or (outputs - 3) % 6:
        raise DataError(f"The variable {PREFIX}RNN/output_w has {outputs} columns, not 3 and 6 a component.")
    decoder = DecoderConfig(size=hidden, components=(outputs - 3) // 6)
    if not any(name.startswith("ENC_RNN") for name in tensors):
        return ModelConfig(conditional=False, decoder=decoder)
    encoder = EncoderConfig(size=_shape(tensors, "ENC_RNN/fw/LSTMCell/W_hh")[0])
    latent_size = _shape(tensors, "ENC_RNN_mu/super_linear_w")[1]
    return ModelConfig(latent_size=latent_size, encoder=encoder, decoder=decoder)


def _shape(tensors: Mapping[str, Tensor], name: str) -> tuple[int, int]:
    if name not in tensors or tensors[name].ndim != 2 or not tensors[name].numel():
        raise DataError(f"The variable {PREFIX}{name} is missing or not a matrix.")
    rows, columns = tensors[name].shape
    return rows, columns


def _as_tensor(value: ArrayLike) -> Tensor:
    return torch.from_numpy(np.array(value, dtype=np.float32))
