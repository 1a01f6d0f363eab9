"""What a network is made of: frozen dataclasses that stand in the weights file and on the command line.

No torch here, so that ``--help`` stays quick. The defaults are those of sketch-rnn (2017).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

CellName = Literal["lstm", "layer_norm", "hyper"]
Kind = Literal["sketch_rnn"]


@dataclass(frozen=True)
class EncoderConfig:
    """The bidirectional encoder of a conditional model."""

    cell: CellName = "lstm"
    """Recurrent cell."""
    size: int = 256
    """Units of the cell, for each of the two directions."""
    recurrent_keep: float = 1.0
    """Probability that a unit of the candidate is kept in training; 1: no recurrent dropout."""


@dataclass(frozen=True)
class DecoderConfig:
    """The decoder, which draws."""

    cell: CellName = "lstm"
    """Recurrent cell."""
    size: int = 512
    """Units of the cell."""
    recurrent_keep: float = 1.0
    """Probability that a unit of the candidate is kept in training; 1: no recurrent dropout."""
    components: int = 20
    """Components of the mixture that says where the pen goes next."""


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
        sizes = {
            "latent_size": self.latent_size,
            "encoder.size": self.encoder.size,
            "decoder.size": self.decoder.size,
            "decoder.components": self.decoder.components,
        }
        for name, size in sizes.items():
            if size < 1:
                raise ValueError(f"model.{name} must be at least 1, not {size}.")
        for name, part in (("encoder", self.encoder), ("decoder", self.decoder)):
            if not 0 < part.recurrent_keep <= 1:
                keep = part.recurrent_keep
                raise ValueError(f"model.{name}.recurrent_keep must be above 0 and at most 1, not {keep}.")
