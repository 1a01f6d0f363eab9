"""Structure of drawings: strokes, points, ink and pen-up travel, and distances of two sets in each.

Letters: ``n`` drawings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from limner.strokes.drawing import Drawing
from limner.strokes.order import travel


@dataclass(frozen=True)
class Structure:
    """Structural figures of each drawing of a set, each of shape ``(n,)``."""

    strokes: NDArray[np.float64]
    points: NDArray[np.float64]
    ink: NDArray[np.float64]
    """Length of all strokes over the longest side of the bounding box."""
    pen_up: NDArray[np.float64]
    """Share of the pen's path that it travels above the paper, 0 to 1."""

    @classmethod
    def of(cls, drawings: Sequence[Drawing]) -> Structure:
        """Compute the figures of drawings; those without points are left out."""
        rows = [_figures(drawing) for drawing in drawings if drawing.n_points]
        table = np.array(rows, np.float64).reshape(-1, 4).T  # (4, n)
        return cls(*table)

    def columns(self) -> dict[str, NDArray[np.float64]]:
        """Return the figures by name."""
        return {"strokes": self.strokes, "points": self.points, "ink": self.ink, "pen_up": self.pen_up}


def structure_distances(real: Structure, samples: Structure) -> dict[str, float]:
    """Return the 1-Wasserstein distance of each figure, over its standard deviation in the real set.

    It is 0 for equal distributions and 1 if, for example, one is the other moved by a standard deviation.
    """
    from scipy.stats import wasserstein_distance

    return {
        name: float(wasserstein_distance(values, samples.columns()[name]) / (values.std() or 1.0))
        for name, values in real.columns().items()
    }


def _figures(drawing: Drawing) -> tuple[float, float, float, float]:
    ink, above = drawing.ink_length, travel(drawing)
    x_min, y_min, x_max, y_max = drawing.bounds
    side = max(x_max - x_min, y_max - y_min) or 1.0
    return len(drawing), drawing.n_points, ink / side, above / ((ink + above) or 1.0)
