"""The encoder of a Sketchformer: from a drawing to one vector.

Letters: ``B`` batch, ``T`` points, ``C`` width, ``Z`` latent.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import layer_norm

from limner.models.attention import AttentivePooling
from limner.models.config import ModelConfig
from limner.models.initializers import latent_linear
from limner.models.latent import Latent
from limner.models.sketchformer.memory import encode_length
from limner.models.transformer.block import Stack
from limner.models.transformer.points import PointEmbedding, layer_shape


class SketchformerEncoder(nn.Module):
    """A transformer over whole drawings, pooled by attention to an embedding.

    The embedding of a network that is not variational has mean 0 and variance 1 over its numbers, so that
    all drawings lie on one sphere, as standard normal vectors almost do; arcs between two of them stay there.

    Parameters
    ----------
    config : ModelConfig
    embed : nn.Module, optional
        See :class:`PointEmbedding`.
    """

    def __init__(self, config: ModelConfig, embed: nn.Module | None = None) -> None:
        super().__init__()
        own = config.sketchformer
        self.open = own.mask == "open"
        size = config.latent_size - self.open
        self.points = PointEmbedding(own, embed)
        self.stack = Stack(layer_shape(own), own.layers)
        self.pooling = AttentivePooling(own.width)
        self.mu = latent_linear(own.width, size) if own.variational else nn.Linear(own.width, size)
        self.presig = latent_linear(own.width, size) if own.variational else None

    def forward(self, points: Tensor, lengths: Tensor) -> Latent:
        """Encode what represents the points of drawings, ``(B, T, ...)``, of ``lengths`` points, ``(B,)``."""
        real = lengths.clamp(min=1)  # of a drawing without points its end row is read
        h = self.pooling(self.stack(self.points(points), real), real)  # (B, C)
        mu = self.mu(h).float()
        if self.presig is None:
            return Latent(self._with_length(layer_norm(mu, mu.shape[1:]), lengths), None)
        presig = self.presig(h).float()
        certain = presig.new_full((len(presig), int(self.open)), 0.0)
        return Latent(self._with_length(mu, lengths), torch.cat([presig, certain], dim=1))

    def _with_length(self, mu: Tensor, lengths: Tensor) -> Tensor:
        return torch.cat([mu, encode_length(lengths).to(mu)], dim=1) if self.open else mu
