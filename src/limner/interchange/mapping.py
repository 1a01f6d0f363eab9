"""Layouts of the state dicts of sketch-rnn's ports to torch: those that limner reads, and those it refuses.

A layout is read only if a network of limner computes exactly the same: the same mixture for every point, and
the same z for every drawing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

CellLayout = Literal["torch", "fused", "single"]
OutputLayout = Literal["pen-last", "pen-apart", "pairs"]

MARKS = {"torch": "weight_hh_l0", "fused": "rnn_cells.0.0.fiou_linear.weight", "single": "weight_hh"}
"""Name of an array by which the recurrent part of each layout is recognized."""


@dataclass(frozen=True)
class HalfLayout:
    """Layout of the encoder or the decoder. Names are those of modules, under any prefix."""

    cell: str
    """Name of the recurrent part."""
    layout: CellLayout
    """Order of its gates. torch: as in nn.LSTM; fused: f, i, o, j in one layer over the input and h; single:
    i, f, o, j, with one bias, and a forget bias of 1 that is added at run time."""
    layers: tuple[str, ...]
    """Of the encoder: to mu and the log variance, in two or in one. Of the decoder: from z to the first
    state, h before c; then the last layer, or those of mixture and pen."""

    @property
    def marks(self) -> tuple[str, ...]:
        """Names of the arrays by which it is recognized."""
        return (f"{self.cell}.{MARKS[self.layout]}", *(f"{name}.weight" for name in self.layers))


@dataclass(frozen=True)
class PortLayout:
    """Layout of a program's networks, and what its encoder reads."""

    title: str
    encoder: HalfLayout
    decoder: HalfLayout
    outputs: OutputLayout
    """pen-last: pi, mu_x, mu_y, sigma_x, sigma_y, rho, pen; pen-apart: the same, the pen in a layer of its
    own; pairs: pi, every (mu_x, mu_y), every (sigma_x, sigma_y), rho, pen."""
    reads_start: bool = False
    """Whether the encoder reads the start token."""
    rows_beyond: int | None = None
    """Rows that the encoder reads beyond the points of the longest drawing; None if it reads points alone."""
    n_max: int | None = None
    """Points of the longest drawing, unless the user says otherwise."""
    idle: tuple[str, ...] = ()
    """Beginnings of names of arrays that have no effect."""
    notes: tuple[str, ...] = ()
    """What a user should know, as sentences."""


@dataclass(frozen=True)
class UnsupportedLayout:
    """A layout that no network of limner's equals."""

    mark: str
    """Part of the name of an array that only this layout has."""
    title: str
    why: str
    """The reason, as the end of a sentence."""


_FLOOR = "what the program adds to deviations against division by 0, at most 0.001, is left out"
_MU_HEADS, _Q_HEADS = ("mu_head", "sigma_head"), ("init_state", "mixtures", "q_head")
_EPSILON = (
    "its layer norms add 0.00001 to a variance where limner's add 0.001, which no weights can make up for"
)

PORTS = (
    PortLayout(
        "OhataKenji's SketchRNN-Pytorch, or its fork without attention",
        HalfLayout("encoder_rnn", "torch", ("fc_mu", "fc_sigma")),
        HalfLayout("decoder_rnn", "torch", ("fc_hc", "fc_y")),
        "pen-last",
        rows_beyond=0,
        n_max=200,
    ),
    PortLayout(
        "labml's sketch_rnn, or singleline_models with torch's LSTM",
        HalfLayout("lstm", "torch", _MU_HEADS),
        HalfLayout("lstm", "torch", _Q_HEADS),
        "pen-apart",
        reads_start=True,
        rows_beyond=2,
        notes=(_FLOOR,),
    ),
    PortLayout(
        "singleline_models with an LSTM of its own",
        HalfLayout("lstm", "fused", _MU_HEADS),
        HalfLayout("lstm", "fused", _Q_HEADS),
        "pen-apart",
        reads_start=True,
        rows_beyond=2,
        notes=(_FLOOR,),
    ),
    PortLayout(
        "rfeinman's Sketch-RNN",
        HalfLayout("encoder.rnn", "torch", ("encoder.output",)),
        HalfLayout("decoder.cell", "single", ("init", "param_layer.linear")),
        "pairs",
        idle=("cell.", "loss_"),
    ),
)

REFUSALS = (
    UnsupportedLayout(
        "fc_params.weight",
        "alexis-jacq's Pytorch-Sketch-RNN",
        "there the last point of a drawing ends it, and limner's drawings end behind their last point",
    ),
    UnsupportedLayout(
        "fc_out_weights.weight",
        "SketchRNN-Pytorch-Attention with attention",
        "its encoder adds up all outputs with weights of any size, and limner's are shares that add up to 1",
    ),
    UnsupportedLayout("cell.layernorm_h.weight", "rfeinman's Sketch-RNN with layer norms", _EPSILON),
    UnsupportedLayout("cell.hyper_cell.weight_hh", "rfeinman's Sketch-RNN with a HyperLSTM", _EPSILON),
    UnsupportedLayout(
        "fiou_ln_layers.0.weight",
        "singleline_models with layer norms",
        "its cells remember c as it is after the norm, and limner's as it is before",
    ),
    UnsupportedLayout(
        "positional_encoder.positional_encoding",
        "SketchGeneration",
        "it says the covariance of the next point by a Cholesky factor, and no head of limner's does",
    ),
    UnsupportedLayout(
        "bottleneck_layer.",
        "the Sketchformer of singleline_models",
        "it says where the next point is, and limner's networks how likely it is anywhere",
    ),
)


def prefix_of(marks: Collection[str], names: Collection[str]) -> str | None:
    """Return the prefix under which names hold all marks, the shortest if there are several, or None."""
    first = min(marks)
    ends = [name.removesuffix(first) for name in names if name == first or name.endswith(f".{first}")]
    here = [prefix for prefix in ends if all(prefix + mark in names for mark in marks)]
    return min(here, key=len, default=None)


def find_port(names: Collection[str]) -> PortLayout:
    """Return the layout that has arrays of these names.

    Raises
    ------
    ValueError
        If limner cannot read it; the message continues a sentence that begins with the name of the file.
    """
    for refusal in REFUSALS:
        if any(refusal.mark in name for name in names):
            raise ValueError(f"is a network of {refusal.title}, which limner cannot be: {refusal.why}.")
    for port in PORTS:
        halves = [prefix_of(half.marks, names) is not None for half in (port.encoder, port.decoder)]
        if all(halves):
            return port
        if any(halves):
            have, lack = ("encoder", "decoder") if halves[0] else ("decoder", "encoder")
            raise ValueError(
                f"holds the {have} of {port.title} alone; put the file of the {lack} beside it, under a name "
                f"that has {lack} where this one has {have}."
            )
    raise ValueError(f"is laid out as in no program that limner knows: {'; '.join(p.title for p in PORTS)}.")
