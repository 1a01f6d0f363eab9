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
NormName = Literal["pre", "post"]
PositionsName = Literal["sinusoidal", "learned", "rotary"]
CoordinatesName = Literal["offsets", "absolute"]
Kind = Literal["sketch_rnn", "transformer"]


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
class HeadConfig:
    """The last layer: where the pen goes next, and whether it lifts."""

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
class DecoderConfig(HeadConfig):
    """The recurrent decoder, which draws."""

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


@dataclass(frozen=True)
class TransformerConfig(HeadConfig):
    """The transformer; a conditional one has an encoder of the same shape."""

    layers: int = 4
    """Layers."""
    width: int = 128
    """Numbers that stand for a point between the layers."""
    heads: int = 8
    """Heads of attention; they share the width evenly."""
    feedforward: int = 512
    """Units inside the network at every point."""
    dropout: float = 0.1
    """Probability that a number is dropped in training."""
    norm: NormName = "pre"
    """Whether layers are normalised on their way in (pre) or out (post)."""
    positions: PositionsName = "sinusoidal"
    """How the network knows where in the drawing a point stands."""
    coordinates: CoordinatesName = "offsets"
    """What the network reads of a point: its offset, or where it lies."""
    longest: int = 1000
    """Points that learned positions reach."""


@dataclass(frozen=True)
class ModelConfig:
    """A network."""

    kind: Kind = "sketch_rnn"
    """Architecture."""
    conditional: bool = True
    """True: a variational autoencoder, which can encode drawings. False: the decoder alone."""
    latent_size: int = 128
    """Width of the latent vector z; of use in a conditional model only."""
    classes: int = 0
    """Classes of drawings that the network is told apart; 0: it is told none."""
    class_size: int = 16
    """Numbers that stand for a class."""
    encoder: EncoderConfig = field(default_factory=EncoderConfig)
    """The encoder of a conditional sketch_rnn."""
    decoder: DecoderConfig = field(default_factory=DecoderConfig)
    """The decoder of sketch_rnn."""
    transformer: TransformerConfig = field(default_factory=TransformerConfig)
    """The network of kind transformer."""

    def __post_init__(self) -> None:
        for wanted, holds, values in _RULES:
            for name, value in values(self).items():
                if not holds(value):
                    raise ValueError(f"model.{name} must be {wanted}, not {value}.")
        own = self.transformer
        if own.width % (2 * own.heads if own.positions == "rotary" else own.heads):
            even = ", each of an even width" if own.positions == "rotary" else ""
            raise ValueError(
                f"model.transformer.heads ({own.heads}) must share model.transformer.width ({own.width}) "
                f"evenly{even}."
            )


def _named(config: object, where: str, *names: str) -> dict[str, float]:
    """Give settings by their full names."""
    return {f"{where}.{name}" if where else name: getattr(config, name) for name in names}


def _sizes(model: ModelConfig) -> dict[str, float]:
    own = ("layers", "width", "heads", "feedforward", "longest", "components")
    return {
        **_named(model, "", "latent_size", "class_size"),
        **_named(model.encoder, "encoder", "size"),
        **_named(model.decoder, "decoder", "size", "components"),
        **_named(model.decoder.attention, "decoder.attention", "width"),
        **_named(model.transformer, "transformer", *own),
    }


def _keeps(model: ModelConfig) -> dict[str, float]:
    keeps = ("recurrent_keep", "input_keep", "output_keep")
    return {
        **_named(model.encoder, "encoder", "recurrent_keep"),
        **_named(model.decoder, "decoder", *keeps),
    }


def _heads(model: ModelConfig, name: str) -> dict[str, float]:
    return _named(model.decoder, "decoder", name) | _named(model.transformer, "transformer", name)


_RULES: tuple[tuple[str, Callable[[float], bool], Callable[[ModelConfig], dict[str, float]]], ...] = (
    ("at least 1", lambda x: x >= 1, _sizes),
    ("at least 0", lambda x: x >= 0, lambda m: _named(m.decoder.attention, "decoder.attention", "heads")),
    ("at least 0", lambda x: x >= 0, lambda m: _named(m, "", "classes")),
    ("above 0 and at most 1", lambda x: 0 < x <= 1, _keeps),
    ("from 0 to below 1", lambda x: 0 <= x < 1, lambda m: _named(m.transformer, "transformer", "dropout")),
    ("at least 0", lambda x: 0 <= x < math.inf, lambda m: _heads(m, "sigma_min")),
    ("above 0", lambda x: 0 < x < math.inf, lambda m: _heads(m, "sigma_alpha")),
)
