"""``Transformer``: a decoder-only transformer, and, with an encoder before it, a variational autoencoder.

z and class, where there are any, stand before the first point, each at a position of its own: the prefix.

Letters: ``B`` batch, ``T`` points, ``C`` width, ``Z`` latent.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from limner.models.attention import AttentivePooling
from limner.models.batch import Batch
from limner.models.config import ModelConfig, TransformerConfig
from limner.models.coordinates import absolute_positions, point_features
from limner.models.head import Head
from limner.models.initializers import latent_linear
from limner.models.latent import Latent
from limner.models.mixture import Mixture
from limner.models.protocol import Conditioning, Prediction, SketchModel
from limner.models.state import State
from limner.models.transformer.block import Stack
from limner.models.transformer.points import (
    PointEmbedding,
    describe_layers,
    layer_shape,
)


class TransformerEncoder(nn.Module):
    """A transformer over whole drawings, pooled by attention to the parameters of a latent.

    Parameters
    ----------
    config : TransformerConfig
    latent_size : int
        Z
    """

    def __init__(self, config: TransformerConfig, latent_size: int) -> None:
        super().__init__()
        self.points = PointEmbedding(config)
        self.stack = Stack(layer_shape(config), config.layers)
        self.pooling = AttentivePooling(config.width)
        self.mu = latent_linear(config.width, latent_size)
        self.presig = latent_linear(config.width, latent_size)

    def forward(self, points: Tensor, lengths: Tensor) -> Latent:
        """Encode features ``(B, T, ...)`` of drawings of ``lengths`` real points, ``(B,)``."""
        lengths = lengths.clamp(min=1)  # of a drawing without points its end row is read
        h = self.pooling(self.stack(self.points(points), lengths), lengths)  # (B, C)
        return Latent(self.mu(h), self.presig(h))


class Transformer(SketchModel):
    """The network of ``kind = transformer``.

    Parameters
    ----------
    config : ModelConfig
        With ``conditional`` unset there is no encoder and no z.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        own = config.transformer
        self.points = PointEmbedding(own)
        self.stack = Stack(layer_shape(own), own.layers)
        self.head = Head.of(own)
        self.output = nn.Linear(own.width, self.head.width)
        latent_size = config.latent_size if config.conditional else 0
        self.encoder = TransformerEncoder(own, latent_size) if latent_size else None
        self.z_to_prefix = nn.Linear(latent_size, own.width) if latent_size else None
        self.classes = nn.Embedding(config.classes, own.width) if config.classes else None
        self.prefix_length = (self.z_to_prefix is not None) + (self.classes is not None)

    @classmethod
    def max_rows(cls, config: ModelConfig) -> int | None:
        """Return how many rows learned positions reach; see :meth:`SketchModel.max_rows`."""
        return config.transformer.longest if config.transformer.positions == "learned" else None

    @classmethod
    def summary(cls, config: ModelConfig) -> dict[str, str]:
        """Return the sizes of the layers; see :meth:`SketchModel.summary`."""
        return describe_layers(config.transformer)

    def encode(self, batch: Batch) -> Latent:
        """Return the distribution of z for each drawing; see :meth:`SketchModel.encode`."""
        if self.encoder is None:
            raise ValueError("This model is a decoder alone and cannot encode drawings.")
        latent: Latent = self.encoder(self._features(batch.targets), batch.lengths)
        return latent

    def forward(self, batch: Batch, noise: Tensor | None = None) -> Prediction:
        """Predict every row of a batch from the rows before it (teacher forcing)."""
        latent, conditioning = self.conditioning_of(batch, noise)
        prefix = [part.unsqueeze(1) for part in self._prefix(conditioning)]
        x = torch.cat([*prefix, self.points(self._features(batch.inputs))], dim=1)  # (B, prefix + T, C)
        return Prediction(self.head(self.output(self.stack(x)[:, self.prefix_length :])), latent)

    def begin(self, batch_size: int = 1, z: Tensor | None = None, labels: Tensor | None = None) -> State:
        """Return the state before the first point; see :meth:`SketchModel.begin`."""
        size, conditioning = self.conditioning_for(batch_size, z, labels)
        state = self.stack.begin(size)
        for part in self._prefix(conditioning):
            _, state = self.stack.step(part, state)
        return {**state, "at": self.output.weight.new_zeros(size, 2)}

    def step(self, point: Tensor, state: State) -> tuple[Mixture, State]:
        """Take one point; see :meth:`SketchModel.step`."""
        at = state["at"] + point[:, :2]  # (B, 2)
        features = point_features(point, at, self.config.transformer.coordinates)
        position = state["keys_0"].shape[2] - self.prefix_length
        h, after = self.stack.step(self.points(features.unsqueeze(1), position).squeeze(1), state)
        return self.head(self.output(h)), {**after, "at": at}

    def _features(self, rows: Tensor) -> Tensor:
        return point_features(rows, absolute_positions(rows), self.config.transformer.coordinates)

    def _prefix(self, conditioning: Conditioning) -> list[Tensor]:
        """Return what stands before the first point, each ``(B, C)``: z, then the class."""
        z = conditioning.z
        parts = [] if z is None or self.z_to_prefix is None else [self.z_to_prefix(z)]
        return parts if self.classes is None else [*parts, self.classes(conditioning.labels)]
