"""The memory that the decoder attends to: the embedding of a drawing, projected to a number of slots.

Sketchformer (Ribeiro et al. 2020) repeats the embedding as often as the longest sequence is long, with one
weight for all features of a slot. Here a few slots have weights of their own, which says more with less, and
nothing depends on the length of the padding.

Letters: ``B`` batch, ``K`` slots, ``Z`` latent, ``C`` width.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from limner.models.attention import Memory
from limner.models.config import ModelConfig

POINTS_PER_SLOT = 8
"""Points of a drawing for each slot that an open mask shows."""
MASKED = -1e4
"""Added to the attention logits of a masked slot; finite, so that gradients are."""
LENGTH_UNIT = 50
"""Points of a drawing whose length is encoded as 0: about a usual drawing, so that this number of z is of the
size of the others."""


class MemoryProjection(nn.Module):
    """From z and class to the slots that the decoder attends to.

    Parameters
    ----------
    config : ModelConfig
        Of a conditional network, or of one that is conditioned on classes.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        own = config.sketchformer
        self.slots = own.memory if config.conditional else 0
        self.open = own.mask == "open"
        self.project = nn.Linear(config.latent_size, self.slots * own.width) if self.slots else None
        self.classes = nn.Embedding(config.classes, own.width) if config.classes else None

    def forward(self, z: Tensor | None, labels: Tensor | None) -> Memory:
        """Project z ``(B, Z)`` to its slots; the embedding of the class ``(B,)`` has one behind them."""
        parts, masks = [], []
        if self.project is not None and z is not None:
            parts.append(torch.unflatten(self.project(z), 1, (self.slots, -1)))
            masks.append(self._mask(z))
        if self.classes is not None and labels is not None:
            parts.append(self.classes(labels).unsqueeze(1))
            masks.append(torch.zeros_like(parts[-1][..., 0]))
        return Memory(torch.cat(parts, dim=1), torch.cat(masks, dim=1))

    def _mask(self, z: Tensor) -> Tensor:
        slot = torch.arange(self.slots, device=z.device)
        shown = decode_length(z) / POINTS_PER_SLOT if self.open else torch.full_like(z[:, 0], self.slots)
        return MASKED * ((slot > 0) & (slot >= shown.unsqueeze(1))).to(z.dtype)  # (B, K)


def encode_length(lengths: Tensor) -> Tensor:
    """Return the last number of z, ``(B, 1)``, which encodes how many points a drawing has, ``(B,)``."""
    return (lengths.clamp(min=1).float() / LENGTH_UNIT).log().unsqueeze(1)


def decode_length(z: Tensor) -> Tensor:
    """Return the number of points, ``(B,)``, that the last number of z ``(B, Z)`` encodes."""
    return LENGTH_UNIT * z[:, -1].float().clamp(-10, 10).exp()
