"""A metric: how much ink samples have, beside drawings of the split."""

from __future__ import annotations

import numpy as np

from limner.evaluation.context import EvaluationContext
from limner.evaluation.metrics import Figures, Metric


def ink(context: EvaluationContext) -> Figures | None:
    """Return the median length of ink of samples and of drawings, in the corpus's units."""
    drawn = [drawing.ink_length for drawing in context.samples[0] if drawing.n_points]
    if not drawn:
        return None
    real = [drawing.ink_length for drawing in context.real]
    return {"samples": float(np.median(drawn)), "real": float(np.median(real))}


INK = Metric(
    "ink",
    "median length of ink of samples and drawings",
    ink,
    labels={"samples": "ink of samples", "real": "ink of drawings"},
)
