"""``LSTM``: the cell of Hochreiter and Schmidhuber (1997) with the weights of sketch-rnn.

Letters: ``B`` batch, ``T`` points, ``X`` width of the input, ``E`` of the constant input, ``H`` units.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from limner.models.cells.base import FORGET_BIAS, Cell
from limner.models.engine.lstm import lstm_sequence
from limner.models.initializers import glorot_uniform_, orthogonal_gates_
from limner.models.state import State


class LSTM(Cell):
    """A long short-term memory cell.

    Parameters
    ----------
    input_size : int
        X + E
    size : int
        H
    recurrent_keep : float
        As in :class:`Cell`. Without dropout a sequence can run in torch's own kernels, too.
    """

    has_engine = True

    def __init__(self, input_size: int, size: int, recurrent_keep: float = 1.0) -> None:
        super().__init__(size, recurrent_keep)
        self.w_xh = nn.Parameter(glorot_uniform_(torch.empty(input_size, 4 * size)))
        self.w_hh = nn.Parameter(orthogonal_gates_(torch.empty(size, 4 * size)))
        self.bias = nn.Parameter(torch.zeros(4 * size))

    @property
    def layout(self) -> dict[str, int]:
        """The state: c, then h."""
        return {"c": self.size, "h": self.size}

    def step(self, x: Tensor, state: State, keep: Tensor | None = None) -> State:
        """Take one point and return the state after it; see :meth:`Cell.step`."""
        gates = torch.addmm(torch.addmm(self.bias, x, self.w_xh), state["h"], self.w_hh)  # (B, 4 H)
        i, j, f, o = gates.chunk(4, dim=-1)  # (B, H)
        c = state["c"] * torch.sigmoid(f + FORGET_BIAS) + torch.sigmoid(i) * self.drop(torch.tanh(j), keep)
        return {"c": c, "h": torch.tanh(c) * torch.sigmoid(o)}

    def run_engine(
        self, x: Tensor, extra: Tensor | None, state: State, lengths: Tensor, keep: Tensor | None
    ) -> Tensor:
        """Run over a sequence in the engine; see :meth:`Cell.run_engine`."""
        width = x.shape[2]
        constant = self.bias.expand(x.shape[1], -1)  # (B, 4 H)
        if extra is not None:
            constant = torch.addmm(self.bias, extra, self.w_xh[width:])
        return lstm_sequence(
            x, constant, self.w_xh[:width], self.w_hh, state["h"], state["c"], lengths,
            keep=keep, keep_probability=self.recurrent_keep,
        )  # fmt: skip

    def torch_supports(self, keep: Tensor | None) -> bool:
        """Return True without recurrent dropout, which torch lacks; see :meth:`Cell.torch_supports`."""
        return keep is None

    def run_torch(self, x: Tensor, state: State) -> Tensor:
        """Run over a sequence in torch's kernels; see :meth:`Cell.run_torch`."""
        begin = [state["h"][None], state["c"][None]]
        weights = self._torch_weights()
        out, _, _ = torch.lstm(x.transpose(0, 1), begin, weights, True, 1, 0.0, self.training, False, False)
        return out.transpose(0, 1)

    def _torch_weights(self) -> list[Tensor]:
        """Return the weights as torch lays them out: gates i, f, j, o, transposed, the forget bias added."""
        i, j, f, o = self.bias.chunk(4)
        bias = torch.cat([i, f + FORGET_BIAS, j, o])
        return [_to_torch_gates(self.w_xh), _to_torch_gates(self.w_hh), bias, torch.zeros_like(bias)]


def _to_torch_gates(weight: Tensor) -> Tensor:
    i, j, f, o = weight.chunk(4, dim=1)
    return torch.cat([i, f, j, o], dim=1).t().contiguous()  # (4 H, X + E or H)
