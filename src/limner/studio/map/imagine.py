"""A drawing for any position of a map: decoded from a mixture of the latents of the nearest drawings.

Letters: ``k`` nearest drawings, ``Z`` latent.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from limner.sampling.generate import Callback
from limner.sampling.model import Model
from limner.strokes.drawing import Drawing

BLUR = 0.15
"""Added in quadrature to distances, as a share of the largest; bounds the weight of a very near drawing."""
POWER = 4
"""Exponent of inverse distance weighting; high, because a mean of dissimilar drawings resembles none."""


def distance_shares(distances: Sequence[float]) -> list[float]:
    """Return the weight of each drawing by inverse distance (Shepard 1968); the weights sum to 1."""
    distance = np.asarray(distances, np.float64)
    blur = BLUR * float(distance.max()) or 1.0
    weights = (distance**2 + blur**2) ** (-POWER / 2)
    shares: list[float] = (weights / weights.sum()).tolist()
    return shares


def mix_latents(latents: Tensor, shares: Sequence[float]) -> Tensor:
    """Return the weighted mean, ``(Z,)``, of latents ``(k, Z)``, scaled to their mean norm, as in slerp.

    A plain mean lies closer to the origin than any latent that the decoder was trained on.
    """
    weights = torch.tensor(shares, dtype=latents.dtype, device=latents.device)
    mixed = weights @ latents
    length = weights @ latents.norm(dim=1)
    scale: Tensor = length / mixed.norm().clamp_min(torch.finfo(latents.dtype).tiny)
    return mixed * scale


def draw_between(
    model: Model,
    latents: Tensor,
    shares: Sequence[float],
    label: str | None,
    *,
    temperature: float,
    seed: int,
    callback: Callback | None = None,
) -> Drawing:
    """Decode the mixture of several latents.

    Parameters
    ----------
    model : Model
        Conditional.
    latents : Tensor of shape ``(k, Z)``
        Of the drawings; see :func:`limner.studio.faithful_latent.faithful_latent`.
    shares : sequence of k float
        See :func:`distance_shares`.
    label : str, optional
        The class, used by a class-conditional model that knows it.
    temperature, seed, callback
        As in :meth:`Model.decode`.

    Raises
    ------
    LimnerError
        If the model has no encoder.
    """
    classes = model.card.classes if model.network.config.classes else ()
    return model.decode(
        mix_latents(latents, shares)[None], temperature=temperature, seed=seed,
        label=label if label in classes else None, callback=callback,
    )[0]  # fmt: skip
