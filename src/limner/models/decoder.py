"""The decoder: from the points so far, and z, to the mixture of the next point.

Letters: ``B`` batch, ``T`` points, ``H`` units, ``Z`` latent (0 in a decoder-only model), ``M`` components.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from limner.models.config import DecoderConfig
from limner.models.initialise import latent_linear, output_linear
from limner.models.mixture import Mixture, split_output
from limner.models.protocol import State
from limner.models.recurrent import LSTM


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
        self.cell = LSTM(5 + latent_size, config.size)
        self.z_to_state = latent_linear(latent_size, 2 * config.size) if latent_size else None
        self.output = output_linear(config.size, 3 + 6 * config.components)

    def forward(self, points: Tensor, z: Tensor | None) -> Mixture:
        """Read ``(B, T, 5)`` points, each the input for the next, under teacher forcing."""
        state = self.begin(len(points), z)
        if z is not None:
            every = z.unsqueeze(1).expand(-1, points.shape[1], -1)  # (B, T, Z)
            points = torch.cat([points, every], dim=-1)  # (B, T, 5 + Z)
        outputs = self.cell(points, (state["c"], state["h"]))  # (B, T, H)
        return split_output(self.output(outputs), self.components)

    def begin(self, batch_size: int, z: Tensor | None) -> State:
        """Give the state before the first point: ``c``, ``h`` and, in a conditional model, ``z``."""
        if self.z_to_state is None or z is None:
            c, h = self.cell.zero_state(batch_size)
            return {"c": c, "h": h}
        c, h = torch.tanh(self.z_to_state(z)).chunk(2, dim=-1)  # (B, H)
        return {"c": c, "h": h, "z": z}

    def step(self, point: Tensor, state: State) -> tuple[Mixture, State]:
        """Take one point ``(B, 5)``."""
        x = torch.cat([point, state["z"]], dim=-1) if "z" in state else point
        c, h = self.cell.step(x, (state["c"], state["h"]))
        return split_output(self.output(h), self.components), {**state, "c": c, "h": h}
