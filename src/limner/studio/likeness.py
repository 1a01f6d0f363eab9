"""A latent from which a model draws a given drawing as faithfully as it can.

The mean of the encoder's distribution is not always it: some means are drawn as something else altogether.
So several latents of that distribution are drawn, and the one whose drawing lies nearest is taken.

Letters: ``K`` candidates, ``Z`` latent, ``P`` points.
"""

from __future__ import annotations

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
BREADTH = 1.5
"""Standard deviations of the candidates, in those of the encoder's distribution."""
FINENESS = 60
"""Points along the longest side of a drawing, to compare it by."""


def faithful_latent(model: Model, drawing: Drawing, callback: Callback | None = None) -> Tensor:
    """Give the latent, ``(Z,)``, of a drawing.

    Parameters
    ----------
    model : Model
        A conditional one.
    drawing : Drawing
        In any units, with at least one point.
    callback : callable, optional
        As in :meth:`Model.decode`.

    Raises
    ------
    LimnerError
        If the model is a decoder alone.
    """
    mean = model.encode([drawing])  # (1, Z); refuses where there is no encoder
    rows = to_model_rows(drawing, fit_frame(drawing, model.card))
    noise = torch.randn(CANDIDATES, mean.shape[1], generator=torch.Generator().manual_seed(0)) * BREADTH
    noise[0] = 0
    with torch.no_grad():
        candidates = model.network.encode(pad_batch([rows], scale_factor=1.0)).sample(noise)  # (K, Z)
    redrawn = model.decode(candidates, sampling_config=SamplingConfig(greedy=True), callback=callback)
    wanted = _shape(drawing)
    away = [point_set_chamfer(wanted, _shape(one)) if one.n_points else np.inf for one in redrawn]
    return candidates[int(np.argmin(away))] if np.isfinite(away).any() else mean[0]


def _shape(drawing: Drawing) -> NDArray[np.float64]:
    """Give points at even distances along a drawing, ``(P, 2)``, moved and scaled to one size."""
    x_min, y_min, x_max, y_max = drawing.bounds
    size = max(x_max - x_min, y_max - y_min) or 1.0
    points = resampled(drawing, size / FINENESS).points.astype(np.float64)
    found: NDArray[np.float64] = (points - [(x_min + x_max) / 2, (y_min + y_max) / 2]) / size
    return found
