"""Darkness to ink: one threshold for the page (Otsu), or one for each pixel if much ink is faint (Sauvola).

Darkness is about 0 on paper, up to 1. Letters: ``H`` and ``W`` of the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import scipy.ndimage as nd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Dark = NDArray[np.float32]

Method = Literal["otsu", "sauvola"]

LEVELS = 256
EIGHT = np.ones((3, 3), dtype=bool)
"""Pixels touch along sides and at corners."""

LEAST_CONTRAST = 0.08
"""Darkness between ink and paper below which a page counts as blank."""

GRAIN_MARGIN = 5.0
"""Standard deviations of the paper's grain that faint ink must stand above the paper."""

LOCAL_MARGIN = 3.0
"""Where two tones are clear, standard deviations within few pixels that ink must stand above the paper."""

SMOOTHEST = 0.44
"""Share of the variance of white noise that the smoothest tenth of 3 x 3 pixels has."""

LEAST_SEPARABILITY = 0.7
"""Share of the variance between two tones; noise has 2 / pi, an even ramp 3 / 4."""

LONG_SHARE = 0.1
"""Few lines in much grain are longer than this share of the longest side."""

FAINTEST = 0.05
"""Ink fainter than this is not looked for."""

GRIP = 0.6
"""With one threshold, lines are followed down to this share of it."""

FAINT_SHARE = 0.03
"""Sauvola's thresholds are taken if there is this share of faint ink beside what one threshold finds."""

BLOCK_PX = 4
"""Side of the blocks in which that is counted."""

LONG_ENOUGH = 8
"""Pixels that faint ink must have in one piece."""

WINDOW_SHARE = 0.03
LEAST_WINDOW_PX = 15
"""Sauvola's window: a share of the longest side, and no less than that."""


@dataclass(frozen=True)
class Ink:
    """Where the ink is.

    Parameters
    ----------
    mask : bool array of shape ``(H, W)``
    sure : bool array of shape ``(H, W)``
        Part of it; what is connected with none of this is no ink after all.
    method : {"otsu", "sauvola"}
    threshold : float
        Otsu's: darkness between ink and paper.
    contrast : float
        Mean darkness of the ink less that of the paper.
    """

    mask: Mask
    sure: Mask
    method: Method
    threshold: float
    contrast: float


class Tones(NamedTuple):
    """How dark paper and ink are."""

    threshold: float
    """Darkness between ink and paper."""
    faintest: float
    """Darkness above which paper is not, whatever its grain."""
    contrast: float
    """Mean darkness of the ink less that of the paper."""


def find_ink(
    dark: Dark, method: Method | None = None, *, strictness: float = 1.0, faintest: float = FAINTEST
) -> Ink | None:
    """Tell ink from paper, or give None where there is nothing but paper.

    Parameters
    ----------
    dark : float32 array of shape ``(H, W)``
        As :func:`limner.scan.paper.darkness` gives it.
    method : {"otsu", "sauvola"}, optional
        Chosen by how much faint ink there is unless given.
    strictness : float
        Ink must be so many times as dark as it would have to be otherwise.
    faintest : float
        Darkness of the faintest ink that is looked for.
    """
    tones = tones_of(dark)
    if tones is None:
        return None
    limits = (tones.threshold, tones.faintest, max(faintest, tones.faintest))
    threshold, faintest, floor = (strictness * limit for limit in limits)
    sure = dark > threshold
    mask = dark > max(GRIP * threshold, faintest)
    if method is None:
        uneven = floor < GRIP * threshold and _faint_share(dark > floor, mask) > FAINT_SHARE
        method = "sauvola" if uneven else "otsu"
    if method == "sauvola":
        mask |= sauvola(dark, max(LEAST_WINDOW_PX, round(WINDOW_SHARE * max(dark.shape))) | 1, floor)
        mask &= dark > (1 - strictness**-2) * threshold  # which asks nothing more where the strictness is 1
        sure |= long_pieces(mask & ~sure)
    return Ink(mask, sure, method, threshold, tones.contrast)


def tones_of(dark: Dark) -> Tones | None:
    """Find out how dark paper and ink are, or return None where there is nothing but paper.

    The levels of a page tell how much its paper varies: grain, and soft edges, ruling and what shines
    through besides, which are no grain. Where ink does not stand out from all that although two tones are
    clear, paper varies as much as it does within a few pixels; where they are not, lines must stand out from
    that.
    """
    counts = level_counts(dark)
    threshold, paper, ink = otsu(counts)
    if ink - paper < LEAST_CONTRAST:
        return None
    grain = _grain(counts, threshold)
    if threshold < paper + GRAIN_MARGIN * grain - GRAIN_MARGIN / LEVELS:
        local = min(grain, local_grain(dark))
        if separability(counts) < LEAST_SEPARABILITY:
            return _sparse(dark, local)
        grain = min(local, (GRIP * threshold - paper) / GRAIN_MARGIN)
        if threshold < paper + LOCAL_MARGIN * local:
            return None
    return Tones(threshold, paper + GRAIN_MARGIN * grain, ink - paper)


def local_grain(dark: Dark) -> float:
    """Estimate the standard deviation of the paper's grain from the smoothest tenth of all 3 x 3 pixels."""
    mean = nd.uniform_filter(dark, 3, mode="nearest")
    variance = nd.uniform_filter(dark * dark, 3, mode="nearest") - mean * mean
    return float(np.sqrt(max(0.0, float(np.quantile(variance, 0.1))) / SMOOTHEST))


def separability(counts: NDArray[np.float64]) -> float:
    """Return the share of the variance of levels that is between Otsu's two classes, his eta, from 0 to 1."""
    threshold, low, high = otsu(counts)
    levels = (np.arange(len(counts)) + 0.5) / len(counts)
    mass = counts / counts.sum()
    share, mean = float(mass[levels > threshold].sum()), float(mass @ levels)
    return share * (1 - share) * (high - low) ** 2 / max(float(mass @ (levels - mean) ** 2), 1e-12)


def _sparse(dark: Dark, grain: float) -> Tones | None:
    """Find the tones of few lines in much grain: long pieces far above the paper."""
    paper = float(np.median(dark))
    faintest = paper + GRAIN_MARGIN * grain
    parts, _ = nd.label(dark > faintest, EIGHT)
    least = max(3 * LONG_ENOUGH, LONG_SHARE * max(dark.shape))
    long = [
        number
        for number, (rows, columns) in enumerate(nd.find_objects(parts), start=1)
        if max(rows.stop - rows.start, columns.stop - columns.start) >= least
    ]
    if not long:
        return None
    contrast = float(dark[np.isin(parts, long)].mean()) - paper
    return (
        Tones(max(faintest, paper + contrast / 2), faintest, contrast) if contrast >= LEAST_CONTRAST else None
    )


def otsu(counts: NDArray[np.float64]) -> tuple[float, float, float]:
    """Find the threshold between two classes of levels from 0 to 1, and the mean of each class.

    Source: Otsu 1979. Of equally good thresholds the middle one is taken.
    """
    levels = (np.arange(len(counts)) + 0.5) / len(counts)
    below, mass = np.cumsum(counts), np.cumsum(counts * levels)
    above = below[-1] - below
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = mass / below, (mass[-1] - mass) / above
        spread = np.nan_to_num(below * above * (high - low) ** 2)
    if not spread.max():
        mean = float(mass[-1] / below[-1])
        return mean, mean, mean
    best = np.flatnonzero(spread >= spread.max() * (1 - 1e-9))
    at = int(best[len(best) // 2])
    return (at + 1) / len(counts), float(low[at]), float(high[at])


def sauvola(dark: Dark, window_px: int, floor: float) -> Mask:
    """Compare each pixel with its surroundings: Sauvola and Pietikainen 2000, in terms of darkness.

    A pixel is ink if its brightness ``b = 1 - dark`` is below ``m (1 + k (s / R - 1))``, where ``m`` and
    ``s`` are mean and standard deviation of ``b`` in a window and ``R`` is the largest ``s`` of the page. On
    even paper that is a darkness of ``k``, which is ``floor`` here.
    """
    mean = nd.uniform_filter(dark, window_px, mode="nearest")
    square = nd.uniform_filter(dark * dark, window_px, mode="nearest")
    square -= mean * mean
    spread = np.sqrt(np.maximum(square, 0, out=square), out=square)
    spread /= max(float(spread.max()), 1e-6)
    return np.asarray(dark > 1 - (1 - mean) * (1 + floor * (spread - 1)))


def long_pieces(mask: Mask) -> Mask:
    """Keep the connected parts of a mask that have :data:`LONG_ENOUGH` pixels."""
    parts, _ = nd.label(mask, EIGHT)
    kept = np.bincount(parts.ravel()) >= LONG_ENOUGH
    kept[0] = False
    return np.asarray(kept[parts])


def _faint_share(faint: Mask, mask: Mask) -> float:
    """Estimate how much ink there is in a fainter mask, not beside that of a mask, as a share of the latter.

    Both are looked at in blocks of pixels; what is in a block with ink, or less than a pen's width from it,
    is its rim.
    """
    near, more = (_blocks(m) for m in (mask, faint))
    rim = max(1, round(pen_width(mask) / BLOCK_PX))
    more &= nd.distance_transform_cdt(~near, "chessboard") > rim if near.any() else True
    return float(more.sum()) / max(float(near.sum()), 1.0)


def _blocks(mask: Mask) -> Mask:
    height, width = (n - n % BLOCK_PX for n in mask.shape)
    whole = mask[:height, :width]
    rows = np.logical_or.reduce([whole[i::BLOCK_PX] for i in range(BLOCK_PX)])
    return np.asarray(np.logical_or.reduce([rows[:, i::BLOCK_PX] for i in range(BLOCK_PX)]))


def pen_width(mask: Mask) -> float:
    """Estimate the width of the pen: area of the ink over half the length of its rim.

    The rim of a line at any slant has, by rows and columns, 4 / pi times its length.
    """
    rim = int(np.count_nonzero(mask[1:] != mask[:-1]) + np.count_nonzero(mask[:, 1:] != mask[:, :-1]))
    return 8 / pi * int(np.count_nonzero(mask)) / max(rim, 1)


def level_counts(dark: Dark) -> NDArray[np.float64]:
    """Count the pixels at each of :data:`LEVELS` levels of darkness from 0 to 1."""
    levels = np.clip(dark.ravel() * LEVELS, 0, LEVELS - 1).astype(np.uint8)
    return np.bincount(levels, minlength=LEVELS).astype(np.float64)


def _grain(counts: NDArray[np.float64], threshold: float) -> float:
    """Estimate the standard deviation of the paper from the darker half of its levels."""
    paper = np.cumsum(counts[: max(1, int(threshold * len(counts)))])
    if not paper[-1]:
        return 0.0
    middle, upper = np.searchsorted(paper, np.array([0.5, 0.84]) * paper[-1])
    return float(upper - middle) / len(counts)
