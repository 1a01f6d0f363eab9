"""The latent from which a model reconstructs a given drawing most faithfully.

The decoder maps the means of some posteriors to entirely different drawings. Therefore several latents are
sampled around the mean, and the one whose reconstruction is nearest to the drawing is returned.

Letters: ``K`` candidates, ``Z`` latent, ``P`` points.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from limner.models.batch import pad_batch
from limner.sampling.config import SamplingConfig
from limner.sampling.generate import Callback
from limner.sampling.model import Model
from limner.sampling.page_frame import fit_frame, to_model_rows
from limner.strokes.chamfer import point_set_chamfer
from limner.strokes.drawing import Drawing
from limner.strokes.geometry import resampled

CANDIDATES = 16
"""Latents that are compared, the mean included."""
NOISE_SCALE = 1.5
"""Standard deviation of the candidates, in units of the posterior's; wider, to leave the mean's basin."""
POINTS_PER_SIDE = 60
"""Points along the longer side of a drawing's box, between which distances are measured."""


def faithful_latent(model: Model, drawing: Drawing, callback: Callback | None = None) -> Tensor:
    """Return the latent, ``(Z,)``, of a drawing.

    Parameters
    ----------
    model : Model
        Conditional.
    drawing : Drawing
        In any units, with at least one point.
    callback : callable, optional
        As in :meth:`Model.decode`.

    Raises
    ------
    LimnerError
        If the model has no encoder.
    """
    mean = model.encode([drawing])  # (1, Z); raises if there is no encoder
    rows = to_model_rows(drawing, fit_frame(drawing, model.card))
    noise = torch.randn(CANDIDATES, mean.shape[1], generator=torch.Generator().manual_seed(0)) * NOISE_SCALE
    noise[0] = 0
    with torch.no_grad():
        candidates = model.network.encode(pad_batch([rows], scale_factor=1.0)).sample(noise)  # (K, Z)
    reconstructions = model.decode(candidates, sampling_config=SamplingConfig(greedy=True), callback=callback)
    distances = _distances([drawing] * CANDIDATES, reconstructions)
    return candidates[int(np.argmin(distances))] if np.isfinite(distances).any() else mean[0]


def redrawing_distances(
    model: Model, drawings: Sequence[Drawing], callback: Callback | None = None
) -> NDArray[np.float64]:
    """Return how far each drawing is from how a model redraws it, relative to its size, ``(n,)``.

    Parameters
    ----------
    model : Model
        Conditional.
    drawings : sequence of Drawing
        In any units, each with at least one point.
    callback : callable, optional
        As in :meth:`Model.decode`.
    """
    told = model.card.classes if model.network.config.classes else ()
    redrawn = model.decode(
        model.encode(drawings),
        sampling_config=SamplingConfig(greedy=True),
        label=[drawing.label if drawing.label in told else None for drawing in drawings],
        callback=callback,
    )
    return _distances(drawings, redrawn)


def _distances(drawings: Sequence[Drawing], redrawn: Sequence[Drawing]) -> NDArray[np.float64]:
    pairs = zip(drawings, redrawn, strict=True)
    return np.array([
        point_set_chamfer(_normalized_points(old), _normalized_points(new)) if new.n_points else np.inf
        for old, new in pairs
    ])  # fmt: skip


def _normalized_points(drawing: Drawing) -> NDArray[np.float64]:
    """Return points at equal distances along a drawing, ``(P, 2)``, centred and scaled to unit size."""
    x_min, y_min, x_max, y_max = drawing.bounds
    size = max(x_max - x_min, y_max - y_min) or 1.0
    points = resampled(drawing, size / POINTS_PER_SIDE).points.astype(np.float64)
    normalized: NDArray[np.float64] = (points - [(x_min + x_max) / 2, (y_min + y_max) / 2]) / size
    return normalized
