"""``GroupedNorm``: layer normalization as in sketch-rnn (Ba, Kiros and Hinton 2016, with an epsilon of 1e-3).

Letters: ``G`` groups, ``H`` units.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import layer_norm

EPSILON = 1e-3
"""Added to the variance, as in sketch-rnn."""


class GroupedNorm(nn.Module):
    """Normalize ``G`` groups of ``H`` units, each to mean 0 and variance 1, then scale and shift every unit.

    Parameters
    ----------
    groups : int
        G
    size : int
        H
    learnable : bool
        Whether scale and shift learn; else they stay 1 and 0.
    """

    gamma: Tensor
    beta: Tensor

    def __init__(self, groups: int, size: int, *, learnable: bool = True) -> None:
        super().__init__()
        self.size = size
        self.gamma = nn.Parameter(torch.ones(groups * size), requires_grad=learnable)
        self.beta = nn.Parameter(torch.zeros(groups * size), requires_grad=learnable)

    def forward(self, x: Tensor) -> Tensor:
        """Return ``(..., G H)`` normalized."""
        grouped = x.reshape(*x.shape[:-1], -1, self.size)  # (..., G, H)
        return layer_norm(grouped, (self.size,), eps=EPSILON).flatten(-2) * self.gamma + self.beta
