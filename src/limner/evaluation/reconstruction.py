"""How faithfully a model draws again what it is shown.

Letters: ``n`` drawings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from limner.evaluation.quality.chamfer import relative_chamfer
from limner.strokes.drawing import Drawing


@dataclass(frozen=True)
class Redrawing:
    """Distances of drawings from what was made of them, over the original's longest side."""

    gaps: NDArray[np.float64]
    """Chamfer distance of each pair, ``(n,)``; 0 is a perfect copy."""
    others: NDArray[np.float64]
    """That to what was made of another drawing, ``(n,)``: what a model reaches that reads nothing."""


def redrawing(originals: Sequence[Drawing], redrawn: Sequence[Drawing]) -> Redrawing:
    """Compare drawings with what was made of them, both laid with the middle of their boxes on each other.

    What was redrawn without any ink counts as one dot.

    Raises
    ------
    ValueError
        If there are no drawings, or not as many of both.
    """
    if not originals or len(originals) != len(redrawn):
        raise ValueError(f"{len(originals)} drawings cannot be compared with {len(redrawn)}")
    a, b = [centred(drawing) for drawing in originals], [centred(drawing) for drawing in redrawn]
    shifted = [*b[1:], b[0]]
    return Redrawing(
        np.array([relative_chamfer(x, y) for x, y in zip(a, b, strict=True)]),
        np.array([relative_chamfer(x, y) for x, y in zip(a, shifted, strict=True)]),
    )


def centred(drawing: Drawing) -> Drawing:
    """Move the middle of its box to the origin; a dot where there is no ink."""
    if not drawing.n_points:
        return drawing.replace(strokes=(np.zeros((1, 2), np.float32),))
    x_min, y_min, x_max, y_max = drawing.bounds
    middle = np.array([(x_min + x_max) / 2, (y_min + y_max) / 2], np.float32)
    return drawing.replace(strokes=tuple(stroke - middle for stroke in drawing))
