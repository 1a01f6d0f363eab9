"""``SketchRNN``: the recurrent variational autoencoder, and the decoder alone (Ha and Eck 2017).

Letters: ``B`` batch, ``Z`` latent, ``G`` width of the context.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from limner.models.batch import Batch
from limner.models.config import ModelConfig
from limner.models.latent import Latent
from limner.models.mixture import Mixture
from limner.models.protocol import Conditioning, Prediction, SketchModel
from limner.models.recurrent_decoder import RecurrentDecoder
from limner.models.recurrent_encoder import RecurrentEncoder
from limner.models.state import State


class SketchRNN(SketchModel):
    """The network of sketch-rnn.

    Parameters
    ----------
    config : ModelConfig
        With ``conditional`` unset there is no encoder, and the decoder begins with zeros.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        self.encoder = RecurrentEncoder(config.encoder, config.latent_size) if config.conditional else None
        self.classes = nn.Embedding(config.classes, config.class_size) if config.classes else None
        context = config.conditional * config.latent_size + bool(config.classes) * config.class_size
        self.decoder = RecurrentDecoder(config.decoder, context)

    @classmethod
    def summary(cls, config: ModelConfig) -> dict[str, str]:
        """Return cells and sizes; see :meth:`SketchModel.summary`."""
        parts = {"decoder": f"{config.decoder.cell}, {config.decoder.size} units"}
        if config.conditional:
            parts["encoder"] = f"{config.encoder.cell}, {config.encoder.size} units"
        return parts

    def encode(self, batch: Batch) -> Latent:
        """Return the distribution of z for each drawing; see :meth:`SketchModel.encode`."""
        if self.encoder is None:
            raise ValueError("This model is a decoder alone and cannot encode drawings.")
        latent: Latent = self.encoder(batch.targets, batch.lengths)
        return latent

    def forward(self, batch: Batch, noise: Tensor | None = None) -> Prediction:
        """Predict every row of a batch from the rows before it (teacher forcing)."""
        latent, conditioning = self.conditioning_of(batch, noise)
        context = self._context(conditioning)
        return Prediction(self.decoder(batch.inputs, context, batch.rows_to_predict), latent)

    def begin(self, batch_size: int = 1, z: Tensor | None = None, labels: Tensor | None = None) -> State:
        """Return the state before the first point; see :meth:`SketchModel.begin`."""
        size, conditioning = self.conditioning_for(batch_size, z, labels)
        return self.decoder.begin(size, self._context(conditioning))

    def step(self, point: Tensor, state: State) -> tuple[Mixture, State]:
        """Take one point; see :meth:`SketchModel.step`."""
        return self.decoder.step(point, state)

    def _context(self, conditioning: Conditioning) -> Tensor | None:
        """Concatenate z and the embedding of the class, ``(B, G)``, as far as there are any."""
        parts = [] if conditioning.z is None else [conditioning.z]
        if self.classes is not None:
            parts.append(self.classes(conditioning.labels))
        return torch.cat(parts, dim=-1) if parts else None
