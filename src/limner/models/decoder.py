"""The decoder: from the points so far, and what is given, to the mixture of the next point.

Given is what stays the same for all points of a drawing: z, its class, both or neither.

Letters: ``B`` batch, ``T`` points, ``H`` units, ``G`` width of what is given (0 for nothing), ``C`` of what
attention sees (0 without it), ``M`` components.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import dropout

from limner.models.attention import Attention, Places
from limner.models.cells.base import joined
from limner.models.cells.build import build_cell
from limner.models.config import DecoderConfig
from limner.models.head import Head
from limner.models.initialise import latent_linear, output_linear
from limner.models.mixture import Mixture
from limner.models.state import State


class Decoder(nn.Module):
    """A recurrent network whose input at each point is the point before it, joined with what is given.

    With attention the points before, too, are seen at every point (SketchRNN with attention).

    Parameters
    ----------
    config : DecoderConfig
    given_size : int
        G; with 0 the state begins with zeros.
    """

    def __init__(self, config: DecoderConfig, given_size: int) -> None:
        super().__init__()
        self.config = config
        self.head = Head.of(config)
        seen = config.attention.heads * config.attention.width  # C
        places: Places = "added" if config.attention.positions else "none"
        self.attention = Attention(5, seen, config.attention.heads, places=places) if seen else None
        self.cell = build_cell(
            config.cell, 5 + seen + given_size, config.size, config.recurrent_keep,
            norm_learnable=config.norm_learnable,
        )  # fmt: skip
        state_size = sum(self.cell.layout.values())
        self.z_to_state = latent_linear(given_size, state_size) if given_size else None
        self.output = output_linear(config.size, self.head.width)

    def forward(self, points: Tensor, given: Tensor | None, lengths: Tensor | None = None) -> Mixture:
        """Predict the next point after each (teacher forcing).

        Parameters
        ----------
        points : Tensor of shape ``(B, T, 5)``
        given : Tensor of shape ``(B, G)``, optional
        lengths : int64 Tensor of shape ``(B,)``, optional
            Points of each drawing that count; what is predicted behind them means nothing.
        """
        state = self.begin(len(points), given)
        if self.attention is not None:
            points = torch.cat([points, self.attention(points)], dim=-1)  # (B, T, 5 + C)
        if self.training and self.config.input_keep < 1:
            points, given = dropout(joined(points, given), 1 - self.config.input_keep), None
        outputs = self.cell(points, state, extra=given, lengths=lengths)  # (B, T, H)
        outputs = dropout(outputs, 1 - self.config.output_keep, self.training)
        y = self.output(outputs.transpose(0, 1)).transpose(0, 1)  # as the cells lay it: no copy
        return self.head(y)

    def begin(self, batch_size: int, given: Tensor | None) -> State:
        """Give the state before the first point: the cell's, what is given, and what attention keeps."""
        seen: State = {}
        if self.attention is not None:
            seen["keys"], seen["values"] = self.attention.begin(batch_size)
        if self.z_to_state is None or given is None:
            return {**self.cell.zero_state(batch_size), **seen}
        bounded = torch.tanh(given) if self.config.latent_tanh else given
        return {**self.cell.cut_state(torch.tanh(self.z_to_state(bounded))), **seen, "given": given}

    def step(self, point: Tensor, state: State) -> tuple[Mixture, State]:
        """Take one point ``(B, 5)``."""
        parts, after = [point], dict(state)
        if self.attention is not None:
            seen, after["keys"], after["values"] = self.attention.step(point, state["keys"], state["values"])
            parts.append(seen)
        if "given" in state:
            parts.append(state["given"])
        after |= self.cell.step(torch.cat(parts, dim=-1), state)
        return self.head(self.output(after["h"])), after
