"""Strips of a page: how dark each row is, strip by strip, and at what frequency lines recur.

A stroke seldom covers more than half of the pixels of a row of a narrow strip; a printed line covers all of
them. The clearest frequency of the strips is that of the lines, and its phase in each strip is their course.

Letters: ``H`` and ``W`` of the page, ``K`` strips, ``R`` rows of leveled strips.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import scipy.ndimage as nd
from numpy.polynomial import Polynomial

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.scan.thresholds import Dark

    Floats = NDArray[np.float64]

MAX_STRIPS = 64
"""Strips of a page."""

STRIP_PX = (4, 16)
"""Least and greatest width of a strip; in between a 32nd of the page."""

DOTTED_STRIPS = 16
"""Strips where dots are looked for; each must show several of them."""

SLICE_PX = 4
"""Width of the slices of which a strip for dots consists, which are shifted against each other."""

SLOPES = np.linspace(-0.06, 0.06, 13)
"""Slopes of rows of dots that are tried, up to three and a half degrees."""

PHASE_SLOPES = np.linspace(-0.06, 0.06, 121)
"""Slopes of lines that are tried, up to three and a half degrees."""

CLIP_QUANTILE = 0.95
"""Rows of a strip for dots are clipped at this quantile: strokes would drown dots in the spectrum."""

MAX_LINE_SHARE = 0.03
"""Lines are narrower than this share of the longest side."""

PADDING = 4
"""Factor by which strips are padded for a finer spectrum."""

MIN_LINES = 5
"""Lines that make a ruling."""

PROMINENCE = 4.0
"""Factor by which the frequency of lines exceeds the median of the spectrum around it."""


HARMONIC_SHARE = 0.6
"""Frequencies of at least this share of the strongest one's amplitude may be that of the lines."""


class Strips(NamedTuple):
    """Strips of columns."""

    middles: Floats
    """Column of the middle of each strip, ``(K,)``."""
    rows: Floats
    """Per row, how much darker its typical pixel is than what surrounds it, ``(K, H)``."""


class LeveledStrips(NamedTuple):
    """Strips shifted so that lines are level."""

    rows: Floats
    """``(K, R)``, 0 beyond the page."""
    inside: NDArray[np.bool_]
    """Which of them lie on the page, ``(K, R)``."""
    first: int
    """Row of the page, where the course of the lines is 0, that the first row of the strips is."""

    @property
    def profile(self) -> Floats:
        """Median of all strips that lie on the page, ``(R,)``; 0 where fewer than two do."""
        values = np.where(self.inside, self.rows, np.nan)
        enough = self.inside.sum(axis=0) >= min(2, len(self.rows))
        profile = np.zeros(values.shape[1])
        profile[enough] = np.nanmedian(values[:, enough], axis=0)
        return profile

    def smoothed(self, width_px: int) -> LeveledStrips:
        """Return the strips averaged over so many rows."""
        return self._replace(rows=nd.uniform_filter1d(self.rows, width_px, axis=1))


def line_strips(dark: Dark) -> Strips:
    """Return the strips of a page, of shape ``(H, W)``, in which lines are looked for."""
    width = int(np.clip(dark.shape[1] // 32, *STRIP_PX))
    lefts = np.linspace(0, dark.shape[1] - width, min(MAX_STRIPS, dark.shape[1] // width)).round().astype(int)
    rows = np.stack([np.median(dark[:, left : left + width], axis=1) for left in lefts])
    return Strips(lefts + (width - 1) / 2, _without_background(rows, dark.shape))


def dot_strips(dark: Dark) -> Strips:
    """Return the strips of a page, of shape ``(H, W)``, in which rows of dots are looked for.

    Strips are wide, so rows of dots are followed at the slope at which they are clearest.
    """
    height, width = dark.shape
    per_strip = max(1, width // DOTTED_STRIPS // SLICE_PX)
    number = width // (per_strip * SLICE_PX)
    whole = dark[:, : number * per_strip * SLICE_PX]
    slices = whole.reshape(height, number, per_strip, SLICE_PX).mean(axis=3).transpose(1, 2, 0)
    middles = (np.arange(number) + 0.5) * per_strip * SLICE_PX - 0.5
    sloped = [_clipped(_without_background(_mean_along(slices, slope), dark.shape)) for slope in SLOPES]
    contrast = [float(np.square(rows).sum()) for rows in sloped]
    return Strips(middles, sloped[int(np.argmax(contrast))])


def _mean_along(slices: NDArray[np.float32], slope: float) -> Floats:
    """Return the mean of the slices of each strip, ``(K, slices, H)``, along rows of a slope."""
    number, per_strip, height = slices.shape
    rows = np.arange(height)
    total = np.zeros((number, height))
    for index in range(per_strip):
        down = slope * SLICE_PX * (index - (per_strip - 1) / 2)
        lower = int(np.floor(down))
        near = [np.clip(rows + lower + step, 0, height - 1) for step in (0, 1)]
        total += (1 - down + lower) * slices[:, index, near[0]] + (down - lower) * slices[:, index, near[1]]
    return np.asarray(total / per_strip)


def _without_background(rows: NDArray[np.floating], shape: tuple[int, ...]) -> Floats:
    """Subtract what is wider than a line."""
    window = max(5, 2 * round(MAX_LINE_SHARE * max(shape) / 2) + 1)
    background = nd.grey_opening(rows, size=(1, window), mode="nearest")
    return np.asarray(rows - background, np.float64)


def _clipped(rows: Floats) -> Floats:
    return np.asarray(np.minimum(rows, np.quantile(rows, CLIP_QUANTILE, axis=1, keepdims=True)))


def line_frequency(strips: Strips) -> float | None:
    """Return the frequency of lines in the strips in cycles per pixel, or None where none is prominent.

    Of the frequencies about as strong as the strongest it is the lowest: lines as thin as a pixel have
    harmonics that are as strong as their own frequency.
    """
    height = strips.rows.shape[1]
    n = PADDING * height
    spectrum = np.median(np.abs(np.fft.rfft(strips.rows * np.hanning(height), n, axis=1)), axis=0)
    around = nd.median_filter(spectrum, size=16 * PADDING + 1, mode="reflect")
    lowest = PADDING * MIN_LINES
    prominent = spectrum[lowest:] * (spectrum[lowest:] > PROMINENCE * around[lowest:])
    if not prominent.any():
        return None
    first = int(np.argmax(prominent >= HARMONIC_SHARE * prominent.max()))
    peak = first + int(prominent[first : first + 2 * PADDING].argmax())
    return float((peak + lowest) / n)


def line_course(strips: Strips, frequency: float) -> Floats:
    """Return how many rows lower than on average lines are in each strip, ``(K,)``, from the strips' phases.

    A cubic through the phases follows lines that are turned or bent a little; strips whose phase is far from
    it, as where a stroke is darker than the lines, are ignored.
    """
    height = strips.rows.shape[1]
    wave = strips.rows @ (np.exp(-2j * np.pi * frequency * np.arange(height)) * np.hanning(height))  # (K,)
    shifts = _unwrapped_shifts(wave, strips.middles, 2 * np.pi * frequency)
    weight, kept = np.abs(wave), np.ones(len(shifts), dtype=bool)
    for degree in (1, 3, 3):
        curve = Polynomial.fit(strips.middles[kept], shifts[kept], degree, w=weight[kept])
        away = np.abs(shifts - curve(strips.middles))
        kept = away <= max(0.5, 2.5 * float(np.median(away)))
    return np.asarray(curve(strips.middles) - curve(strips.middles.mean()))


def _unwrapped_shifts(wave: NDArray[np.complex128], middles: Floats, angular: float) -> Floats:
    """Return the shifts of strips, ``(K,)``, from the phases of their waves at an angular frequency.

    Phases are ambiguous by whole spacings. They are resolved beside the slope on which most strips agree, and
    from neighbor to neighbor by the mean of several strips, so that single strips do not mislead the others.
    """
    phasors = wave / np.maximum(np.abs(wave), 1e-12)
    along = middles - middles.mean()
    agreement = np.abs(np.exp(1j * angular * PHASE_SLOPES[:, None] * along) @ phasors)
    slope = float(PHASE_SLOPES[agreement.argmax()])
    level = phasors * np.exp(1j * angular * slope * along)
    mean = nd.uniform_filter1d(np.real(level), 5) + 1j * nd.uniform_filter1d(np.imag(level), 5)
    smooth = np.unwrap(np.angle(mean))
    phases = smooth + np.angle(level * np.exp(-1j * smooth))
    return np.asarray(slope * along - phases / angular)


def level_strips(strips: Strips, course: Floats) -> LeveledStrips:
    """Shift strips by their course, ``(K,)``, so that lines are level; lines cut by a corner are included."""
    height = strips.rows.shape[1]
    margin = int(np.ceil(np.abs(course).max())) + 2
    rows = np.arange(-margin, height + margin)
    at = rows + course[:, None]  # (K, R)
    inside = (at >= -0.5) & (at <= height - 0.5)
    leveled = [
        np.interp(wanted, np.arange(height), strip) for wanted, strip in zip(at, strips.rows, strict=True)
    ]
    return LeveledStrips(np.where(inside, leveled, 0), inside, -margin)
