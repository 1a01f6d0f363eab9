"""What a network is made of: frozen dataclasses that stand in the weights file and on the command line.

No torch here, so that ``--help`` stays quick. The defaults are those of sketch-rnn (2017).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

CellName = Literal["lstm", "layer_norm", "hyper"]
SigmaName = Literal["exp", "softplus", "elu"]
JointName = Literal["independent", "component", "conditioned"]
Kind = Literal["sketch_rnn"]


@dataclass(frozen=True)
class AttentionConfig:
    """Attention over the points before, whose outcome joins the decoder's input."""

    heads: int = 0
    """Heads; 0: no attention."""
    width: int = 64
    """Width of a head."""
    positions: bool = False
    """Whether queries and keys know where in the drawing they stand."""


@dataclass(frozen=True)
class EncoderConfig:
    """The bidirectional encoder of a conditional model."""

    cell: CellName = "lstm"
    """Recurrent cell."""
    size: int = 256
    """Units of the cell, for each of the two directions."""
    recurrent_keep: float = 1.0
    """Probability that a unit of the candidate is kept in training; 1: no recurrent dropout."""
    norm_learnable: bool = True
    """Whether scale and shift of layer norms learn (layer_norm, hyper)."""
    attentive_pooling: bool = False
    """Whether a weighted mean of all outputs is added to the last ones."""


@dataclass(frozen=True)
class DecoderConfig:
    """The decoder, which draws."""

    cell: CellName = "lstm"
    """Recurrent cell."""
    size: int = 512
    """Units of the cell."""
    recurrent_keep: float = 1.0
    """Probability that a unit of the candidate is kept in training; 1: no recurrent dropout."""
    norm_learnable: bool = True
    """Whether scale and shift of layer norms learn (layer_norm, hyper)."""
    attention: AttentionConfig = field(default_factory=AttentionConfig)
    """Attention over the points before."""
    input_keep: float = 1.0
    """Probability that an input of the cell is kept in training; 1: no input dropout."""
    output_keep: float = 1.0
    """Probability that an output of the cell is kept in training; 1: no output dropout."""
    components: int = 20
    """Components of the mixture that says where the pen goes next."""
    joint: JointName = "independent"
    """What offset and pen know of each other: independent; component: each component of the mixture has pen
    states of its own; conditioned: each pen state has a mixture of its own."""
    sigma: SigmaName = "exp"
    """What makes standard deviations positive: exp, softplus, or elu (x + alpha, below 0 alpha e^x)."""
    sigma_min: float = 0.0
    """Added to the standard deviations, in model units."""
    sigma_alpha: float = 1.0
    """Alpha of elu."""


@dataclass(frozen=True)
class ModelConfig:
    """A network."""

    kind: Kind = "sketch_rnn"
    """Architecture."""
    conditional: bool = True
    """True: a variational autoencoder, which can encode drawings. False: the decoder alone."""
    latent_size: int = 128
    """Width of the latent vector z; of use in a conditional model only."""
    encoder: EncoderConfig = field(default_factory=EncoderConfig)
    """The encoder; of use in a conditional model only."""
    decoder: DecoderConfig = field(default_factory=DecoderConfig)
    """The decoder."""

    def __post_init__(self) -> None:
        for wanted, holds, values in _RULES:
            for name, value in values(self).items():
                if not holds(value):
                    raise ValueError(f"model.{name} must be {wanted}, not {value}.")


def _sizes(model: ModelConfig) -> dict[str, float]:
    return {
        "latent_size": model.latent_size,
        "encoder.size": model.encoder.size,
        "decoder.size": model.decoder.size,
        "decoder.components": model.decoder.components,
        "decoder.attention.width": model.decoder.attention.width,
    }


def _keeps(model: ModelConfig) -> dict[str, float]:
    return {
        "encoder.recurrent_keep": model.encoder.recurrent_keep,
        "decoder.recurrent_keep": model.decoder.recurrent_keep,
        "decoder.input_keep": model.decoder.input_keep,
        "decoder.output_keep": model.decoder.output_keep,
    }


_RULES: tuple[tuple[str, Callable[[float], bool], Callable[[ModelConfig], dict[str, float]]], ...] = (
    ("at least 1", lambda x: x >= 1, _sizes),
    ("at least 0", lambda x: x >= 0, lambda m: {"decoder.attention.heads": m.decoder.attention.heads}),
    ("above 0 and at most 1", lambda x: 0 < x <= 1, _keeps),
    ("at least 0", lambda x: 0 <= x < math.inf, lambda m: {"decoder.sigma_min": m.decoder.sigma_min}),
    ("above 0", lambda x: 0 < x < math.inf, lambda m: {"decoder.sigma_alpha": m.decoder.sigma_alpha}),
)
