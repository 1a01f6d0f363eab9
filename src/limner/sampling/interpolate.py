"""Ways between two latents.

Letters: ``Z`` latent, ``K`` steps.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor

Way = Literal["slerp", "lerp"]

PARALLEL = 1e-4  # angle in radians under which the great circle is no longer defined well


def lerp(a: Tensor, b: Tensor, share: float) -> Tensor:
    """Go straight from ``a`` (share 0) to ``b`` (share 1); Tensors of shape ``(Z,)``."""
    return a + (b - a) * share


def slerp(a: Tensor, b: Tensor, share: float) -> Tensor:
    """Go from ``a`` to ``b`` along the arc between them; Tensors of shape ``(Z,)``.

    Where no arc is defined (equal, opposite or zero vectors) it goes straight.
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


def path_between(a: Tensor, b: Tensor, steps: int, way: Way) -> Tensor:
    """Give ``steps`` latents from ``a`` to ``b``, both included, of shape ``(K, Z)``.

    Raises
    ------
    ValueError
        If ``steps`` is below 2.
    """
    if steps < 2:
        raise ValueError(f"steps must be at least 2, not {steps}.")
    between = slerp if way == "slerp" else lerp
    return torch.stack([between(a, b, k / (steps - 1)) for k in range(steps)])
