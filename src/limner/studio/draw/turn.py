"""From a page's request to the task of a session: ink in model units, latents and classes of its futures.

Letters: ``N`` points of the beginning, ``Z`` latent.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from limner.models.batch import pad_batch
from limner.sampling.complete import points_left
from limner.sampling.config import SamplingConfig
from limner.sampling.continuations import visible_length
from limner.sampling.page_frame import Frame, fit_frame
from limner.strokes.drawing import Drawing
from limner.studio.draw.beginning_reader import BeginningReader
from limner.studio.draw.growing_stroke import growing_rows
from limner.studio.draw.session import Primed, TurnTask
from limner.studio.limits import Limits
from limner.studio.model_library import LoadedModel

Rows: TypeAlias = NDArray[np.float32]
"""stroke-3 in model units, ``(N, 3)``."""

TYPICAL_SIZE = 0.62
"""Size of a typical drawing of the corpus relative to the page's shorter side."""

UNIT_STEP = 1.25
"""Steps in which a drawing that outgrows that size is made smaller for the model: while it grows within one,
its points stay as they were read."""


@dataclass(frozen=True)
class TurnRequest:
    """A request to continue a drawing."""

    ink: Drawing
    page: float
    """Shorter side of the page, in units of the ink."""
    futures: int
    seed: int
    sampling_config: SamplingConfig
    pace: float
    label: str | None
    lift: bool
    """Whether the pen was lifted after the last point; else its stroke goes on."""
    new_points: int


def task_for(
    entry: LoadedModel, request: TurnRequest, limits: Limits, reader: BeginningReader | None = None
) -> TurnTask:
    """Return the task of a turn.

    Parameters
    ----------
    entry : LoadedModel
    request : TurnRequest
    limits : Limits
    reader : BeginningReader, optional
        Reads the beginning, where it is the same for all futures; the session does unless given.

    Raises
    ------
    LimnerError
        If the class cannot be requested of the model.
    """
    frame, rows, origin = _beginning(entry, request)
    if not request.lift and len(rows):
        rows[-1, 2] = 0
    z, labels = conditioning_for(entry, request, rows)
    return TurnTask(
        rows, z, labels, request.futures, request.seed, request.sampling_config, request.pace,
        _points_left(entry, request, len(rows)), limits.turn_seconds, origin, frame.unit,
        _primed(entry, request, rows, z, labels, reader), visible_length(entry.model.card),
    )  # fmt: skip


def prime(entry: LoadedModel, request: TurnRequest, reader: BeginningReader) -> None:
    """Read a drawing that is still being drawn, where its turn will not need to know the rest.

    Raises
    ------
    LimnerError
        If the class cannot be requested of the model.
    """
    if entry.model.conditional:
        return
    _, rows, _ = _beginning(entry, request)
    _primed(entry, request, rows, *conditioning_for(entry, request, rows), reader)


def _primed(
    entry: LoadedModel, request: TurnRequest, rows: Rows, z: Tensor | None, labels: Tensor | None,
    reader: BeginningReader | None,
) -> Primed | None:  # fmt: skip
    """Return the beginning as it was read; None where it differs between the futures, or is too long."""
    if reader is None or z is not None or (labels is not None and bool((labels != labels[0]).any())):
        return None
    label = None if labels is None else int(labels[0])
    return reader.read(entry.network, rows, label, request.sampling_config)


def conditioning_for(
    entry: LoadedModel, request: TurnRequest, rows: Rows
) -> tuple[Tensor | None, Tensor | None]:
    """Return latents ``(B, Z)`` and class numbers ``(B,)`` of the futures; None where they do not apply.

    Without a class, a conditional network uses the latent of the ink so far, or samples of the prior if there
    is no ink.
    """
    generator = torch.Generator().manual_seed(request.seed)
    z, labels = entry.conditioning_for(request.label, request.futures, generator)
    if entry.model.conditional and z is None:
        z = _latents(entry, rows, request.futures, generator)
    return z, labels


@torch.no_grad()
def _latents(entry: LoadedModel, rows: Rows, n: int, generator: torch.Generator) -> Tensor:
    network = entry.model.network
    if not len(rows):
        return network.prior(torch.randn(n, network.config.latent_size, generator=generator))
    return network.encode(pad_batch([rows], scale_factor=1.0)).mu.expand(n, -1)


def _beginning(entry: LoadedModel, request: TurnRequest) -> tuple[Frame, Rows, tuple[float, float]]:
    """Return the frame, the ink in model units and its last point; an empty page starts near its middle."""
    card = entry.model.card
    unit = TYPICAL_SIZE * request.page / card.extent
    if not request.ink.n_points:
        return Frame((0.0, 0.0), unit * card.scale_factor), np.zeros((0, 3), np.float32), (0.0, 0.0)
    x_min, y_min, x_max, y_max = request.ink.bounds
    larger = max(x_max - x_min, y_max - y_min) / card.extent / unit
    unit *= UNIT_STEP ** max(0, math.ceil(math.log(max(larger, 1.0), UNIT_STEP)))
    frame = fit_frame(request.ink, card, unit)
    x, y = request.ink.points[-1].tolist()
    return frame, growing_rows(request.ink, frame), (x, y)


def _points_left(entry: LoadedModel, request: TurnRequest, n_read: int) -> int:
    """Return how many points may follow."""
    return min(request.new_points, points_left(entry.model.card, n_read))
