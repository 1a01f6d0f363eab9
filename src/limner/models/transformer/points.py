"""Points as a transformer reads them: features, embedded, with their positions.

Letters: ``B`` batch, ``T`` points, ``C`` width.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from limner.models.attention import Positions
from limner.models.config import TransformerConfig
from limner.models.coordinates import feature_count
from limner.models.positions import sinusoids
from limner.models.transformer.block import LayerShape


class PointEmbedding(nn.Module):
    """From features of points, or tokens, to the width of a stack, with an encoding of their positions.

    Parameters
    ----------
    config : TransformerConfig
    embed : nn.Module, optional
        Maps what represents points, ``(B, T, ...)``, to ``(B, T, C)``; unless given, a linear layer on
        :func:`limner.models.coordinates.point_features`.
    """

    def __init__(self, config: TransformerConfig, embed: nn.Module | None = None) -> None:
        super().__init__()
        self.config = config
        self.embed = embed or nn.Linear(feature_count(config.coordinates), config.width)
        self.learned = nn.Embedding(config.longest, config.width) if config.positions == "learned" else None

    def forward(self, points: Tensor, first: int = 0) -> Tensor:
        """Embed ``(B, T, ...)``, the first of them at a position, as ``(B, T, C)``.

        Raises
        ------
        ValueError
            If learned positions do not reach so far.
        """
        x: Tensor = self.embed(points)
        last = first + points.shape[1]
        if self.config.positions == "sinusoidal":
            return x + sinusoids(first, points.shape[1], x.shape[2], x)
        if self.learned is None:
            return x
        if last > self.config.longest:
            raise ValueError(f"positions are learned for {self.config.longest} points, and there are {last}")
        positions: Tensor = self.learned(torch.arange(first, last, device=x.device))  # (T, C)
        return x + positions


def layer_shape(config: TransformerConfig, *, cross_attends: bool = False) -> LayerShape:
    """Return the shape of the layers that some settings ask for."""
    positions: Positions = "rotary" if config.positions == "rotary" else "none"
    return LayerShape(
        config.width,
        config.heads,
        config.feedforward,
        config.dropout,
        config.norm,
        positions,
        cross_attends,
    )


def describe_layers(config: TransformerConfig) -> dict[str, str]:
    """Return the sizes of the layers for the card of a model."""
    return {"layers": f"{config.layers}, {config.width} wide, {config.heads} heads"}
