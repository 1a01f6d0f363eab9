"""Where in its drawing a point stands, told to networks that have no order of their own.

Letters: ``T`` points, ``C`` width, ``D`` width of a head.
"""

from __future__ import annotations

import torch
from torch import Tensor

BASE = 10_000.0


def sinusoids(first: int, count: int, size: int, like: Tensor) -> Tensor:
    """Give sines and cosines of falling frequency (Vaswani et al. 2017, section 3.5), ``(T, C)``.

    Parameters
    ----------
    first, count : int
        The first place and T.
    size : int
        C
    like : Tensor
        Whose device and type to use.
    """
    angles = _angles(first, count, -(-size // 2), like)
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)[:, :size]


def rotated(x: Tensor, first: int) -> Tensor:
    """Turn pairs of features by angles that grow with the place (RoFormer, Su et al. 2021, section 3.2).

    Parameters
    ----------
    x : Tensor of shape ``(..., T, D)``
        Queries or keys; D even.
    first : int
        Place of the first point.
    """
    angles = _angles(first, x.shape[-2], x.shape[-1] // 2, x)  # (T, D / 2)
    even, odd = x[..., 0::2], x[..., 1::2]
    turned = (even * angles.cos() - odd * angles.sin(), even * angles.sin() + odd * angles.cos())
    return torch.stack(turned, dim=-1).flatten(-2)


def _angles(first: int, count: int, pairs: int, like: Tensor) -> Tensor:
    """Give the angle of each place and pair, ``(T, pairs)``."""
    places = torch.arange(first, first + count, device=like.device, dtype=like.dtype)
    rates = BASE ** (-torch.arange(pairs, device=like.device, dtype=like.dtype) / pairs)
    return places.unsqueeze(1) * rates
