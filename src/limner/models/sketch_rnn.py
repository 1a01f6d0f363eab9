"""SketchRNN: the recurrent variational autoencoder, and the decoder alone (Ha and Eck 2017).

Letters: ``B`` batch, ``T`` points, ``Z`` latent.
"""

from __future__ import annotations

from torch import Tensor

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
        self.decoder = Decoder(config.decoder, config.latent_size if config.conditional else 0)

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
        if self.encoder is None:
            return Prediction(self.decoder(batch.inputs, None, batch.rows_to_predict), None)
        latent = self.encode(batch)
        z = latent.mu if noise is None else latent.sample(noise)  # (B, Z)
        return Prediction(self.decoder(batch.inputs, z, batch.rows_to_predict), latent)

    def begin(self, batch_size: int = 1, z: Tensor | None = None) -> State:
        """Give the state before the first point; z is zeros unless given.

        Raises
        ------
        ValueError
            If ``z`` is given to a decoder alone, or is not of shape ``(B, Z)``.
        """
        z = self.checked_z(batch_size, z)
        return self.decoder.begin(batch_size if z is None else len(z), z)

    def step(self, point: Tensor, state: State) -> tuple[Mixture, State]:
        """Take one point, give the mixture of the next and the new state."""
        return self.decoder.step(point, state)
