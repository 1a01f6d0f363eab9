"""Going on from a beginning that a person drew.

Letters: ``B`` endings, ``N`` points of the beginning.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from limner.errors import LimnerError
from limner.models.protocol import SketchModel
from limner.models.state import State
from limner.models.weights import Card
from limner.sampling.config import SamplingConfig
from limner.sampling.generate import Callback, collect, start_tokens, stream
from limner.strokes.formats import stroke3_to_stroke5

SHARE_LEFT = 3
"""A drawing may grow by one part in so many of the longest, even where its beginning is as long as that."""


def room_for(card: Card, read: int, max_points: int | None = None) -> int:
    """Return how many points, at least 1, may follow a beginning.

    Parameters
    ----------
    card : Card
        Of the model.
    read : int
        Points of the beginning, as the model reads it.
    max_points : int, optional
        Points of the drawing at most, its beginning included; the longest of the corpus unless given, but a
        third of that is always left.

    Raises
    ------
    LimnerError
        If the model's positions are learned, and not for so many points.
    """
    longest = card.n_max
    room = max(longest - read, longest // SHARE_LEFT) if max_points is None else max_points - read
    config = card.config
    if config.kind == "transformer" and config.transformer.positions == "learned":
        left = config.transformer.longest - read - 1
        if left < 1:
            most = config.transformer.longest - 2
            raise LimnerError(f"The beginning has {read} points, and this model reads {most} at most.")
        room = min(room, left)
    return max(room, 1)


@torch.no_grad()
def primed(
    network: SketchModel,
    rows: NDArray[np.float32],
    z: Tensor | None,
    sampling_config: SamplingConfig,
    labels: Tensor | None = None,
) -> tuple[State, Tensor]:
    """Let a network take the start token and a beginning.

    Parameters
    ----------
    network : SketchModel
    rows : float array of shape ``(N, 3)``
        stroke-3 in model units.
    z : Tensor of shape ``(1, Z)``, optional
    sampling_config : SamplingConfig
        Its rules say what the start token is.
    labels : int64 Tensor of shape ``(1,)``, optional

    Returns
    -------
    state : State
        Before the last point is taken, for one drawing.
    point : Tensor of shape ``(1, 5)``
        The last point.
    """
    like = next(network.parameters())
    points = torch.from_numpy(stroke3_to_stroke5(rows, len(rows))).to(like)  # (N, 5)
    state, point = network.begin(1, z, labels), start_tokens(1, sampling_config, like)
    for following in torch.tensor_split(points, len(points)):
        _, state = network.step(point, state)
        point = following
    return state, point


def complete(
    network: SketchModel,
    rows: NDArray[np.float32],
    n: int,
    *,
    z: Tensor | None = None,
    labels: Tensor | None = None,
    sampling_config: SamplingConfig,
    generator: torch.Generator,
    max_points: int,
    callback: Callback | None = None,
) -> list[NDArray[np.float32]]:
    """Finish a beginning in ``n`` ways.

    Parameters
    ----------
    network : SketchModel
    rows : float array of shape ``(N, 3)``
        The beginning: stroke-3 in model units. Where its last lift is 0 the same stroke goes on.
    n : int
        B
    z : Tensor of shape ``(1, Z)``, optional
        What to draw, for a conditional network.
    labels : int64 Tensor of shape ``(1,)``, optional
        The class, for a network that is told it.
    sampling_config : SamplingConfig
    generator : torch.Generator
    max_points : int
        New points at most.
    callback : callable, optional
        Called after every new step.

    Returns
    -------
    list of float32 arrays of shape ``(T, 3)``
        The new rows alone; their first offset counts from the last point of the beginning.
    """
    state, point = primed(network, rows, z, sampling_config, labels)
    spread = {name: value.expand(n, *value.shape[1:]) for name, value in state.items()}
    points = stream(network, spread, point.expand(n, 5), sampling_config, generator, max_points)
    return collect(points, n, callback)
