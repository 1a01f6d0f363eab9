"""Which drawings of a corpus a weights file remembers."""

from __future__ import annotations

import numpy as np

from limner.models.remembered import RememberedDrawings, evenly
from limner.training.config import RunConfig
from limner.training.data import TrainingData


def remembered_drawings(data: TrainingData, config: RunConfig) -> RememberedDrawings | None:
    """Return the drawings that are learnt from, in model units; None where none are remembered.

    None of those that are set aside are among them. Only a recurrent decoder alone can compare its states.
    """
    model = config.model
    if not config.train.remember or model.conditional or model.kind != "sketch_rnn":
        return None
    scale = np.array([data.scale_factor, data.scale_factor, 1], np.float32)
    kept = evenly(len(data.train))
    labels = [max(int(data.train.labels[k]), 0) for k in kept]
    return RememberedDrawings([(data.train[k] / scale).astype(np.float32) for k in kept], labels)
