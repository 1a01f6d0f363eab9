"""Recurrent cells, with the weights and the gate order of sketch-rnn.

Gates stand in the order i (input), j (candidate), f (forget), o (output) along the last axis of the
weights. A forget bias of 1.0 is added at run time and is not part of the stored bias. A state is c, then h.

Letters: ``B`` batch, ``T`` points, ``X`` width of the input, ``H`` units.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from limner.models.initialise import glorot_uniform_, orthogonal_gates_

FORGET_BIAS = 1.0


class LSTM(nn.Module):
    """A long short-term memory cell, run over a whole sequence or step by step.

    Parameters
    ----------
    input_size : int
        X
    size : int
        H
    """

    def __init__(self, input_size: int, size: int) -> None:
        super().__init__()
        self.size = size
        self.w_xh = nn.Parameter(glorot_uniform_(torch.empty(input_size, 4 * size)))
        self.w_hh = nn.Parameter(orthogonal_gates_(torch.empty(size, 4 * size)))
        self.bias = nn.Parameter(torch.zeros(4 * size))

    def forward(self, x: Tensor, state: tuple[Tensor, Tensor] | None = None) -> Tensor:
        """Run over a sequence.

        Parameters
        ----------
        x : Tensor of shape ``(B, T, X)``
        state : pair of Tensors of shape ``(B, H)``, optional
            c and h before the first point; zeros unless given.

        Returns
        -------
        Tensor of shape ``(B, T, H)``
            h after every point.
        """
        c, h = state if state is not None else self.zero_state(len(x))
        weights = [*self._torch_weights(), torch.zeros_like(self.bias)]
        out, _, _ = torch.lstm(
            x.transpose(0, 1), [h[None], c[None]], weights, True, 1, 0.0, self.training, False, False
        )
        return out.transpose(0, 1)

    def step(self, x: Tensor, state: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        """Take one point ``x`` of shape ``(B, X)``; return c and h after it, each ``(B, H)``."""
        c, h = state
        gates = torch.addmm(torch.addmm(self.bias, x, self.w_xh), h, self.w_hh)  # (B, 4 H)
        i, j, f, o = gates.chunk(4, dim=-1)  # (B, H)
        c = c * torch.sigmoid(f + FORGET_BIAS) + torch.sigmoid(i) * torch.tanh(j)
        return c, torch.tanh(c) * torch.sigmoid(o)

    def zero_state(self, batch_size: int) -> tuple[Tensor, Tensor]:
        """Give c and h of zeros, each of shape ``(B, H)``."""
        zeros = self.bias.new_zeros(batch_size, self.size)
        return zeros, zeros

    def _torch_weights(self) -> tuple[Tensor, Tensor, Tensor]:
        """Order the gates as torch does (i, f, j, o), transpose, and fold the forget bias in."""
        i, j, f, o = self.bias.chunk(4)
        bias = torch.cat([i, f + FORGET_BIAS, j, o])
        return _reordered(self.w_xh), _reordered(self.w_hh), bias


def _reordered(weight: Tensor) -> Tensor:
    i, j, f, o = weight.chunk(4, dim=1)
    return torch.cat([i, f, j, o], dim=1).t().contiguous()  # (4 H, X or H)
