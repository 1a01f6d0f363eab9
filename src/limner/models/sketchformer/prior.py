"""Where the embeddings of a corpus lie, so that new ones can be drawn there.

An autoencoder without a prior leaves its embeddings wherever it pleases. Their mean and covariance are kept
while it trains, and sampling draws from the normal distribution that has them (as Ghosh et al. 2020 do,
"From variational to deterministic autoencoders", section 4).

Letters: ``B`` batch, ``Z`` latent.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

KEPT = 0.995
"""Share of the past that a step keeps."""


class Prior(nn.Module):
    """A normal distribution that follows the embeddings of training; standard before the first.

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
        self.register_buffer("count", torch.zeros(()))  # what the sums below add up, in batches
        self.register_buffer("mean", torch.zeros(size))
        self.register_buffer("square", torch.zeros(size, size))

    @torch.no_grad()
    def follow(self, z: Tensor) -> None:
        """See the embeddings of a batch, ``(B, Z)``."""
        with torch.autocast(z.device.type, enabled=False):  # in bfloat16 a covariance would be none
            z = z.float()
            self.count.mul_(KEPT).add_(1 - KEPT)
            self.mean.lerp_(z.mean(0), 1 - KEPT)
            self.square.lerp_(z.T @ z / len(z), 1 - KEPT)

    def forward(self, noise: Tensor) -> Tensor:
        """Turn standard normal numbers ``(B, Z)`` into embeddings."""
        if not self.count:
            return noise
        mean = (self.mean / self.count).double()
        covariance = (self.square / self.count).double() - torch.outer(mean, mean)
        variances, axes = torch.linalg.eigh(covariance)
        drawn: Tensor = mean + noise.double() * variances.clamp(min=0).sqrt() @ axes.T
        return drawn.to(noise.dtype)
