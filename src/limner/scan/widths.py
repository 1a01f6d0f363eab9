"""The width of the ink along its skeleton. Letters: ``H`` and ``W`` of the picture, ``n`` points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.ndimage as nd
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_SAMPLES = 20_000
"""Points of the skeleton at which the width is measured; more would not change the median."""

FILLED = 2.5
"""Ink wider than this many widths of the pen is a filled area."""


class Widths:
    """Measures the distance from points in the ink to the nearest paper.

    Parameters
    ----------
    mask : bool array of shape ``(H, W)``
        The ink.
    skeleton : bool array of shape ``(H, W)``
    """

    def __init__(self, mask: NDArray[np.bool_], skeleton: NDArray[np.bool_]) -> None:
        rows, columns = np.divmod(np.flatnonzero(_paper_beside(mask)), mask.shape[1])
        self._paper = cKDTree(np.column_stack([columns, rows]) + 0.5) if len(rows) else None
        rows, columns = np.divmod(np.flatnonzero(skeleton), mask.shape[1])
        step = max(1, len(rows) // MAX_SAMPLES)
        radii = self.radius(np.column_stack([columns, rows])[::step] + 0.5)
        self.pen_px = float(max(1.0, 2 * np.median(radii))) if len(radii) else 1.0
        """Width of the pen: the median over all lines, 1 at least."""
        self.filled_areas = _filled_areas(skeleton.shape, rows[::step], columns[::step], radii, self.pen_px)
        """Number of areas where the ink is far wider than the pen."""

    def radius(self, points: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Return half the width of the ink at points of shape ``(n, 2)``, in pixels, 0.5 at least."""
        if self._paper is None or not len(points):
            return np.full(len(points), 0.5)
        return np.maximum(np.asarray(self._paper.query(points)[0]) - 0.5, 0.5)


def _paper_beside(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the pixels of paper that touch ink along a side."""
    near = np.zeros_like(mask)
    near[1:] |= mask[:-1]
    near[:-1] |= mask[1:]
    near[:, 1:] |= mask[:, :-1]
    near[:, :-1] |= mask[:, 1:]
    return near & ~mask


def _filled_areas(
    shape: tuple[int, ...],
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
    radii: NDArray[np.float64],
    pen_px: float,
) -> int:
    """Count groups of skeleton points that lie far from the paper, on a coarse grid."""
    wide = radii > max(FILLED * pen_px / 2, pen_px / 2 + 2)
    cell = max(1, round(FILLED * pen_px))
    grid = np.zeros((shape[0] // cell + 1, shape[1] // cell + 1), dtype=bool)
    grid[rows[wide] // cell, columns[wide] // cell] = True
    return int(nd.label(grid, np.ones((3, 3)))[1])
