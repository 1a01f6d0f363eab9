"""Pages full of tones: halftones, which are smoothed, and photographs, which are recognized.

Letters: ``H`` and ``W`` of a page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import scipy.ndimage as nd
from PIL import Image

from limner.scan.page_tones import EIGHT, MIN_CONTRAST, MIN_SEPARABILITY
from limner.scan.thresholds import level_counts, otsu, separability

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.scan.thresholds import Dark, Mask

    Grey = NDArray[np.float32]

BLOCK_PX = 32
"""Side of the blocks in which a halftone is looked for."""

SMALLEST_BLOCKS = 4
"""Pages with a shorter side, in blocks, are neither halftones nor photographs."""

SMALL_PART = 12
"""Dots of a halftone, and the holes between them, have no more pixels than this, ..."""

PARTS_A_BLOCK = 20
"""... and a block holds at least so many of them."""

CHANGES_A_PIXEL = 0.15
"""Changes between ink and paper per pixel, by rows and columns, below which a block has no halftone."""

HALFTONE_SHARE = 0.05
"""Share of the blocks above which a page is a halftone."""

SMOOTHING = (0.6, 1.0, 4.0)
"""Standard deviation of the filter that smooths a halftone: as a share of the distance of its dots, and its
bounds in pixels."""

MIN_DARKNESS = 0.25
"""Photographs have tones darker than this; paler tones are paper."""

MIDDLE = (0.15, 0.85)
"""Tones lie between these shares of the darkest; the rest is paper and ink."""


class _ToneProbe(NamedTuple):
    """A scale at which tones are looked for; photographs have them at both scales, hatching at one."""

    side_px: int
    """Longest side of the reduced copy."""
    blur_px: float
    """Standard deviation of the filter that removes grain."""
    gentle: float
    """Tones change by less than this share of the darkest within 3 x 3 pixels, the edge of ink by more."""
    min_share: float
    """Share of a photograph that consists of tones."""


FINE, COARSE = _ToneProbe(1_200, 0.0, 0.25, 0.08), _ToneProbe(400, 2.0, 0.15, 0.1)


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
    if ink - paper < MIN_CONTRAST or separability(counts) < MIN_SEPARABILITY:
        return None
    mask = dark > threshold
    if (_changes(mask) >= CHANGES_A_PIXEL * BLOCK_PX**2).mean() < HALFTONE_SHARE:
        return None
    parts = _small_parts(mask, EIGHT) + _small_parts(~mask, None)
    toned = parts >= PARTS_A_BLOCK
    return BLOCK_PX / float(np.sqrt(parts[toned].mean())) if toned.mean() >= HALFTONE_SHARE else None


def smoothing_px(spacing: float) -> float:
    """Return the standard deviation of the filter that smooths dots at a spacing, both in pixels."""
    share, lower, upper = SMOOTHING
    return min(upper, max(lower, share * spacing))


def smooth_halftone(grey: Grey, spacing: float) -> Grey:
    """Convert the dots of a halftone, at a spacing in pixels, to tones."""
    return np.asarray(nd.gaussian_filter(grey, smoothing_px(spacing), mode="nearest"))


def is_photograph(dark: Dark) -> bool:
    """Return whether a page, of shape ``(H, W)``, is full of tones between paper and ink."""
    if min(dark.shape) < SMALLEST_BLOCKS * BLOCK_PX:
        return False
    return all(_share_of_tones(dark, probe) >= probe.min_share for probe in (FINE, COARSE))


def _share_of_tones(dark: Dark, probe: _ToneProbe) -> float:
    factor = max(1, round(max(dark.shape) / probe.side_px))
    small = np.asarray(Image.fromarray(dark).reduce(factor), dtype=np.float32)
    if probe.blur_px:
        small = nd.gaussian_filter(small, probe.blur_px)
    darkest = float(np.quantile(small, 0.995))
    if darkest < MIN_DARKNESS:
        return 0.0
    change = nd.maximum_filter(small, 3) - nd.minimum_filter(small, 3)
    low, high = (share * darkest for share in MIDDLE)
    return float(((small > low) & (small < high) & (change < probe.gentle * darkest)).mean())


def _changes(mask: Mask) -> NDArray[np.float64]:
    """Count the changes between ink and paper in each block."""
    changes = np.zeros(mask.shape, np.uint8)
    changes[1:] += mask[1:] != mask[:-1]
    changes[:, 1:] += mask[:, 1:] != mask[:, :-1]
    return _block_sums(changes)


def _small_parts(mask: Mask, structure: Mask | None) -> NDArray[np.float64]:
    """Count the small connected components of a mask in each block."""
    parts, _ = nd.label(mask, structure)
    areas = np.bincount(parts.ravel())
    share = np.where(areas <= SMALL_PART, 1 / np.maximum(areas, 1), 0).astype(np.float32)
    share[0] = 0
    return _block_sums(share[parts])


def _block_sums(values: NDArray[np.uint8] | NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the sum of the values in each whole block."""
    rows, columns = (n // BLOCK_PX for n in values.shape)
    whole = values[: rows * BLOCK_PX, : columns * BLOCK_PX]
    return np.asarray(whole.reshape(rows, BLOCK_PX, columns, BLOCK_PX).sum(axis=(1, 3), dtype=np.float64))
