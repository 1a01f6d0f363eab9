"""Histograms of oriented gradients of a picture, at several scales (Dalal and Triggs 2005).

Letters: ``H`` and ``W`` of a picture, ``C`` directions, ``G`` cells along a side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.ndimage as nd
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

SIDE_PX = 128
"""The picture is brought to a square of this side, so that pages of any format compare."""

DIRECTIONS = 6
SCALES = ((1.0, 8), (2.5, 4), (6.0, 2))
"""Blur before the gradient, in pixels, and cells along a side."""

EVENNESS = 0.5
GRAIN = 2.0
"""Gradient, in steps of grey a pixel, that is the grain of paper."""


def edge_rows(grey: Floats) -> Floats:
    """Return histograms of oriented gradients of a picture, at several scales.

    Parameters
    ----------
    grey : float32 array of shape ``(H, W)``
        From 0 (black) to 255 (white).

    Returns
    -------
    float32 array of shape ``(D,)``
        Of length 1 at most for each scale; near zeros for a picture without edges.
    """
    square = np.asarray(Image.fromarray(grey).resize((SIDE_PX, SIDE_PX), Image.Resampling.BOX))
    return np.concatenate([_block(nd.gaussian_filter(square, blur), cells) for blur, cells in SCALES])


def _block(grey: Floats, cells: int) -> Floats:
    down, across = np.gradient(grey)
    strength = np.maximum(np.hypot(down, across) - GRAIN, 0)  # (SIDE_PX, SIDE_PX)
    turn = np.arctan2(down, across) % np.pi / np.pi * DIRECTIONS
    side = SIDE_PX // cells
    maps = np.stack([_share(turn, k) * strength for k in range(DIRECTIONS)])  # (C, SIDE_PX, SIDE_PX)
    pooled = maps.reshape(DIRECTIONS, cells, side, cells, side).mean(axis=(2, 4)) ** EVENNESS
    return np.asarray(pooled.ravel() / (np.linalg.norm(pooled) + 1.0), np.float32)


def _share(turn: Floats, k: int) -> Floats:
    """Return the share of direction ``k`` at each pixel: 1 at it, 0 at the next one."""
    apart = np.abs((turn - k + DIRECTIONS / 2) % DIRECTIONS - DIRECTIONS / 2)
    return np.asarray(np.maximum(1 - apart, 0), np.float32)
