"""Initial weights as in sketch-rnn's graph (TensorFlow 1)."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

LATENT_STD = 0.001
"""Standard deviation of the weights to and from the latent, as sketch-rnn has it."""


def glorot_uniform_(weight: Tensor) -> Tensor:
    """Fill a matrix, or a vector (fan in = fan out = its length), from U(-a, a), a = sqrt(6 / (in + out))."""
    fans = weight.shape[0] + weight.shape[-1]
    limit = math.sqrt(6 / fans)
    return nn.init.uniform_(weight, -limit, limit)


def orthogonal_gates_(weight: Tensor) -> Tensor:
    """Fill a matrix of shape ``(H, 4 H)`` with four orthogonal blocks, one for each gate."""
    with torch.no_grad():
        for block in weight.chunk(4, dim=1):
            nn.init.orthogonal_(block)
    return weight


def latent_linear(n_in: int, n_out: int) -> nn.Linear:
    """Return a layer to or from the latent: weights N(0, 0.001), biases 0."""
    layer = nn.Linear(n_in, n_out)
    nn.init.normal_(layer.weight, std=LATENT_STD)
    nn.init.zeros_(layer.bias)
    return layer


def output_linear(n_in: int, n_out: int) -> nn.Linear:
    """Return an output layer: weights and, as in the original, biases Glorot uniform."""
    layer = nn.Linear(n_in, n_out)
    glorot_uniform_(layer.weight)
    glorot_uniform_(layer.bias)
    return layer
