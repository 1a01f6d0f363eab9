"""A drawing at any spot of a map: between the latents of the drawings that lie nearest.

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
"""Of the distance to the farthest of them: within it, a drawing is as good as reached."""
POWER = 4
"""Of 1 / distance: the nearest drawing speaks loudest, as a mean of unlike ones is like none of them."""


def shares_of(away: Sequence[float]) -> list[float]:
    """Give each drawing's share in a spot by how far it lies away (Shepard 1968); the shares add up to 1."""
    distance = np.asarray(away, np.float64)
    blur = BLUR * float(distance.max()) or 1.0
    weights = (distance**2 + blur**2) ** (-POWER / 2)
    shares: list[float] = (weights / weights.sum()).tolist()
    return shares


def between(latents: Tensor, shares: Sequence[float]) -> Tensor:
    """Mix latents ``(k, Z)``; the mixture ``(Z,)`` is as long as they are in the mean, as in slerp.

    A plain mean lies nearer to the origin than any drawing that the decoder has seen.
    """
    weights = torch.tensor(shares, dtype=latents.dtype, device=latents.device)
    mixed = weights @ latents
    length = weights @ latents.norm(dim=1)
    scale: Tensor = length / mixed.norm().clamp_min(torch.finfo(latents.dtype).tiny)
    return mixed * scale


def imagined(
    model: Model,
    latents: Tensor,
    shares: Sequence[float],
    label: str | None,
    *,
    temperature: float,
    seed: int,
    callback: Callback | None = None,
) -> Drawing:
    """Draw what lies between drawings.

    Parameters
    ----------
    model : Model
        A conditional one.
    latents : Tensor of shape ``(k, Z)``
        Of the drawings; see :func:`limner.studio.likeness.faithful_latent`.
    shares : sequence of k float
        See :func:`shares_of`.
    label : str, optional
        The class, for a model that is told classes and knows this one.
    temperature, seed, callback
        As in :meth:`Model.decode`.

    Raises
    ------
    LimnerError
        If the model is a decoder alone.
    """
    told = model.card.classes if model.network.config.classes else ()
    return model.decode(
        between(latents, shares)[None], temperature=temperature, seed=seed,
        label=label if label in told else None, callback=callback,
    )[0]  # fmt: skip
