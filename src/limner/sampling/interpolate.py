"""Interpolation between two latents.

Letters: ``Z`` latent, ``K`` steps.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor

Interpolation = Literal["slerp", "lerp"]
"""Along the arc between two latents, or straight."""

PARALLEL = 1e-4
"""Sine of the angle below which float32 no longer defines the great circle."""


def lerp(a: Tensor, b: Tensor, share: float) -> Tensor:
    """Return the point on the line from ``a`` (share 0) to ``b`` (share 1), ``(Z,)``."""
    return a + (b - a) * share


def slerp(a: Tensor, b: Tensor, share: float) -> Tensor:
    """Return the point on the arc from ``a`` (share 0) to ``b`` (share 1), ``(Z,)``.

    Where no arc is defined (equal, opposite or zero vectors), the point is on the line.
    Source: White 2016, "Sampling generative networks"; Ha and Eck 2017, section 4.3.
    """
    if a.norm() == 0 or b.norm() == 0:
        return lerp(a, b, share)
    u, v = a / a.norm(), b / b.norm()
    angle = 2 * torch.atan2((u - v).norm(), (u + v).norm())  # arccos is inexact near 0 and pi
    sine = torch.sin(angle)
    if sine < PARALLEL:
        return lerp(a, b, share)
    return torch.sin((1 - share) * angle) / sine * a + torch.sin(share * angle) / sine * b


def interpolate_latents(a: Tensor, b: Tensor, steps: int, way: Interpolation) -> Tensor:
    """Return ``steps`` latents from ``a`` to ``b``, both included, of shape ``(K, Z)``.

    Raises
    ------
    ValueError
        If ``steps`` is below 2.
    """
    if steps < 2:
        raise ValueError(f"steps must be at least 2, not {steps}.")
    between = slerp if way == "slerp" else lerp
    return torch.stack([between(a, b, k / (steps - 1)) for k in range(steps)])
