"""A feature extractor for tests that needs no network."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from limner.strokes.drawing import Drawing


class Counting:
    """Counts strokes and points, and measures ink and the shape of the bounding box."""

    identifier = "counting"

    def __init__(self) -> None:
        self.seen = 0
        """Drawings whose features were computed."""

    def features(self, drawings: Sequence[Drawing]) -> NDArray[np.float32]:
        """Return ``(n, 4)``."""
        self.seen += len(drawings)
        return np.array([_counts(drawing) for drawing in drawings], np.float32).reshape(-1, 4)


def _counts(drawing: Drawing) -> list[float]:
    x_min, y_min, x_max, y_max = drawing.bounds
    side = max(x_max - x_min, y_max - y_min) or 1.0
    return [len(drawing), drawing.n_points / 10, drawing.ink_length / side, (x_max - x_min) / side]
