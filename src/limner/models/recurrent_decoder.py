"""The recurrent decoder: from the points so far, and a context, to the distribution of the next point.

The context stays the same for all points of a drawing: z, the embedding of its class, both or neither.

Letters: ``B`` batch, ``T`` points, ``X`` features of a point, ``H`` units, ``G`` width of the context (0
without one), ``C`` of the attention (0 without it).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import dropout

from limner.models.attention import Attention, Positions
from limner.models.cells.base import append_constant
from limner.models.cells.build import build_cell
from limner.models.config import DecoderConfig
from limner.models.coordinates import absolute_positions, feature_count, point_features
from limner.models.head import Head
from limner.models.initializers import latent_linear, output_linear
from limner.models.mixture import Mixture
from limner.models.state import State


class RecurrentDecoder(nn.Module):
    """A recurrent network whose input at each point is the previous point, concatenated with the context.

    With attention every point also attends to all points up to it (SketchRNN with attention).

    Parameters
    ----------
    config : DecoderConfig
    context_size : int
        G; with 0 the state begins with zeros.
    """

    def __init__(self, config: DecoderConfig, context_size: int) -> None:
        super().__init__()
        self.config = config
        self.head = Head.of(config)
        width = config.attention.heads * config.attention.width  # C
        positions: Positions = "added" if config.attention.positions else "none"
        features, heads = feature_count(config.coordinates), config.attention.heads
        self.attention = Attention(features, width, heads, positions=positions) if width else None
        self.cell = build_cell(
            config.cell, features + width + context_size, config.size, config.recurrent_keep,
            norm_learnable=config.norm_learnable,
        )  # fmt: skip
        state_size = sum(self.cell.layout.values())
        self.z_to_state = latent_linear(context_size, state_size) if context_size else None
        self.output = output_linear(config.size, self.head.width)

    def forward(self, points: Tensor, context: Tensor | None, lengths: Tensor | None = None) -> Mixture:
        """Predict the next point after each (teacher forcing).

        Parameters
        ----------
        points : Tensor of shape ``(B, T, 5)``
        context : Tensor of shape ``(B, G)``, optional
        lengths : int64 Tensor of shape ``(B,)``, optional
            Points of each drawing that count; predictions behind them are undefined.
        """
        state = self.begin(len(points), context)
        points = point_features(points, absolute_positions(points), self.config.coordinates)
        if self.attention is not None:
            points = torch.cat([points, self.attention(points)], dim=-1)  # (B, T, X + C)
        if self.training and self.config.input_keep < 1:
            points, context = dropout(append_constant(points, context), 1 - self.config.input_keep), None
        outputs = self.cell(points, state, extra=context, lengths=lengths)  # (B, T, H)
        outputs = dropout(outputs, 1 - self.config.output_keep, self.training)
        y = self.output(outputs.transpose(0, 1)).transpose(0, 1)  # time-major as the cells store it: no copy
        return self.head(y)

    def begin(self, batch_size: int, context: Tensor | None) -> State:
        """Return the state before the first point: the cell's, the context, keys and values, the place."""
        cache: State = {}
        if self.config.coordinates != "offsets":
            cache["at"] = self.output.weight.new_zeros(batch_size, 2)
        if self.attention is not None:
            cache["keys"], cache["values"] = self.attention.begin(batch_size)
        if self.z_to_state is None or context is None:
            return {**self.cell.zero_state(batch_size), **cache}
        bounded = torch.tanh(context) if self.config.latent_tanh else context
        first = self.cell.split_state(torch.tanh(self.z_to_state(bounded)))
        return {**first, **cache, "context": context}

    def step(self, point: Tensor, state: State) -> tuple[Mixture, State]:
        """Take one point ``(B, 5)``; see :meth:`limner.models.protocol.SketchModel.step`."""
        after = dict(state)
        if "at" in state:
            after["at"] = state["at"] + point[:, :2]
            point = point_features(point, after["at"], self.config.coordinates)
        parts = [point]
        if self.attention is not None:
            attended, after["keys"], after["values"] = self.attention.step(
                point, state["keys"], state["values"]
            )
            parts.append(attended)
        if "context" in state:
            parts.append(state["context"])
        after |= self.cell.step(torch.cat(parts, dim=-1), state)
        return self.head(self.output(after["h"])), after
