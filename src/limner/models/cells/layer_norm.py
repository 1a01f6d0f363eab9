"""``LayerNormLSTM``: the LSTM with layer normalization, as in sketch-rnn.

Every gate is normalized by itself, and scale and shift replace a bias. The output is computed from a
normalized c, but the state keeps c as it is.

Letters: ``B`` batch, ``T`` points, ``X`` width of the input, ``E`` of the constant input, ``H`` units.
"""

from __future__ import annotations

from typing import Self

import torch
from torch import Tensor, nn

from limner.models.cells.base import FORGET_BIAS, Cell
from limner.models.cells.norm import GroupedNorm
from limner.models.engine.lstm import lstm_sequence
from limner.models.initializers import glorot_uniform_, orthogonal_gates_
from limner.models.state import State


class LayerNormLSTM(Cell):
    """A long short-term memory cell with normalized gates.

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

    has_engine = True

    def __init__(
        self, input_size: int, size: int, recurrent_keep: float = 1.0, *, learnable: bool = True
    ) -> None:
        super().__init__(size, recurrent_keep)
        self.w_xh = nn.Parameter(glorot_uniform_(torch.empty(input_size, 4 * size)))
        self.w_hh = nn.Parameter(orthogonal_gates_(torch.empty(size, 4 * size)))
        self.norm_gates = GroupedNorm(4, size, learnable=learnable)
        self.norm_c = GroupedNorm(1, size, learnable=learnable)

    @classmethod
    def build(cls, input_size: int, size: int, recurrent_keep: float, *, norm_learnable: bool = True) -> Self:
        """Return a cell with fresh weights; see :meth:`Cell.build`."""
        return cls(input_size, size, recurrent_keep, learnable=norm_learnable)

    @property
    def layout(self) -> dict[str, int]:
        """The state: h, then c."""
        return {"h": self.size, "c": self.size}

    def step(self, x: Tensor, state: State, keep: Tensor | None = None) -> State:
        """Take one point and return the state after it; see :meth:`Cell.step`."""
        gates = self.norm_gates(torch.addmm(x @ self.w_xh, state["h"], self.w_hh))  # (B, 4 H)
        i, j, f, o = gates.chunk(4, dim=-1)  # (B, H)
        c = state["c"] * torch.sigmoid(f + FORGET_BIAS) + torch.sigmoid(i) * self.drop(torch.tanh(j), keep)
        return {"h": torch.tanh(self.norm_c(c)) * torch.sigmoid(o), "c": c}

    def run_engine(
        self, x: Tensor, extra: Tensor | None, state: State, lengths: Tensor, keep: Tensor | None
    ) -> Tensor:
        """Run over a sequence in the engine; see :meth:`Cell.run_engine`."""
        width = x.shape[2]
        constant = x.new_zeros(x.shape[1], 4 * self.size) if extra is None else extra @ self.w_xh[width:]
        return lstm_sequence(
            x, constant, self.w_xh[:width], self.w_hh, state["h"], state["c"], lengths,
            keep=keep, keep_probability=self.recurrent_keep,
            norm=(self.norm_gates.gamma, self.norm_gates.beta, self.norm_c.gamma, self.norm_c.beta),
        )  # fmt: skip
