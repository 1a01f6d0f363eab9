"""Completion: a network continues a beginning that a person drew.

Letters: ``B`` endings, ``N`` points of the beginning.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from limner.errors import LimnerError
from limner.models.build import network_class
from limner.models.protocol import SketchModel
from limner.models.state import State
from limner.models.weights import Card
from limner.sampling.config import SamplingConfig
from limner.sampling.generate import Callback, collect, start_tokens, stream
from limner.strokes.formats import stroke3_to_stroke5

SHARE_LEFT = 3
"""A third of the longest drawing may follow any beginning, even one that is as long as that."""


def points_left(card: Card, read: int, max_points: int | None = None) -> int:
    """Return how many points may follow a beginning, at least 1.

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
    rows = network_class(card.config.kind).max_rows(card.config)
    if rows is not None:
        left = rows - read - 1
        if left < 1:
            raise LimnerError(f"The beginning has {read} points, and this model reads {rows - 2} at most.")
        room = min(room, left)
    return max(room, 1)


@torch.no_grad()
def prime(
    network: SketchModel,
    rows: NDArray[np.float32],
    z: Tensor | None,
    sampling_config: SamplingConfig,
    labels: Tensor | None = None,
) -> tuple[State, Tensor]:
    """Return the state of a network after the start token and all but the last point of a beginning.

    Parameters
    ----------
    network : SketchModel
    rows : float array of shape ``(N, 3)``
        stroke-3 in model units.
    z : Tensor of shape ``(1, Z)``, optional
    sampling_config : SamplingConfig
        Its convention decides what the start token is.
    labels : int64 Tensor of shape ``(1,)``, optional

    Returns
    -------
    state : State
        Before the last point is taken, for one drawing.
    point : Tensor of shape ``(1, 5)``
        The last point.
    """
    reference = next(network.parameters())
    points = torch.from_numpy(stroke3_to_stroke5(rows, len(rows))).to(reference)  # (N, 5)
    state, point = network.begin(1, z, labels), start_tokens(1, sampling_config, reference)
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
    """Return ``n`` completions of a beginning.

    Parameters
    ----------
    network : SketchModel
    rows : float array of shape ``(N, 3)``
        The beginning: stroke-3 in model units. Where its last lift is 0 the same stroke continues.
    n : int
        B
    z : Tensor of shape ``(1, Z)``, optional
    labels : int64 Tensor of shape ``(1,)``, optional
    sampling_config, generator, callback
        As in :func:`limner.sampling.generate.generate`.
    max_points : int
        New points at most.

    Returns
    -------
    list of float32 arrays of shape ``(T, 3)``
        The new rows alone; their first offset counts from the last point of the beginning.
    """
    state, point = prime(network, rows, z, sampling_config, labels)
    repeated = {name: value.expand(n, *value.shape[1:]) for name, value in state.items()}
    points = stream(
        network, repeated, point.expand(n, 5), sampling_config, generator, max_points, points_before=len(rows)
    )
    return collect(points, n, callback)
