"""Map weights between limner's networks and the variables of sketch-rnn's TensorFlow 1 graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from limner.errors import DataError, quote_list
from limner.models.build import build_model
from limner.models.config import CellName, DecoderConfig, EncoderConfig, ModelConfig
from limner.models.limits import LARGEST_WEIGHT
from limner.models.protocol import SketchModel

PREFIX = "vector_rnn/"
CELL_SCOPES: dict[CellName, str] = {
    "lstm": "LSTMCell",
    "layer_norm": "LayerNormLSTMCell",
    "hyper": "HyperLSTMCell",
}
_SCOPES = {"ENC_RNN/fw": "encoder.forwards", "ENC_RNN/bw": "encoder.backwards", "RNN": "decoder.cell"}
_DENSE = {
    "ENC_RNN_mu/super_linear": "encoder.mu",
    "ENC_RNN_sigma/super_linear": "encoder.presig",
    "linear/super_linear": "decoder.z_to_state",
    "RNN/output": "decoder.output",
}
_PRODUCTS = ("ix", "jx", "fx", "ox", "ih", "jh", "fh", "oh")


@dataclass(frozen=True)
class ParameterSlice:
    """The part of a parameter that a variable holds: all, an entry of its first axis, or its transpose."""

    parameter: str
    transposed: bool = False
    part: int | None = None

    def view(self, value: Tensor) -> Tensor:
        """Return the variable's part of a parameter (or its gradient), in the graph's layout."""
        if self.part is not None:
            return value[self.part]
        return value.t() if self.transposed else value


def cells_of(config: ModelConfig) -> set[str]:
    """Return the names of a network's cells."""
    return {config.decoder.cell, *([config.encoder.cell] if config.conditional else [])}


def parameter_slices(config: ModelConfig) -> dict[str, ParameterSlice]:
    """Return the slice of every trainable variable of a model's graph, by its name without the prefix."""
    slices: dict[str, ParameterSlice] = {}
    for scope, ours in _SCOPES.items():
        if ours.startswith("decoder") or config.conditional:
            cell = config.decoder.cell if ours.startswith("decoder") else config.encoder.cell
            slices.update(_cell_slices(cell, f"{scope}/{CELL_SCOPES[cell]}", ours))
    for scope, ours in _DENSE.items():
        if ours == "decoder.output" or config.conditional:
            slices[f"{scope}_w"] = ParameterSlice(f"{ours}.weight", transposed=True)
            slices[f"{scope}_b"] = ParameterSlice(f"{ours}.bias")
    return slices


def model_from_variables(
    variables: Mapping[str, ArrayLike],
    *,
    encoder: Mapping[str, Any] | None = None,
    decoder: Mapping[str, Any] | None = None,
) -> SketchModel:
    """Build the network that the variables of a graph describe.

    Parameters
    ----------
    variables : mapping of str to array_like
        Trainable variables by their full names, such as ``vector_rnn/RNN/LSTMCell/W_xh``.
    encoder, decoder : mapping, optional
        Settings of :class:`EncoderConfig` and :class:`DecoderConfig` that cannot be read off variables.

    Returns
    -------
    SketchModel
        In evaluation mode.

    Raises
    ------
    DataError
        If variables are missing, unknown, not finite, or have inconsistent shapes.
    """
    tensors = {name.removeprefix(PREFIX): _as_tensor(value) for name, value in variables.items()}
    if bad := sorted(name for name, value in tensors.items() if not _usable(value)):
        raise DataError(
            f"The variables {quote_list(bad[:4])} hold values that are not finite numbers, or beyond "
            f"{LARGEST_WEIGHT:g}."
        )
    read = _config(tensors)
    config = replace(
        read,
        encoder=replace(read.encoder, **(encoder or {})),
        decoder=replace(read.decoder, **(decoder or {})),
    )
    return _filled_model(config, tensors)


def _filled_model(config: ModelConfig, tensors: Mapping[str, Tensor]) -> SketchModel:
    """Build a network and copy variables into its weights."""
    slices = parameter_slices(config)
    if unknown := sorted(set(tensors) - set(slices)):
        raise DataError(f"The variables {quote_list(unknown[:4])} belong to no cell that limner knows.")
    model = build_model(config)
    weights = model.state_dict()
    views = {name: part.view(weights[part.parameter]) for name, part in slices.items()}
    if wrong := sorted(n for n, v in views.items() if n not in tensors or tensors[n].shape != v.shape):
        raise DataError(f"The variables {quote_list(wrong[:4])} are missing or of another shape.")
    for name, view in views.items():
        view.copy_(tensors[name])
    return model.eval()


def variables_of(model: SketchModel) -> dict[str, NDArray[np.float32]]:
    """Return a network's weights as variables of the graph, by their names without the prefix."""
    weights = model.state_dict()
    return {
        name: part.view(weights[part.parameter]).cpu().numpy().copy()
        for name, part in parameter_slices(model.config).items()
    }


def weights_without_variable(model: SketchModel) -> list[str]:
    """Return the names of the weights for which the original's graph has no variables."""
    known = {part.parameter for part in parameter_slices(model.config).values()}
    return sorted(set(model.state_dict()) - known)


def _cell_slices(cell: CellName, scope: str, ours: str) -> Iterator[tuple[str, ParameterSlice]]:
    yield f"{scope}/W_xh", ParameterSlice(f"{ours}.w_xh")
    yield f"{scope}/W_hh", ParameterSlice(f"{ours}.w_hh")
    if cell != "layer_norm":
        yield f"{scope}/bias", ParameterSlice(f"{ours}.bias")
    if cell == "lstm":
        return
    for theirs, norm in (("ln_all", "norm_gates"), ("ln_c", "norm_c")):
        for name in ("gamma", "beta"):
            yield f"{scope}/{theirs}/ln_{name}", ParameterSlice(f"{ours}.{norm}.{name}")
    if cell == "hyper":
        yield from _cell_slices("layer_norm", f"{scope}/LayerNormLSTMCell", f"{ours}.small")
        yield from _hyper_slices(scope, ours)


def _hyper_slices(scope: str, ours: str) -> Iterator[tuple[str, ParameterSlice]]:
    for k, product in enumerate(_PRODUCTS):
        inside = f"{scope}/hyper_{product}"
        yield f"{inside}/zw/super_linear_w", ParameterSlice(f"{ours}.scale_in", part=k)
        yield f"{inside}/zw/super_linear_b", ParameterSlice(f"{ours}.scale_bias", part=k)
        yield f"{inside}/alpha/super_linear_w", ParameterSlice(f"{ours}.scale_out", part=k)
        if product.endswith("h"):
            yield f"{inside}/zb/super_linear_w", ParameterSlice(f"{ours}.shift_in", part=k - 4)
            yield f"{inside}/beta/super_linear_w", ParameterSlice(f"{ours}.shift_out", part=k - 4)


def _config(tensors: Mapping[str, Tensor]) -> ModelConfig:
    """Read cells and sizes from names and shapes of variables."""
    hidden, outputs = _shape(tensors, "RNN/output_w")
    if outputs < 9 or (outputs - 3) % 6:
        raise DataError(f"The variable {PREFIX}RNN/output_w has {outputs} columns, not 3 and 6 a component.")
    decoder = DecoderConfig(cell=_cell(tensors, "RNN"), size=hidden, components=(outputs - 3) // 6)
    if not any(name.startswith("ENC_RNN") for name in tensors):
        return ModelConfig(conditional=False, decoder=decoder)
    cell = _cell(tensors, "ENC_RNN/fw")
    encoder = EncoderConfig(cell=cell, size=_shape(tensors, f"ENC_RNN/fw/{CELL_SCOPES[cell]}/W_hh")[0])
    latent_size = _shape(tensors, "ENC_RNN_mu/super_linear_w")[1]
    return ModelConfig(latent_size=latent_size, encoder=encoder, decoder=decoder)


def _cell(tensors: Mapping[str, Tensor], scope: str) -> CellName:
    for name, theirs in CELL_SCOPES.items():
        if any(variable.startswith(f"{scope}/{theirs}/") for variable in tensors):
            return name
    raise DataError(f"There are no variables of a cell that limner knows under {PREFIX}{scope}.")


def _shape(tensors: Mapping[str, Tensor], name: str) -> tuple[int, int]:
    if name not in tensors or tensors[name].ndim != 2 or not tensors[name].numel():
        raise DataError(f"The variable {PREFIX}{name} is missing or not a matrix.")
    rows, columns = tensors[name].shape
    return rows, columns


def _usable(value: Tensor) -> bool:
    return bool((value.abs() <= LARGEST_WEIGHT).all())  # not so where a number is none


def _as_tensor(value: ArrayLike) -> Tensor:
    return torch.from_numpy(np.array(value, dtype=np.float32))
