"""Colour features of a picture: how light, how coloured, and where.

Letters: ``H`` and ``W`` of a picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from skimage.color import rgb2lab

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

PARTS = 4
"""Cells along a side in which the mean colour is taken."""

HUES = 8
GREYEST = 8.0
"""Chroma in CIELAB below which a pixel has no hue worth counting."""

LIGHTNESS_EDGES = (15, 30, 45, 60, 70, 80, 90)
CHROMA_EDGES = (4, 8, 14, 22, 35, 55)


def colour_rows(picture: Image.Image) -> Floats:
    """Return the colour features of an RGB picture: ``(D,)``, each about from -1 to 1."""
    lab = rgb2lab(np.asarray(picture)).astype(np.float32)  # (H, W, 3)
    light, chroma = lab[..., 0], np.hypot(lab[..., 1], lab[..., 2])
    coloured = chroma > GREYEST
    hue = np.arctan2(lab[..., 2], lab[..., 1])[coloured]
    of_hue = np.floor((hue / (2 * np.pi) % 1) * HUES).astype(np.int64) % HUES
    hues = np.sqrt(np.bincount(of_hue, chroma[coloured], HUES) / (chroma.sum() + 1.0))
    quantiles = np.concatenate(
        [np.quantile(light, (0.02, 0.1, 0.5, 0.9)) / 100, np.quantile(chroma, (0.5, 0.9, 0.99)) / 60]
    )
    spreads = np.array([light.std() / 30, chroma.std() / 20, coloured.mean()])
    return np.concatenate(
        [
            _shares(light, LIGHTNESS_EDGES),
            _shares(chroma, CHROMA_EDGES),
            hues,
            quantiles,
            spreads,
            _parts(lab) / 4,
        ]
    ).astype(np.float32)


def _shares(values: Floats, edges: tuple[int, ...]) -> Floats:
    counts = np.bincount(np.searchsorted(edges, values.ravel()), minlength=len(edges) + 1)
    return np.asarray(np.sqrt(counts / values.size), np.float32)


def _parts(lab: Floats) -> Floats:
    """Return the mean colour of each part of a picture."""
    means = [
        np.asarray(Image.fromarray(channel).resize((PARTS, PARTS), Image.Resampling.BOX)).ravel()
        for channel in np.moveaxis(lab, 2, 0)
    ]
    return np.concatenate([means[0] / 50 - 1, means[1] / 30, means[2] / 30])
