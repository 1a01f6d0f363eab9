"""What a network reads of a point: its offset, where the pen is after it, or both.

Letters: ``B`` batch, ``T`` points, ``X`` features of a point.
"""

from __future__ import annotations

import torch
from torch import Tensor

from limner.models.config import CoordinatesName


def feature_count(coordinates: CoordinatesName) -> int:
    """Return X, 5 or 7."""
    return 7 if coordinates == "both" else 5


def absolute_positions(rows: Tensor) -> Tensor:
    """Return where the pen is after each of the rows ``(B, T, 5)``, ``(B, T, 2)``."""
    return rows[..., :2].cumsum(dim=1)


def point_features(rows: Tensor, absolute: Tensor, coordinates: CoordinatesName) -> Tensor:
    """Return features, ``(..., X)``, of rows ``(..., 5)`` after which the pen is at ``absolute``."""
    if coordinates == "offsets":
        return rows
    places = absolute if coordinates == "absolute" else torch.cat([rows[..., :2], absolute], dim=-1)
    return torch.cat([places, rows[..., 2:]], dim=-1)
