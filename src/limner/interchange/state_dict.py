"""State dicts of sketch-rnn's ports to torch, mapped to variables of sketch-rnn's graph.

Letters: ``H`` units, ``X`` width of the input, ``M`` components.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from limner.errors import DataError
from limner.interchange.foreign_model import ForeignModel
from limner.interchange.mapping import CellLayout, HalfLayout, OutputLayout, PortLayout, find_port, prefix_of
from limner.interchange.model_format import ImportOptions, ModelFormat
from limner.interchange.tensorflow import PREFIX, model_from_variables
from limner.interchange.torch_file import SUFFIXES, read_tensors
from limner.models.cells.base import FORGET_BIAS
from limner.models.protocol import SketchModel

FORM = "a state dict of"
GATES = "ijfo"  # the order of sketch-rnn

Variables = dict[str, Tensor]


def read_state_dict(path: Path, options: ImportOptions) -> ForeignModel:
    """Read a state dict, or a dictionary of state dicts.

    Parameters
    ----------
    path : Path
        If encoder and decoder are files of their own, either of them.
    options : ImportOptions
        No state dict says what drawings were divided by, nor how many points the longest drawing of its
        corpus has, on which most encoders depend.

    Raises
    ------
    DataError
        If the file is damaged, of no known program or of one that no network of limner's equals, or lacks
        what the options do not say.
    """
    tensors, files = read_tensors(path)
    try:
        port = find_port(tensors)
    except ValueError as error:
        raise DataError(f"{path} {error}") from error
    n_max, notes = _longest_drawing(port, options, path)
    if options.scale_factor is None:
        raise DataError(
            f"{path} does not say what its drawings were divided by; say it with --scale-factor. In most "
            "programs it is the standard deviation of all offsets to learn from."
        )
    return ForeignModel(
        form=f"{FORM} {port.title}",
        files=files,
        network=_network(port, tensors, n_max, path),
        scale_factor=options.scale_factor,
        n_max=n_max,
        assumed=notes,
    )


def _longest_drawing(
    port: PortLayout, options: ImportOptions, path: Path
) -> tuple[int | None, tuple[str, ...]]:
    """Return the points of the longest drawing, if they are known, and the notes of the program."""
    if options.n_max is not None:
        return options.n_max, port.notes
    if port.n_max is not None:
        note = (
            f"its encoder read drawings padded to {port.n_max} rows, its program's default; --n-max sets it"
        )
        return port.n_max, (*port.notes, note)
    if port.rows_beyond is not None:
        raise DataError(
            f"{path}: its encoder read end rows up to the longest drawing of its corpus; say with --n-max "
            "how many points that had."
        )
    return None, port.notes


def _network(port: PortLayout, tensors: Mapping[str, Tensor], n_max: int | None, path: Path) -> SketchModel:
    rows = 0 if port.rows_beyond is None or n_max is None else n_max + port.rows_beyond
    try:
        variables = _variables(port, tensors)
        return model_from_variables(variables, encoder={"reads_start": port.reads_start, "rows": rows})
    except (ValueError, RuntimeError) as error:
        why = f": {error}" if type(error) is ValueError else "."
        raise DataError(f"{path}: its arrays do not fit together as those of {port.title} do{why}") from error


class HalfArrays:
    """The arrays of the encoder or the decoder, by their names within it.

    Parameters
    ----------
    half : HalfLayout
    tensors : mapping of str to Tensor
    used : set of str
        Collects the full names of the arrays that are read.
    """

    def __init__(self, half: HalfLayout, tensors: Mapping[str, Tensor], used: set[str]) -> None:
        self.half, self.tensors, self.used = half, tensors, used
        self.prefix = prefix_of(half.marks, tensors) or ""

    def __getitem__(self, name: str) -> Tensor:
        """Return an array.

        Raises
        ------
        ValueError
            If there is none of that name.
        """
        full = self.prefix + name
        if full not in self.tensors:
            raise ValueError(f"there is no {full}.")
        self.used.add(full)
        return self.tensors[full]

    def layer(self, name: str) -> tuple[Tensor, Tensor]:
        """Return weight and bias of a layer."""
        return self[f"{name}.weight"], self[f"{name}.bias"]

    def unused(self, idle: tuple[str, ...]) -> list[str]:
        """Return the names of arrays under the prefix that are not used, nor begin with an idle name."""
        own = (name for name in self.tensors if name.startswith(self.prefix) and name not in self.used)
        return [name for name in own if not name.removeprefix(self.prefix).startswith(idle)]


def _variables(port: PortLayout, tensors: Mapping[str, Tensor]) -> dict[str, NDArray[np.float32]]:
    """Return all arrays as variables of the graph, by their full names."""
    used: set[str] = set()
    encoder, decoder = (HalfArrays(half, tensors, used) for half in (port.encoder, port.decoder))
    layers = [encoder.layer(name) for name in port.encoder.layers]
    mu, presig = layers if len(layers) == 2 else zip(*(part.chunk(2) for part in layers[0]), strict=True)
    state, *last = (decoder.layer(name) for name in port.decoder.layers)
    variables = {
        **_cell("ENC_RNN/fw", encoder, 0),
        **_cell("ENC_RNN/bw", encoder, 1),
        **_dense("ENC_RNN_mu/super_linear", *mu),
        **_dense("ENC_RNN_sigma/super_linear", *presig),
        **_dense("linear/super_linear", *(torch.cat(part.chunk(2)[::-1]) for part in state)),  # c before h
        **_cell("RNN", decoder, 0),
        **_dense("RNN/output", *(OUTPUTS[port.outputs](*part) for part in zip(*last, strict=True))),
    }
    if more := encoder.unused(port.idle) + decoder.unused(port.idle):
        raise ValueError(f"{more[0]} has no place in them.")
    return {PREFIX + name: value.numpy() for name, value in variables.items()}


def _dense(scope: str, weight: Tensor, bias: Tensor) -> Variables:
    return {f"{scope}_w": weight.t(), f"{scope}_b": bias}


def _cell(scope: str, arrays: HalfArrays, direction: int) -> Variables:
    """Return the variables of a cell; direction 1 reads backwards."""
    w_x, w_h, bias, order = CELLS[arrays.half.layout](arrays, arrays.half.cell, direction)
    names = zip(("W_xh", "W_hh", "bias"), (w_x, w_h, bias), strict=True)
    return {f"{scope}/LSTMCell/{name}": _reordered(value, order).t() for name, value in names}


def _reordered(value: Tensor, order: str) -> Tensor:
    """Return an array ``(4 H, ...)`` with its gates in the order of sketch-rnn."""
    gates = dict(zip(order, value.chunk(4), strict=True))
    return torch.cat([gates[name] for name in GATES])


# Cells: weights (4 H, X) and (4 H, H), bias without the forget bias, and the order of gates ----------------

GateArrays = tuple[Tensor, Tensor, Tensor, str]


def _torch_cell(arrays: HalfArrays, name: str, direction: int) -> GateArrays:
    end = "_l0_reverse" if direction else "_l0"
    w_x, w_h, first, second = (
        arrays[f"{name}.{part}{end}"] for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    )
    if first.shape != second.shape:
        raise ValueError(f"the biases of {name} are not of one length.")
    return w_x, w_h, _less_forget_bias(first + second, 1), "ifjo"


def _fused_cell(arrays: HalfArrays, name: str, direction: int) -> GateArrays:
    weight, bias = arrays.layer(f"{name}.rnn_cells.0.{direction}.fiou_linear")
    w_x, w_h = weight.tensor_split([weight.shape[1] - len(bias) // 4], dim=1)
    return w_x, w_h, _less_forget_bias(bias, 0), "fioj"


def _single_cell(arrays: HalfArrays, name: str, direction: int) -> GateArrays:  # noqa: ARG001
    w_x, w_h, bias = (arrays[f"{name}.{part}"] for part in ("weight_ih", "weight_hh", "bias"))
    return w_x, w_h, bias, "ifoj"


def _less_forget_bias(bias: Tensor, gate: int) -> Tensor:
    """Subtract what limner's cells add at run time."""
    gates = list(bias.chunk(4))
    gates[gate] = gates[gate] - FORGET_BIAS
    return torch.cat(gates)


CELLS: dict[CellLayout, Callable[[HalfArrays, str, int], GateArrays]] = {
    "torch": _torch_cell,
    "fused": _fused_cell,
    "single": _single_cell,
}


# The last layer: pen, pi, mu_x, mu_y, sigma_x, sigma_y, rho ------------------------------------------------


def _pen_last(rows: Tensor) -> Tensor:
    return torch.cat([rows[-3:], rows[:-3]])


def _pen_apart(mixture: Tensor, pen: Tensor) -> Tensor:
    return torch.cat([pen, mixture])


def _pairs(rows: Tensor) -> Tensor:
    count = (len(rows) - 3) // 6  # M
    pi, mu, sigma, rho, pen = rows.tensor_split([count, 3 * count, 5 * count, 6 * count])
    return torch.cat([pen, pi, mu[0::2], mu[1::2], sigma[0::2], sigma[1::2], rho])


OUTPUTS: dict[OutputLayout, Callable[..., Tensor]] = {
    "pen-last": _pen_last,
    "pen-apart": _pen_apart,
    "pairs": _pairs,
}

FORMAT = ModelFormat(
    "state-dict", "state dicts of sketch-rnn's ports to torch", SUFFIXES, read=read_state_dict
)
