"""The latent of a conditional network.

Letters: ``B`` batch, ``Z`` latent.
"""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor


class Latent(NamedTuple):
    """A normal distribution of z for each drawing."""

    mu: Tensor  # (B, Z)
    presig: Tensor  # (B, Z), the log variance

    def sample(self, noise: Tensor) -> Tensor:
        """Draw z = mu + exp(presig / 2) * noise, ``(B, Z)`` (Ha and Eck 2017, equation 2)."""
        return self.mu + (self.presig / 2).exp() * noise

    def kl(self) -> Tensor:
        """Divergence from N(0, 1), averaged over Z, for each drawing ``(B,)`` (equation 10)."""
        return -0.5 * (1 + self.presig - self.mu.square() - self.presig.exp()).mean(-1)
