"""Strokes are continued across gaps of known length: morphological closings by segments.

Letters: ``H`` and ``W`` of the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from limner.scan.thresholds import Dark


def bridge_strokes(dark: Dark, gaps: Iterable[NDArray[np.float64]]) -> Dark:
    """Fill gaps that have ink on both sides in a direction.

    Parameters
    ----------
    dark : float32 array of shape ``(H, W)``
    gaps : iterable of float64 arrays of shape ``(2,)``
        Rows and columns from one side of a gap to the other; gaps up to that length are filled.

    Returns
    -------
    float32 array of shape ``(H, W)``
        The maximum of the closings by each segment. Shifted arrays are compared, which is several times
        faster than :func:`scipy.ndimage.grey_closing` with a footprint.
    """
    bridged = dark
    for gap in gaps:
        bridged = np.maximum(bridged, _closing(dark, gap))
    return bridged


def _closing(dark: Dark, gap: NDArray[np.float64]) -> Dark:
    """Return the closing by a segment: the minimum of maxima along it."""
    n = max(2, 2 * int(np.ceil(np.abs(gap).max() / 2)) + 1)
    steps = np.unique((np.linspace(-0.5, 0.5, n)[:, None] * gap).round().astype(int), axis=0)
    margin = int(np.abs(steps).max())
    padded = np.pad(dark, 2 * margin)
    height, width = (side + 2 * margin for side in dark.shape)
    dilated = _combined(padded, steps + margin, (height, width), np.maximum)
    return _combined(dilated, margin - steps, dark.shape, np.minimum)


def _combined(values: Dark, corners: NDArray[np.int_], shape: tuple[int, ...], combine: np.ufunc) -> Dark:
    """Combine parts of an array that begin at several corners."""
    parts = (values[row : row + shape[0], column : column + shape[1]] for row, column in corners.tolist())
    combined = next(parts).copy()
    for part in parts:
        combine(combined, part, out=combined)
    return combined
