"""State dicts of sketch-rnn's ports to torch: their arrays as variables of sketch-rnn's graph.

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
from limner.interchange.foreign_model import Found
from limner.interchange.mapping import CellLayout, Half, OutputLayout, Port, find_port, prefix_of
from limner.interchange.tensorflow import PREFIX, model_from_variables
from limner.interchange.torch_file import read_tensors
from limner.models.cells.base import FORGET_BIAS
from limner.models.protocol import SketchModel

FORM = "a state dict of"
GATES = "ijfo"  # the order of sketch-rnn

Variables = dict[str, Tensor]


def read_state_dict(path: Path, scale_factor: float | None, n_max: int | None) -> Found:
    """Read a state dict, or a dictionary of such.

    Parameters
    ----------
    path : Path
        Where encoder and decoder are files of their own, either of them.
    scale_factor : float, optional
        What drawings were divided by; no state dict says.
    n_max : int, optional
        Points of the longest drawing of its corpus; no state dict says, and most encoders depend on it.

    Raises
    ------
    DataError
        If the file is damaged, of no known program, of one that no network of limner's equals, or needs what
        is not given.
    """
    tensors, files = read_tensors(path)
    try:
        port = find_port(tensors)
    except ValueError as error:
        raise DataError(f"{path} {error}") from error
    if n_max is None and port.rows_beyond is not None and port.n_max is None:
        raise DataError(
            f"{path}: its encoder read end rows up to the longest drawing of its corpus; say with --n-max "
            "how many points that had."
        )
    if scale_factor is None:
        raise DataError(
            f"{path} does not say what its drawings were divided by; say it with --scale-factor. In most "
            "programs it is the standard deviation of all offsets to learn from."
        )
    notes = list(port.notes)
    if n_max is None and port.n_max is not None:
        n_max = port.n_max
        notes.append(
            f"its encoder read drawings padded to {n_max} rows, its program's default; --n-max sets it"
        )
    return Found(
        form=f"{FORM} {port.title}",
        files=files,
        network=_network(port, tensors, n_max, path),
        scale_factor=scale_factor,
        n_max=n_max,
        assumed=tuple(notes),
    )


def _network(port: Port, tensors: Mapping[str, Tensor], n_max: int | None, path: Path) -> SketchModel:
    rows = 0 if port.rows_beyond is None or n_max is None else n_max + port.rows_beyond
    try:
        variables = _variables(port, tensors)
        return model_from_variables(variables, encoder={"reads_start": port.reads_start, "rows": rows})
    except (ValueError, RuntimeError) as error:
        why = f": {error}" if type(error) is ValueError else "."
        raise DataError(f"{path}: its arrays do not fit together as those of {port.title} do{why}") from error


class Arrays:
    """The arrays of one half of a network, by their names within it.

    Parameters
    ----------
    half : Half
    tensors : mapping of str to Tensor
    taken : set of str
        Gathers the full names of arrays that somebody asked for.
    """

    def __init__(self, half: Half, tensors: Mapping[str, Tensor], taken: set[str]) -> None:
        self.half, self.tensors, self.taken = half, tensors, taken
        self.prefix = prefix_of(half.marks, tensors) or ""

    def __getitem__(self, name: str) -> Tensor:
        """Give an array.

        Raises
        ------
        ValueError
            If there is none of that name.
        """
        full = self.prefix + name
        if full not in self.tensors:
            raise ValueError(f"there is no {full}.")
        self.taken.add(full)
        return self.tensors[full]

    def layer(self, name: str) -> tuple[Tensor, Tensor]:
        """Give weight and bias of a layer."""
        return self[f"{name}.weight"], self[f"{name}.bias"]

    def left(self, idle: tuple[str, ...]) -> list[str]:
        """Name the arrays under the prefix that nobody asked for."""
        own = (name for name in self.tensors if name.startswith(self.prefix) and name not in self.taken)
        return [name for name in own if not name.removeprefix(self.prefix).startswith(idle)]


def _variables(port: Port, tensors: Mapping[str, Tensor]) -> dict[str, NDArray[np.float32]]:
    """Give all arrays as variables of the graph, with their full names."""
    taken: set[str] = set()
    encoder, decoder = (Arrays(half, tensors, taken) for half in (port.encoder, port.decoder))
    layers = [encoder.layer(name) for name in port.encoder.layers]
    mu, presig = layers if len(layers) == 2 else zip(*(part.chunk(2) for part in layers[0]), strict=True)
    state, *last = (decoder.layer(name) for name in port.decoder.layers)
    found = {
        **_cell("ENC_RNN/fw", encoder, 0),
        **_cell("ENC_RNN/bw", encoder, 1),
        **_dense("ENC_RNN_mu/super_linear", *mu),
        **_dense("ENC_RNN_sigma/super_linear", *presig),
        **_dense("linear/super_linear", *(torch.cat(part.chunk(2)[::-1]) for part in state)),  # c before h
        **_cell("RNN", decoder, 0),
        **_dense("RNN/output", *(OUTPUTS[port.outputs](*part) for part in zip(*last, strict=True))),
    }
    if more := encoder.left(port.idle) + decoder.left(port.idle):
        raise ValueError(f"{more[0]} has no place in them.")
    return {PREFIX + name: value.numpy() for name, value in found.items()}


def _dense(scope: str, weight: Tensor, bias: Tensor) -> Variables:
    return {f"{scope}_w": weight.t(), f"{scope}_b": bias}


def _cell(scope: str, arrays: Arrays, way: int) -> Variables:
    """Give a cell's variables; way 1 reads from behind."""
    w_x, w_h, bias, order = CELLS[arrays.half.layout](arrays, arrays.half.cell, way)
    names = zip(("W_xh", "W_hh", "bias"), (w_x, w_h, bias), strict=True)
    return {f"{scope}/LSTMCell/{name}": _reordered(value, order).t() for name, value in names}


def _reordered(value: Tensor, order: str) -> Tensor:
    """Put the gates of ``(4 H, ...)`` into the order of sketch-rnn."""
    gates = dict(zip(order, value.chunk(4), strict=True))
    return torch.cat([gates[name] for name in GATES])


# Cells: weights (4 H, X) and (4 H, H), bias without the forget bias, and the order of gates ----------------

Cell = tuple[Tensor, Tensor, Tensor, str]


def _torch_cell(arrays: Arrays, name: str, way: int) -> Cell:
    end = "_l0_reverse" if way else "_l0"
    w_x, w_h, first, second = (
        arrays[f"{name}.{part}{end}"] for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    )
    if first.shape != second.shape:
        raise ValueError(f"the biases of {name} are not of one length.")
    return w_x, w_h, _less_forget_bias(first + second, 1), "ifjo"


def _fused_cell(arrays: Arrays, name: str, way: int) -> Cell:
    weight, bias = arrays.layer(f"{name}.rnn_cells.0.{way}.fiou_linear")
    w_x, w_h = weight.tensor_split([weight.shape[1] - len(bias) // 4], dim=1)
    return w_x, w_h, _less_forget_bias(bias, 0), "fioj"


def _single_cell(arrays: Arrays, name: str, way: int) -> Cell:  # noqa: ARG001
    w_x, w_h, bias = (arrays[f"{name}.{part}"] for part in ("weight_ih", "weight_hh", "bias"))
    return w_x, w_h, bias, "ifoj"


def _less_forget_bias(bias: Tensor, place: int) -> Tensor:
    """Take away what limner's cells add at run time."""
    gates = list(bias.chunk(4))
    gates[place] = gates[place] - FORGET_BIAS
    return torch.cat(gates)


CELLS: dict[CellLayout, Callable[[Arrays, str, int], Cell]] = {
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
