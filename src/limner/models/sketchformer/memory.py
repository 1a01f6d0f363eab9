"""What the decoder looks at: the embedding, spread over a number of places.

Sketchformer (Ribeiro et al. 2020) spreads it over as many places as the longest sequence has, one weight a
place for all features alike. Here a few places have weights of their own, which says more with less, and
nothing depends on the length of the padding.

Letters: ``B`` batch, ``K`` places, ``Z`` latent, ``C`` width.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from limner.models.attention import Memory
from limner.models.config import ModelConfig

POINTS_A_PLACE = 8
"""Points of a drawing for which the decoder sees one place more, where its mask is open."""
HIDDEN = -1e4
"""Added to the attention that a hidden place gets."""


class MemoryProjection(nn.Module):
    """From z and class to the places that the decoder looks at.

    Parameters
    ----------
    config : ModelConfig
        Of a conditional network, or of one that is told classes.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        own = config.sketchformer
        self.places = own.memory if config.conditional else 0
        self.open = own.mask == "open"
        self.spread = nn.Linear(config.latent_size, self.places * own.width) if self.places else None
        self.classes = nn.Embedding(config.classes, own.width) if config.classes else None

    def forward(self, z: Tensor | None, labels: Tensor | None) -> Memory:
        """Spread z ``(B, Z)`` over its places; the class ``(B,)`` has one behind them."""
        parts, hidden = [], []
        if self.spread is not None and z is not None:
            parts.append(torch.unflatten(self.spread(z), 1, (self.places, -1)))
            hidden.append(self._hidden(z))
        if self.classes is not None and labels is not None:
            parts.append(self.classes(labels).unsqueeze(1))
            hidden.append(torch.zeros_like(parts[-1][..., 0]))
        return Memory(torch.cat(parts, dim=1), torch.cat(hidden, dim=1))

    def _hidden(self, z: Tensor) -> Tensor:
        place = torch.arange(self.places, device=z.device)
        seen = points_in(z) / POINTS_A_PLACE if self.open else torch.full_like(z[:, 0], self.places)  # (B,)
        return HIDDEN * ((place > 0) & (place >= seen.unsqueeze(1))).to(z.dtype)


def length_in(lengths: Tensor) -> Tensor:
    """Give the last number of z, ``(B, 1)``, that tells how many points a drawing has, ``(B,)``.

    About 0 at 50 points, so that it is no stranger among the others.
    """
    return (lengths.clamp(min=1).float() / 50).log().unsqueeze(1)


def points_in(z: Tensor) -> Tensor:
    """Read the number of points, ``(B,)``, from the last number of z ``(B, Z)``."""
    return 50 * z[:, -1].float().clamp(-10, 10).exp()
