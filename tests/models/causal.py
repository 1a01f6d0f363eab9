"""What every network that draws point by point must keep to.

Letters: ``B`` batch, ``T`` rows.
"""

from __future__ import annotations

import torch
from torch import Tensor

from limner.models.batch import Batch
from limner.models.protocol import SketchModel

AT = 7
"""The row that is changed."""


def assert_causal(network: SketchModel, batch: Batch, z: Tensor | None) -> None:
    """Change one point: outputs before it stay, the one after it does not."""

    def read(rows: Tensor) -> Tensor:
        state, found = network.begin(len(rows), z), []
        for point in rows.unbind(1):
            mixture, state = network.step(point, state)
            found.append(torch.cat([mixture.log_pi, mixture.mu_x, mixture.mu_y], dim=-1))
        return torch.stack(found, dim=1)

    before = read(batch.inputs)  # (B, T, ...)
    changed = batch.inputs.clone()
    changed[:, AT] += 1
    after = read(changed)
    torch.testing.assert_close(after[:, :AT], before[:, :AT])
    assert (after[:, AT] != before[:, AT]).any(-1).all()
