"""From a page's drawing to a hand's task: the ink rescaled, simplified, and encoded where the model can.

Letters: ``N`` points of the beginning, ``Z`` latent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from limner.models.batch import pad_batch
from limner.sampling.complete import points_left
from limner.sampling.config import SamplingConfig
from limner.sampling.page_frame import Frame, fit_frame, to_model_rows
from limner.strokes.drawing import Drawing
from limner.studio.draw.session import Task
from limner.studio.limits import Limits
from limner.studio.shelf import Loaded

Rows: TypeAlias = NDArray[np.float32]
"""stroke-3 in model units, ``(N, 3)``."""

USUAL = 0.62
"""Size of a usual drawing relative to the page's shorter side."""


@dataclass(frozen=True)
class Wish:
    """What a page asks for."""

    ink: Drawing
    page: float
    """Shorter side of the page, in the ink's units."""
    futures: int
    seed: int
    sampling_config: SamplingConfig
    pace: float
    label: str | None
    lift: bool
    """Whether the pen was lifted after the last point; else its stroke goes on."""
    new_points: int


def task_for(loaded: Loaded, wish: Wish, limits: Limits) -> Task:
    """Prepare a turn.

    Raises
    ------
    LimnerError
        If the model cannot be asked for the class.
    """
    frame, rows, origin = _beginning(loaded, wish)
    if not wish.lift and len(rows):
        rows[-1, 2] = 0
    z, labels = given_for(loaded, wish, rows)
    return Task(
        rows, z, labels, wish.futures, wish.seed, wish.sampling_config, wish.pace,
        _room(loaded, wish, len(rows)), limits.turn_seconds, origin, frame.unit,
    )  # fmt: skip


def given_for(loaded: Loaded, wish: Wish, rows: Rows) -> tuple[Tensor | None, Tensor | None]:
    """Give latents and classes for each future.

    Without a class, a conditional network draws from the latent of the ink so far; from N(0, 1) where there
    is none.
    """
    chance = torch.Generator().manual_seed(wish.seed)
    z, labels = loaded.given_for(wish.label, wish.futures, chance)
    if loaded.model.conditional and z is None:
        z = _latents(loaded, rows, wish.futures, chance)
    return z, labels


@torch.no_grad()
def _latents(loaded: Loaded, rows: Rows, n: int, chance: torch.Generator) -> Tensor:
    network = loaded.model.network
    if not len(rows):
        return network.prior(torch.randn(n, network.config.latent_size, generator=chance))
    return network.encode(pad_batch([rows], scale_factor=1.0)).mu.expand(n, -1)


def _beginning(loaded: Loaded, wish: Wish) -> tuple[Frame, Rows, tuple[float, float]]:
    """Give the frame, the ink in model units and the last point; an empty page begins near its middle."""
    card = loaded.model.card
    unit = USUAL * wish.page / card.extent
    if not wish.ink.n_points:
        return Frame((0.0, 0.0), unit * card.scale_factor), np.zeros((0, 3), np.float32), (0.0, 0.0)
    x_min, y_min, x_max, y_max = wish.ink.bounds
    unit = max(unit, max(x_max - x_min, y_max - y_min) / card.extent)
    frame = fit_frame(wish.ink, card, unit)
    x, y = wish.ink.points[-1].tolist()
    return frame, to_model_rows(wish.ink, frame), (x, y)


def _room(loaded: Loaded, wish: Wish, read: int) -> int:
    """Return how many points may follow."""
    return min(wish.new_points, points_left(loaded.model.card, read))
