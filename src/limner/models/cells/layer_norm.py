"""The LSTM with layer normalisation, as in sketch-rnn.

Every gate is normalised by itself, before scale and shift take the place of a bias. c is normalised on its
way out, but remembered as it is.

Letters: ``B`` batch, ``T`` points, ``X`` width of the input, ``E`` of what stays the same, ``H`` units.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from limner.models.cells.base import FORGET_BIAS, Cell
from limner.models.cells.norm import GroupedNorm
from limner.models.engine.lstm import lstm_sequence
from limner.models.initialise import glorot_uniform_, orthogonal_gates_
from limner.models.state import State


class LayerNormLSTM(Cell):
    """A long short-term memory cell with normalised gates.

    Parameters
    ----------
    input_size : int
        X + E
    size : int
        H
    recurrent_keep : float
        As in :class:`Cell`.
    learnable : bool
        Whether gamma and beta learn; else they stay 1 and 0.
    """

    def __init__(
        self, input_size: int, size: int, recurrent_keep: float = 1.0, *, learnable: bool = True
    ) -> None:
        super().__init__(size, recurrent_keep)
        self.w_xh = nn.Parameter(glorot_uniform_(torch.empty(input_size, 4 * size)))
        self.w_hh = nn.Parameter(orthogonal_gates_(torch.empty(size, 4 * size)))
        self.norm_gates = GroupedNorm(4, size, learnable=learnable)
        self.norm_c = GroupedNorm(1, size, learnable=learnable)

    @property
    def layout(self) -> dict[str, int]:
        """The state: h, then c."""
        return {"h": self.size, "c": self.size}

    def step(self, x: Tensor, state: State, keep: Tensor | None = None) -> State:
        """Take one point and give the state after it; see :meth:`Cell.step`."""
        gates = self.norm_gates(torch.addmm(x @ self.w_xh, state["h"], self.w_hh))  # (B, 4 H)
        i, j, f, o = gates.chunk(4, dim=-1)  # (B, H)
        c = state["c"] * torch.sigmoid(f + FORGET_BIAS) + torch.sigmoid(i) * self.dropped(torch.tanh(j), keep)
        return {"h": torch.tanh(self.norm_c(c)) * torch.sigmoid(o), "c": c}

    def through_engine(
        self, x: Tensor, extra: Tensor | None, state: State, lengths: Tensor, keep: Tensor | None
    ) -> Tensor:
        """Run over a sequence in the engine; see :meth:`Cell.through_engine`."""
        width = x.shape[2]
        constant = x.new_zeros(x.shape[1], 4 * self.size) if extra is None else extra @ self.w_xh[width:]
        return lstm_sequence(
            x, constant, self.w_xh[:width], self.w_hh, state["h"], state["c"], lengths,
            keep=keep, keep_probability=self.recurrent_keep,
            norm=(self.norm_gates.gamma, self.norm_gates.beta, self.norm_c.gamma, self.norm_c.beta),
        )  # fmt: skip
