"""Darkness of a page relative to its paper: tone, shading and polarity of the paper are removed.

Letters: ``H`` and ``W`` of a picture, ``h`` and ``w`` of its small copy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.ndimage as nd
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

SMALL_PX = 160
"""Longest side of the copy on which shading is estimated."""

WINDOW_SHARE = 0.12
"""Dark shapes up to this share of the longest side are ink; wider ones may be shading."""

DARK_PAPER_SHARE = 0.6
"""A picture of which more than this share is dark is light ink on dark paper; ..."""

UNCLEAR_SHARES = (0.4, 0.75)
"""... between these shares its border decides, ..."""

CLEAR_BORDER = 0.8
"""... if more than this share of the border is dark, or is light."""

SHADE_LIMIT = 0.55
"""Paper darker than this share of its surroundings is a filled area, not shading."""


def darkness(grey: Floats) -> Floats:
    """Return how much darker than the paper each pixel is.

    Parameters
    ----------
    grey : float32 array of shape ``(H, W)``
        From 0 (black) to 255 (white).

    Returns
    -------
    float32 array of shape ``(H, W)``
        About 0 on paper, up to 1 where no light is reflected. Light lines on dark paper are inverted.
    """
    small = _small(grey)
    if _is_dark(small):
        grey, small = 255 - grey, 255 - small
    paper = np.maximum(_enlarged(paper_tone(small), grey.shape), 1.0)
    np.divide(grey, paper, out=paper)
    np.subtract(1.0, paper, out=paper)
    return paper


def paper_tone(small: NDArray[Any]) -> Floats:
    """Estimate the tone of the paper at every pixel of a small picture, of shape ``(h, w)``.

    The bright envelope follows shading of any form; under filled areas, which are darker than shading ever
    is, it is replaced by a smooth surface fitted to the rest of the paper.
    """
    window = 2 * max(2, round(WINDOW_SHARE * max(small.shape) / 2)) + 1
    bright = nd.percentile_filter(small, 75, size=3, mode="nearest")
    envelope = nd.grey_closing(bright, size=(window, window), mode="nearest").astype(np.float32)
    surface = _surface(envelope)
    covered = envelope < SHADE_LIMIT * surface
    return np.asarray(nd.gaussian_filter(np.where(covered, surface, envelope), 2, mode="nearest"), np.float32)


def _small(grey: Floats) -> Floats:
    factor = max(1, round(max(grey.shape) / SMALL_PX))
    image = Image.fromarray(grey)
    return np.asarray(image.reduce(factor), dtype=np.float32)


def _enlarged(small: Floats, shape: tuple[int, ...]) -> Floats:
    image = Image.fromarray(small).resize((shape[1], shape[0]), Image.Resampling.BILINEAR)
    return np.array(image, dtype=np.float32)


def _is_dark(small: Floats) -> bool:
    dark = small < (float(small.min()) + float(small.max())) / 2
    share, (least, most) = float(dark.mean()), UNCLEAR_SHARES
    border = float(np.concatenate([dark[0], dark[-1], dark[:, 0], dark[:, -1]]).mean())
    if least < share < most and max(border, 1 - border) > CLEAR_BORDER:
        return border > CLEAR_BORDER
    return share > DARK_PAPER_SHARE


def _surface(tone: Floats) -> Floats:
    """Fit a quadratic surface to the brighter part of the tones, twice."""
    y, x = np.mgrid[-1 : 1 : tone.shape[0] * 1j, -1 : 1 : tone.shape[1] * 1j]
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1).reshape(-1, 6)
    values = tone.ravel().astype(np.float64)
    kept = values >= np.median(values) * SHADE_LIMIT
    for _ in range(2):
        design = terms[kept]
        factors = np.linalg.lstsq(design.T @ design, design.T @ values[kept], rcond=None)[0]
        fitted = terms @ factors
        kept = values >= 0.8 * fitted
    return np.asarray(
        np.clip(fitted, values[kept].min(initial=1.0), values.max()).reshape(tone.shape), np.float32
    )
