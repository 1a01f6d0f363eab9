"""How dark paper and ink of a page are, and whether there is any ink.

Darkness is about 0 on paper, up to 1. Letters: ``H`` and ``W`` of the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import scipy.ndimage as nd

from limner.scan.thresholds import LEVELS, level_counts, otsu, separability

if TYPE_CHECKING:
    from limner.scan.thresholds import Counts, Dark

EIGHT = np.ones((3, 3), dtype=bool)
"""Pixels touch along sides and at corners."""

MIN_CONTRAST = 0.08
"""Difference of darkness between ink and paper below which a page is blank."""

GRAIN_MARGIN = 5.0
"""Standard deviations of the paper's grain by which faint ink must exceed the paper."""

LOCAL_MARGIN = 3.0
"""Where two tones are clear, standard deviations within few pixels by which ink must exceed the paper."""

SMOOTHEST = 0.44
"""Share of the variance of white noise that the smoothest tenth of its 3 x 3 windows has (simulated)."""

UNCORRELATED = 3.0
"""Standard deviations of a Gaussian filter beyond which smoothed noise is nearly uncorrelated (exp -9/4)."""

MIN_SEPARABILITY = 0.7
"""Least share of the variance between two tones; Gaussian noise has 2 / pi, an even ramp 3 / 4."""

LONG_SHARE = 0.1
"""Lines in much grain must be longer than this share of the longest side."""

GRIP = 0.6
"""With one threshold, lines are followed down to this share of it."""

MIN_COMPONENT = 8
"""Pixels that a component of faint ink must have."""


class PageTones(NamedTuple):
    """How dark paper and ink are."""

    threshold: float
    """Darkness between ink and paper."""
    faintest: float
    """Upper bound of the paper's darkness, its grain included."""
    contrast: float
    """Mean darkness of the ink minus that of the paper."""


def page_tones(dark: Dark, blur_px: float = 0.0) -> PageTones | None:
    """Estimate how dark paper and ink are; return None where there is only paper.

    The histogram of a page shows how much its paper varies: by grain, but also by soft edges, ruling and what
    shines through, which are no grain. Where ink does not exceed all that although two tones are clear, the
    variation within few pixels is used instead; where they are not clear, lines must exceed that variation.

    Parameters
    ----------
    dark : float32 array of shape ``(H, W)``
    blur_px : float
        Standard deviation of the filter that smoothed the page, which correlates its grain.
    """
    counts = level_counts(dark)
    threshold, paper, ink = otsu(counts)
    if ink - paper < MIN_CONTRAST:
        return None
    grain = _grain(counts, threshold)
    if threshold < paper + GRAIN_MARGIN * grain - GRAIN_MARGIN / LEVELS:
        local = local_grain(dark, blur_px) if blur_px else min(grain, local_grain(dark))
        if separability(counts) < MIN_SEPARABILITY:
            return _sparse_tones(dark, local)
        grain = min(local, (GRIP * threshold - paper) / GRAIN_MARGIN)
        if threshold < paper + LOCAL_MARGIN * local:
            return None
    return PageTones(threshold, paper + GRAIN_MARGIN * grain, ink - paper)


def local_grain(dark: Dark, blur_px: float = 0.0) -> float:
    """Estimate the standard deviation of the paper's grain from the smoothest tenth of all 3 x 3 windows.

    Of a page that was smoothed only pixels :data:`UNCORRELATED` standard deviations apart are looked at:
    grain is no white noise between nearer ones, and would be underestimated.
    """
    step = max(1, round(UNCORRELATED * blur_px))
    dark = dark[::step, ::step]
    mean = nd.uniform_filter(dark, 3, mode="nearest")
    variance = nd.uniform_filter(dark * dark, 3, mode="nearest") - mean * mean
    return float(np.sqrt(max(0.0, float(np.quantile(variance, 0.1))) / SMOOTHEST))


def _sparse_tones(dark: Dark, grain: float) -> PageTones | None:
    """Estimate the tones of few lines in much grain: long components far above the paper."""
    paper = float(np.median(dark))
    faintest = paper + GRAIN_MARGIN * grain
    parts, _ = nd.label(dark > faintest, EIGHT)
    min_length = max(3 * MIN_COMPONENT, LONG_SHARE * max(dark.shape))
    long = [
        number
        for number, (rows, columns) in enumerate(nd.find_objects(parts), start=1)
        if max(rows.stop - rows.start, columns.stop - columns.start) >= min_length
    ]
    if not long:
        return None
    contrast = float(dark[np.isin(parts, long)].mean()) - paper
    if contrast < MIN_CONTRAST:
        return None
    return PageTones(max(faintest, paper + contrast / 2), faintest, contrast)


def _grain(counts: Counts, threshold: float) -> float:
    """Estimate the standard deviation of the paper from the darker half of its levels."""
    paper = np.cumsum(counts[: max(1, int(threshold * len(counts)))])
    if not paper[-1]:
        return 0.0
    middle, upper = np.searchsorted(paper, np.array([0.5, 0.84]) * paper[-1])
    return float(upper - middle) / len(counts)
