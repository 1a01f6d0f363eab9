"""Reading a drawing into one vector.

Letters: ``B`` batch, ``T`` points, ``C`` width, ``Z`` latent.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import layer_norm

from limner.models.attention import AttentivePooling
from limner.models.config import ModelConfig
from limner.models.initialise import latent_linear
from limner.models.latent import Latent
from limner.models.sketchformer.memory import length_in
from limner.models.transformer.block import Stack
from limner.models.transformer.model import Points, stack_shape


class Encoder(nn.Module):
    """A transformer that sees whole drawings, pooled by attention to an embedding.

    The embedding of a network that is not variational has mean 0 and variance 1 over its numbers, so that
    all drawings lie on one sphere, as standard normal numbers almost do; arcs between two of them stay there.

    Parameters
    ----------
    config : ModelConfig
    embed : nn.Module, optional
        See :class:`Points`.
    """

    def __init__(self, config: ModelConfig, embed: nn.Module | None = None) -> None:
        super().__init__()
        own = config.sketchformer
        self.open = own.mask == "open"
        size = config.latent_size - self.open
        self.points = Points(own, embed)
        self.stack = Stack(stack_shape(own), own.layers)
        self.pooling = AttentivePooling(own.width)
        self.mu = latent_linear(own.width, size) if own.variational else nn.Linear(own.width, size)
        self.presig = latent_linear(own.width, size) if own.variational else None

    def forward(self, points: Tensor, lengths: Tensor) -> Latent:
        """Encode what stands for the points of drawings, ``(B, T, ...)``, of ``lengths`` points, ``(B,)``."""
        real = lengths.clamp(min=1)  # of a drawing without points its end row is read
        h = self.pooling(self.stack(self.points(points), real), real)  # (B, C)
        mu = self.mu(h).float()
        if self.presig is None:
            return Latent(self._with_length(layer_norm(mu, mu.shape[1:]), lengths), None)
        presig = self.presig(h).float()
        none = presig.new_full((len(presig), int(self.open)), 0.0)
        return Latent(self._with_length(mu, lengths), torch.cat([presig, none], dim=1))

    def _with_length(self, mu: Tensor, lengths: Tensor) -> Tensor:
        return torch.cat([mu, length_in(lengths).to(mu)], dim=1) if self.open else mu
