"""The latent of a conditional network.

Letters: ``B`` batch, ``Z`` latent.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor


class Latent(NamedTuple):
    """A normal distribution of z for each drawing, or z itself."""

    mu: Tensor  # (B, Z)
    presig: Tensor | None  # (B, Z), the log variance; None where z = mu is certain

    def sample(self, noise: Tensor) -> Tensor:
        """Return z = mu + exp(presig / 2) * noise, ``(B, Z)`` (Ha and Eck 2017, equation 2)."""
        return self.mu if self.presig is None else self.mu + (self.presig / 2).exp() * noise

    def kl_of_numbers(self) -> Tensor:
        """Return the KL divergence of every number of z from N(0, 1), ``(B, Z)``, in nats (equation 10).

        0 where z is certain: such a network has no prior that it could depart from.
        """
        if self.presig is None:
            return torch.zeros_like(self.mu)
        return -0.5 * (1 + self.presig - self.mu.square() - self.presig.exp())

    def kl(self) -> Tensor:
        """Return :meth:`kl_of_numbers`, averaged over Z, for each drawing ``(B,)``."""
        return self.kl_of_numbers().mean(-1)
