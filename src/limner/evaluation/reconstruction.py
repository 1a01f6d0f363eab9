"""How faithfully a model reconstructs drawings.

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
class ReconstructionDistances:
    """Chamfer distances of drawings to their reconstructions, over the original's longest side."""

    own: NDArray[np.float64]
    """Distance of each drawing to its reconstruction, ``(n,)``; 0 is a perfect copy."""
    shifted: NDArray[np.float64]
    """Distance to the reconstruction of the next drawing, ``(n,)``: what a model reaches that ignores z."""


def reconstruction_distances(
    originals: Sequence[Drawing], reconstructions: Sequence[Drawing]
) -> ReconstructionDistances:
    """Compare drawings with their reconstructions, the centres of their bounding boxes aligned.

    A reconstruction without ink counts as one dot.

    Raises
    ------
    ValueError
        If there are no drawings, or not one reconstruction of each.
    """
    if not originals or len(originals) != len(reconstructions):
        raise ValueError(f"{len(originals)} drawings cannot be compared with {len(reconstructions)}")
    a, b = [centred(drawing) for drawing in originals], [centred(drawing) for drawing in reconstructions]
    return ReconstructionDistances(
        np.array([relative_chamfer(x, y) for x, y in zip(a, b, strict=True)]),
        np.array([relative_chamfer(x, y) for x, y in zip(a, [*b[1:], b[0]], strict=True)]),
    )


def centred(drawing: Drawing) -> Drawing:
    """Return a drawing with the centre of its bounding box at the origin; a dot if it has no ink."""
    if not drawing.n_points:
        return drawing.replace(strokes=(np.zeros((1, 2), np.float32),))
    x_min, y_min, x_max, y_max = drawing.bounds
    centre = np.array([(x_min + x_max) / 2, (y_min + y_max) / 2], np.float32)
    return drawing.replace(strokes=tuple(stroke - centre for stroke in drawing))
