"""Positional encodings: where in its drawing a point stands, for networks without recurrence.

Letters: ``T`` points, ``C`` width, ``D`` width of a head.
"""

from __future__ import annotations

import torch
from torch import Tensor

BASE = 10_000.0
"""Ratio of the longest to the shortest wavelength (Vaswani et al. 2017; RoFormer has the same)."""


def sinusoids(first: int, count: int, size: int, reference: Tensor) -> Tensor:
    """Return sines and cosines of falling frequency (Vaswani et al. 2017, section 3.5), ``(T, C)``.

    Parameters
    ----------
    first, count : int
        The first position, and T.
    size : int
        C
    reference : Tensor
        Whose device and type to use.
    """
    angles = _angles(first, count, -(-size // 2), reference)
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)[:, :size]


def rotate(x: Tensor, first: int) -> Tensor:
    """Rotate pairs of features by angles proportional to position (RoFormer, Su et al. 2021, section 3.2).

    Parameters
    ----------
    x : Tensor of shape ``(..., T, D)``
        Queries or keys; D even.
    first : int
        Position of the first point.
    """
    angles = _angles(first, x.shape[-2], x.shape[-1] // 2, x)  # (T, D / 2)
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = (even * angles.cos() - odd * angles.sin(), even * angles.sin() + odd * angles.cos())
    return torch.stack(rotated, dim=-1).flatten(-2)


def _angles(first: int, count: int, pairs: int, reference: Tensor) -> Tensor:
    """Return the angle of each position and pair of features, ``(T, pairs)``."""
    positions = torch.arange(first, first + count, device=reference.device, dtype=reference.dtype)
    rates = BASE ** (-torch.arange(pairs, device=reference.device, dtype=reference.dtype) / pairs)
    return positions.unsqueeze(1) * rates
