"""``HyperLSTM`` (Ha, Dai and Le 2016), as in sketch-rnn: a small cell rescales the gates of a large one.

Letters: ``B`` batch, ``X`` width of the input, ``H`` units, ``K`` units of the small cell, ``E`` embedding,
``G`` gates. Of eight products the first four are those of the gates with x, the others those with h.
"""

from __future__ import annotations

from typing import Self

import torch
from torch import Tensor, nn

from limner.models.cells.base import FORGET_BIAS, Cell
from limner.models.cells.layer_norm import LayerNormLSTM
from limner.models.cells.norm import GroupedNorm
from limner.models.engine.hyper import HyperWeights, hyper_sequence
from limner.models.initializers import glorot_uniform_, orthogonal_gates_
from limner.models.state import State

UNITS = 256
"""K, as in sketch-rnn."""
EMBEDDING = 32
"""E, as in sketch-rnn."""
FIRST_SCALE = 0.1
"""Scale of every product before training, as in sketch-rnn."""
SHIFT_STD = 0.01
"""Standard deviation of the first weights of the shifts, as in sketch-rnn."""


class HyperLSTM(Cell):
    """A long short-term memory cell whose gates are scaled and shifted differently at every point.

    Parameters
    ----------
    input_size : int
        X
    size : int
        H
    recurrent_keep : float
        As in :class:`Cell`; of the large cell.
    learnable : bool
        Whether gamma and beta of all norms learn; else they stay 1 and 0.
    """

    has_engine = True

    def __init__(
        self, input_size: int, size: int, recurrent_keep: float = 1.0, *, learnable: bool = True
    ) -> None:
        super().__init__(size, recurrent_keep)
        self.w_xh = nn.Parameter(glorot_uniform_(torch.empty(input_size, 4 * size)))
        self.w_hh = nn.Parameter(orthogonal_gates_(torch.empty(size, 4 * size)))
        self.bias = nn.Parameter(torch.zeros(4 * size))
        self.small = LayerNormLSTM(input_size + size, UNITS, learnable=learnable)
        self.scale_in = nn.Parameter(torch.zeros(8, UNITS, EMBEDDING))
        self.scale_bias = nn.Parameter(torch.ones(8, EMBEDDING))
        self.scale_out = nn.Parameter(torch.full((8, EMBEDDING, size), FIRST_SCALE / EMBEDDING))
        self.shift_in = nn.Parameter(torch.empty(4, UNITS, EMBEDDING).normal_(std=SHIFT_STD))
        self.shift_out = nn.Parameter(torch.zeros(4, EMBEDDING, size))
        self.norm_gates = GroupedNorm(4, size, learnable=learnable)
        self.norm_c = GroupedNorm(1, size, learnable=learnable)

    @classmethod
    def build(cls, input_size: int, size: int, recurrent_keep: float, *, norm_learnable: bool = True) -> Self:
        """Return a cell with fresh weights; see :meth:`Cell.build`."""
        return cls(input_size, size, recurrent_keep, learnable=norm_learnable)

    @property
    def layout(self) -> dict[str, int]:
        """The state: h of the large and of the small cell, then their c."""
        return {"h": self.size, "small_h": UNITS, "c": self.size, "small_c": UNITS}

    def step(self, x: Tensor, state: State, keep: Tensor | None = None) -> State:
        """Take one point and return the state after it; see :meth:`Cell.step`."""
        before = {"h": state["small_h"], "c": state["small_c"]}
        small = self.small.step(torch.cat([x, state["h"]], dim=-1), before)
        products = torch.cat([x @ self.w_xh, state["h"] @ self.w_hh], dim=-1)  # (B, 8 H)
        from_x, from_h = (products * self._scales(small["h"])).chunk(2, dim=-1)  # (B, 4 H)
        gates = self.norm_gates(from_x + from_h + self._shifts(small["h"]) + self.bias)
        i, j, f, o = gates.chunk(4, dim=-1)  # (B, H)
        c = state["c"] * torch.sigmoid(f + FORGET_BIAS) + torch.sigmoid(i) * self.drop(torch.tanh(j), keep)
        h = torch.tanh(self.norm_c(c)) * torch.sigmoid(o)
        return {"h": h, "small_h": small["h"], "c": c, "small_c": small["c"]}

    def run_engine(
        self, x: Tensor, extra: Tensor | None, state: State, lengths: Tensor, keep: Tensor | None
    ) -> Tensor:
        """Run over a sequence in the engine; see :meth:`Cell.run_engine`."""
        weights = self._engine_weights(x, extra, state)
        return hyper_sequence(x, weights, lengths, keep=keep, keep_probability=self.recurrent_keep)

    def _engine_weights(self, x: Tensor, extra: Tensor | None, state: State) -> HyperWeights:
        """Return the weights as the engine takes them: the constant input apart, factors before shifts."""
        width, inputs = x.shape[2], self.w_xh.shape[0]
        if extra is None:
            extra = x.new_zeros(x.shape[1], 0)
        small, norms = self.small, (self.norm_gates, self.norm_c, self.small.norm_gates, self.small.norm_c)
        return HyperWeights(
            extra @ self.w_xh[width:],
            extra @ small.w_xh[width:inputs],
            self.w_xh[:width],
            self.w_hh,
            self.bias,
            small.w_xh[:width],
            torch.cat([small.w_xh[inputs:], small.w_hh]),
            torch.cat([self.scale_in, self.shift_in]).transpose(0, 1).flatten(1),
            torch.cat([self.scale_bias.flatten(), x.new_zeros(4 * EMBEDDING)]),
            torch.cat([self.scale_out, self.shift_out]),
            *(weight for norm in norms for weight in (norm.gamma, norm.beta)),
            *(state[name] for name in ("h", "c", "small_h", "small_c")),
        )

    def _scales(self, h: Tensor) -> Tensor:
        """Return the factors of the products, ``(B, 8 H)``, for the output of the small cell ``(B, K)``."""
        embedded = torch.matmul(h, self.scale_in) + self.scale_bias.unsqueeze(1)  # (8, B, E)
        return torch.matmul(embedded, self.scale_out).transpose(0, 1).flatten(1)

    def _shifts(self, h: Tensor) -> Tensor:
        """Return the shifts of the products with h, ``(B, 4 H)``."""
        embedded = torch.matmul(h, self.shift_in)  # (4, B, E)
        return torch.matmul(embedded, self.shift_out).transpose(0, 1).flatten(1)
