"""The decoder: from the points so far, and z, to the mixture of the next point.

Letters: ``B`` batch, ``T`` points, ``H`` units, ``Z`` latent (0 in a decoder-only model), ``M`` components.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from limner.models.cells.build import build_cell
from limner.models.config import DecoderConfig
from limner.models.initialise import latent_linear, output_linear
from limner.models.mixture import Mixture, split_output
from limner.models.state import State


class Decoder(nn.Module):
    """A recurrent network whose input at each point is the point before it, joined with z.

    Parameters
    ----------
    config : DecoderConfig
    latent_size : int
        Z; 0 leaves z out, and the state begins with zeros.
    """

    def __init__(self, config: DecoderConfig, latent_size: int) -> None:
        super().__init__()
        self.components = config.components
        self.cell = build_cell(config.cell, 5 + latent_size, config.size, config.recurrent_keep)
        state_size = sum(self.cell.layout.values())
        self.z_to_state = latent_linear(latent_size, state_size) if latent_size else None
        self.output = output_linear(config.size, 3 + 6 * config.components)

    def forward(self, points: Tensor, z: Tensor | None) -> Mixture:
        """Read ``(B, T, 5)`` points, each the input for the next, under teacher forcing."""
        state = self.begin(len(points), z)
        if z is not None:
            every = z.unsqueeze(1).expand(-1, points.shape[1], -1)  # (B, T, Z)
            points = torch.cat([points, every], dim=-1)  # (B, T, 5 + Z)
        outputs = self.cell(points, state)  # (B, T, H)
        return split_output(self.output(outputs), self.components)

    def begin(self, batch_size: int, z: Tensor | None) -> State:
        """Give the state before the first point: the cell's and, in a conditional model, ``z``."""
        if self.z_to_state is None or z is None:
            return self.cell.zero_state(batch_size)
        return {**self.cell.cut_state(torch.tanh(self.z_to_state(z))), "z": z}

    def step(self, point: Tensor, state: State) -> tuple[Mixture, State]:
        """Take one point ``(B, 5)``."""
        x = torch.cat([point, state["z"]], dim=-1) if "z" in state else point
        after = {**state, **self.cell.step(x, state)}
        return split_output(self.output(after["h"]), self.components), after
