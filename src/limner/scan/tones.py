"""Pages that are full of tones: halftones, which are smoothed, and photographs, which are called so.

Letters: ``H`` and ``W`` of a page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import scipy.ndimage as nd
from PIL import Image

from limner.scan.binarise import EIGHT, LEAST_CONTRAST, LEAST_SEPARABILITY, level_counts, otsu, separability

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.scan.binarise import Dark, Mask

    Grey = NDArray[np.float32]

BLOCK_PX = 32
"""Side of the blocks in which a halftone is looked for."""

SMALLEST_BLOCKS = 4
"""Smaller pages, in blocks, are neither halftones nor photographs."""

SMALL_PART = 12
"""Dots of a halftone, and the paper between them, have no more pixels than this, ..."""

PARTS_A_BLOCK = 20
"""... and there are so many of them in a block."""

RIM_A_PIXEL = 0.15
"""Changes between ink and paper a pixel, by rows and columns, below which a block has no halftone."""

HALFTONE_SHARE = 0.05
"""Share of the blocks from which on a page is a halftone."""

SMOOTHING = (0.6, 1.0, 4.0)
"""Standard deviation that smooths a halftone: a share of its dots' distance, and its bounds in pixels."""

LEAST_DARK = 0.25
"""Photographs have tones darker than this; what is paler is paper."""

MIDDLE = (0.15, 0.85)
"""Tones are between these shares of the darkest; what is beyond is paper and ink."""


class _Look(NamedTuple):
    """A way to look for tones; photographs have them both near, where hatching has none, and afar."""

    side_px: int
    """Longest side of the copy that is looked at."""
    blur_px: float
    """Standard deviation of its blurring, which levels grain."""
    gentle: float
    """Tones change by less than this share of the darkest within 3 x 3 pixels; at the rim of ink they change
    faster."""
    least_share: float
    """Share of the page that has tones if it is a photograph."""


NEAR, AFAR = _Look(1_200, 0.0, 0.25, 0.08), _Look(400, 2.0, 0.15, 0.1)


def halftone_spacing(dark: Dark) -> float | None:
    """Return the distance of the dots of a halftone in pixels, or None where a page is none.

    Parameters
    ----------
    dark : float32 array of shape ``(H, W)``
        Darkness, about 0 on paper.
    """
    if min(dark.shape) < SMALLEST_BLOCKS * BLOCK_PX:
        return None
    counts = level_counts(dark)
    threshold, paper, ink = otsu(counts)
    if ink - paper < LEAST_CONTRAST or separability(counts) < LEAST_SEPARABILITY:
        return None
    mask = dark > threshold
    if (_rims(mask) >= RIM_A_PIXEL * BLOCK_PX**2).mean() < HALFTONE_SHARE:
        return None
    parts = _small_parts(mask, EIGHT) + _small_parts(~mask, None)
    toned = parts >= PARTS_A_BLOCK
    return BLOCK_PX / float(np.sqrt(parts[toned].mean())) if toned.mean() >= HALFTONE_SHARE else None


def smoothed(grey: Grey, spacing: float) -> Grey:
    """Turn the dots of a halftone, so many pixels apart, into tones."""
    share, least, most = SMOOTHING
    return np.asarray(nd.gaussian_filter(grey, min(most, max(least, share * spacing)), mode="nearest"))


def is_photograph(dark: Dark) -> bool:
    """Tell whether a page, of shape ``(H, W)``, is full of tones between paper and ink."""
    if min(dark.shape) < SMALLEST_BLOCKS * BLOCK_PX:
        return False
    return all(_share_of_tones(dark, look) >= look.least_share for look in (NEAR, AFAR))


def _share_of_tones(dark: Dark, look: _Look) -> float:
    factor = max(1, round(max(dark.shape) / look.side_px))
    small = np.asarray(Image.fromarray(dark).reduce(factor), dtype=np.float32)
    if look.blur_px:
        small = nd.gaussian_filter(small, look.blur_px)
    darkest = float(np.quantile(small, 0.995))
    if darkest < LEAST_DARK:
        return 0.0
    change = nd.maximum_filter(small, 3) - nd.minimum_filter(small, 3)
    low, high = (share * darkest for share in MIDDLE)
    return float(((small > low) & (small < high) & (change < look.gentle * darkest)).mean())


def _rims(mask: Mask) -> NDArray[np.float64]:
    """Count the changes between ink and paper in each block."""
    rims = np.zeros(mask.shape, np.uint8)
    rims[1:] += mask[1:] != mask[:-1]
    rims[:, 1:] += mask[:, 1:] != mask[:, :-1]
    return _sums(rims)


def _small_parts(mask: Mask, neighbours: Mask | None) -> NDArray[np.float64]:
    """Count the small connected parts of a mask in each block."""
    parts, _ = nd.label(mask, neighbours)
    areas = np.bincount(parts.ravel())
    share = np.where(areas <= SMALL_PART, 1 / np.maximum(areas, 1), 0).astype(np.float32)
    share[0] = 0
    return _sums(share[parts])


def _sums(values: NDArray[np.uint8] | NDArray[np.float32]) -> NDArray[np.float64]:
    """Add up the values in each whole block."""
    rows, columns = (n // BLOCK_PX for n in values.shape)
    whole = values[: rows * BLOCK_PX, : columns * BLOCK_PX]
    return np.asarray(whole.reshape(rows, BLOCK_PX, columns, BLOCK_PX).sum(axis=(1, 3), dtype=np.float64))
