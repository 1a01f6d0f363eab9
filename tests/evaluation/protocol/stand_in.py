"""A looker for tests that needs no network: what drawings are made of, in a few numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from limner.strokes.drawing import Drawing


class Counting:
    """Looks at strokes, points, ink and the shape of the box."""

    version = "counting"

    def __init__(self) -> None:
        self.seen = 0
        """How many drawings it has looked at."""

    def features(self, drawings: Sequence[Drawing]) -> NDArray[np.float32]:
        """Return ``(n, 4)``."""
        self.seen += len(drawings)
        return np.array([_counts(drawing) for drawing in drawings], np.float32).reshape(-1, 4)


def _counts(drawing: Drawing) -> list[float]:
    x_min, y_min, x_max, y_max = drawing.bounds
    side = max(x_max - x_min, y_max - y_min) or 1.0
    return [len(drawing), drawing.n_points / 10, drawing.ink_length / side, (x_max - x_min) / side]
