"""The distribution of the embeddings of a corpus, so that new ones can be sampled from it.

An autoencoder without a prior may place its embeddings anywhere. Their mean and covariance are estimated
while it trains, and sampling draws from the normal distribution that has them (as Ghosh et al. 2020 do,
"From variational to deterministic autoencoders", section 4).

Letters: ``B`` batch, ``Z`` latent.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

DECAY = 0.995
"""Decay of the moving averages at each step."""


class EmbeddingPrior(nn.Module):
    """A normal distribution fitted to the embeddings of training by moving averages; standard before that.

    Parameters
    ----------
    size : int
        Z
    """

    count: Tensor
    mean: Tensor
    square: Tensor

    def __init__(self, size: int) -> None:
        super().__init__()
        self.register_buffer("count", torch.zeros(()))  # total weight of the averages below
        self.register_buffer("mean", torch.zeros(size))
        self.register_buffer("square", torch.zeros(size, size))

    @torch.no_grad()
    def update(self, z: Tensor) -> None:
        """Average in the embeddings of a batch, ``(B, Z)``."""
        with torch.autocast(z.device.type, enabled=False):  # bfloat16 is too coarse for a covariance
            z = z.float()
            self.count.mul_(DECAY).add_(1 - DECAY)
            self.mean.lerp_(z.mean(0), 1 - DECAY)
            self.square.lerp_(z.T @ z / len(z), 1 - DECAY)

    def forward(self, noise: Tensor) -> Tensor:
        """Map standard normal noise ``(B, Z)`` to embeddings, ``(B, Z)``."""
        if not self.count:
            return noise
        mean = (self.mean / self.count).double()
        covariance = (self.square / self.count).double() - torch.outer(mean, mean)
        variances, axes = torch.linalg.eigh(covariance)
        embeddings: Tensor = mean + noise.double() * variances.clamp(min=0).sqrt() @ axes.T
        return embeddings.to(noise.dtype)
