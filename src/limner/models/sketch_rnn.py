"""SketchRNN: the recurrent variational autoencoder, and the decoder alone (Ha and Eck 2017).

Letters: ``B`` batch, ``T`` points, ``Z`` latent.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from limner.models.batch import Batch
from limner.models.config import ModelConfig
from limner.models.decoder import Decoder
from limner.models.encoder import Encoder
from limner.models.latent import Latent
from limner.models.mixture import Mixture
from limner.models.protocol import Prediction, SketchModel
from limner.models.state import State


class SketchRNN(SketchModel):
    """The network of sketch-rnn.

    Parameters
    ----------
    config : ModelConfig
        With ``conditional`` unset there is no encoder, and the decoder begins with zeros.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = Encoder(config.encoder, config.latent_size) if config.conditional else None
        self.classes = nn.Embedding(config.classes, config.class_size) if config.classes else None
        given = config.conditional * config.latent_size + bool(config.classes) * config.class_size
        self.decoder = Decoder(config.decoder, given)

    def encode(self, batch: Batch) -> Latent:
        """Give the distribution of z for each drawing.

        Raises
        ------
        ValueError
            If the network is a decoder alone.
        """
        if self.encoder is None:
            raise ValueError("This model is a decoder alone and cannot encode drawings.")
        latent: Latent = self.encoder(batch.targets, batch.lengths)
        return latent

    def forward(self, batch: Batch, noise: Tensor | None = None) -> Prediction:
        """Predict every row of a batch from the rows before it (teacher forcing)."""
        latent, z, labels = self.given_in(batch, noise)
        given = self._given(z, labels)
        return Prediction(self.decoder(batch.inputs, given, batch.rows_to_predict), latent)

    def begin(self, batch_size: int = 1, z: Tensor | None = None, labels: Tensor | None = None) -> State:
        """Give the state before the first point; z is zeros unless given, and the class the first one.

        Raises
        ------
        ValueError
            If ``z`` or ``labels`` are given to a network that takes none, or are of a wrong shape.
        """
        size, z, labels = self.given_first(batch_size, z, labels)
        return self.decoder.begin(size, self._given(z, labels))

    def _given(self, z: Tensor | None, labels: Tensor | None) -> Tensor | None:
        """Join z and class, ``(B, Z + class size)``, as far as there are any."""
        parts = [] if z is None else [z]
        if self.classes is not None:
            parts.append(self.classes(labels))
        return torch.cat(parts, dim=-1) if parts else None

    def step(self, point: Tensor, state: State) -> tuple[Mixture, State]:
        """Take one point, give the mixture of the next and the new state."""
        return self.decoder.step(point, state)
