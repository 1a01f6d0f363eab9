"""Thresholds between two classes of darkness: Otsu's for a page, Sauvola's for each pixel.

Letters: ``H`` and ``W`` of the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.ndimage as nd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Dark = NDArray[np.float32]
    Counts = NDArray[np.float64]

LEVELS = 256
"""Levels of darkness in a histogram."""


def level_counts(dark: Dark) -> Counts:
    """Count the pixels at each of :data:`LEVELS` levels of darkness from 0 to 1."""
    levels = np.clip(dark.ravel() * LEVELS, 0, LEVELS - 1).astype(np.uint8)
    return np.bincount(levels, minlength=LEVELS).astype(np.float64)


def otsu(counts: Counts) -> tuple[float, float, float]:
    """Return the threshold between two classes of levels from 0 to 1, and the mean of each class.

    Source: Otsu 1979. Of equally good thresholds the middle one is taken, where
    ``skimage.filters.threshold_otsu`` takes the first, which lies on the paper's own level where ink is even.
    """
    levels = (np.arange(len(counts)) + 0.5) / len(counts)
    below, mass = np.cumsum(counts), np.cumsum(counts * levels)
    above = below[-1] - below
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = mass / below, (mass[-1] - mass) / above
        between = np.nan_to_num(below * above * (high - low) ** 2)
    if not between.max():
        mean = float(mass[-1] / below[-1])
        return mean, mean, mean
    best = np.flatnonzero(between >= between.max() * (1 - 1e-9))
    at = int(best[len(best) // 2])
    return (at + 1) / len(counts), float(low[at]), float(high[at])


def separability(counts: Counts) -> float:
    """Return the share of the variance of levels that is between Otsu's two classes, his eta, from 0 to 1."""
    threshold, low, high = otsu(counts)
    levels = (np.arange(len(counts)) + 0.5) / len(counts)
    mass = counts / counts.sum()
    share, mean = float(mass[levels > threshold].sum()), float(mass @ levels)
    return share * (1 - share) * (high - low) ** 2 / max(float(mass @ (levels - mean) ** 2), 1e-12)


def sauvola(dark: Dark, window_px: int, floor: float) -> Mask:
    """Compare each pixel with its surroundings (Sauvola and Pietikainen 2000), in terms of darkness.

    A pixel is ink if its brightness ``b = 1 - dark`` is below ``m (1 + k (s / R - 1))``, where ``m`` and
    ``s`` are mean and standard deviation of ``b`` in a window and ``R`` is the largest ``s`` of the page. On
    even paper that is a darkness of ``k``, which is ``floor`` here.

    Parameters
    ----------
    dark : float32 array of shape ``(H, W)``
    window_px : int
        Side of the window.
    floor : float
    """
    mean = nd.uniform_filter(dark, window_px, mode="nearest")
    square = nd.uniform_filter(dark * dark, window_px, mode="nearest")
    square -= mean * mean
    deviation = np.sqrt(np.maximum(square, 0, out=square), out=square)
    deviation /= max(float(deviation.max()), 1e-6)
    return np.asarray(dark > 1 - (1 - mean) * (1 + floor * (deviation - 1)))
