"""The LSTM (Hochreiter and Schmidhuber 1997) with the weights of sketch-rnn.

Letters: ``B`` batch, ``T`` points, ``X`` width of the input, ``H`` units.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from limner.models.cells.base import FORGET_BIAS, Cell, dropped
from limner.models.initialise import glorot_uniform_, orthogonal_gates_
from limner.models.state import State


class LSTM(Cell):
    """A long short-term memory cell.

    Parameters
    ----------
    input_size : int
        X
    size : int
        H
    recurrent_keep : float
        As in :class:`Cell`. Without dropout a sequence runs through torch's own kernel.
    """

    def __init__(self, input_size: int, size: int, recurrent_keep: float = 1.0) -> None:
        super().__init__(size, recurrent_keep)
        self.w_xh = nn.Parameter(glorot_uniform_(torch.empty(input_size, 4 * size)))
        self.w_hh = nn.Parameter(orthogonal_gates_(torch.empty(size, 4 * size)))
        self.bias = nn.Parameter(torch.zeros(4 * size))

    @property
    def layout(self) -> dict[str, int]:
        """The state: c, then h."""
        return {"c": self.size, "h": self.size}

    def step(self, x: Tensor, state: State, mask: Tensor | None = None) -> State:
        """Take one point and give the state after it; see :meth:`Cell.step`."""
        gates = torch.addmm(torch.addmm(self.bias, x, self.w_xh), state["h"], self.w_hh)  # (B, 4 H)
        i, j, f, o = gates.chunk(4, dim=-1)  # (B, H)
        c = state["c"] * torch.sigmoid(f + FORGET_BIAS) + torch.sigmoid(i) * dropped(torch.tanh(j), mask)
        return {"c": c, "h": torch.tanh(c) * torch.sigmoid(o)}

    def forward(self, x: Tensor, state: State | None = None, masks: Tensor | None = None) -> Tensor:
        """Run over a sequence; see :meth:`Cell.forward`."""
        if masks is not None or (self.training and self.recurrent_keep < 1):
            return super().forward(x, state, masks)
        first = self.zero_state(len(x)) if state is None else state
        begin = [first["h"][None], first["c"][None]]
        out, _, _ = torch.lstm(
            x.transpose(0, 1), begin, self._torch_weights(), True, 1, 0.0, self.training, False, False
        )
        return out.transpose(0, 1)

    def _torch_weights(self) -> list[Tensor]:
        """Order the gates as torch does (i, f, j, o), transpose, and fold the forget bias in."""
        i, j, f, o = self.bias.chunk(4)
        bias = torch.cat([i, f + FORGET_BIAS, j, o])
        return [_reordered(self.w_xh), _reordered(self.w_hh), bias, torch.zeros_like(bias)]


def _reordered(weight: Tensor) -> Tensor:
    i, j, f, o = weight.chunk(4, dim=1)
    return torch.cat([i, f, j, o], dim=1).t().contiguous()  # (4 H, X or H)
