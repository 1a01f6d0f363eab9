"""Printed lines along the rows of a page: straight, at one spacing, from side to side.

A page is looked at in narrow strips of columns: a stroke seldom covers more than half of a strip's pixels in
a row, a printed line covers all of them. How often lines follow each other is the clearest frequency of the
strips; its phase in each strip is the course of the lines, be the page turned or bent a little.

Letters: ``H`` and ``W`` of the page, ``K`` strips, ``L`` lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import scipy.ndimage as nd
from numpy.polynomial import Polynomial
from scipy.signal import find_peaks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.scan.binarise import Dark

    Floats = NDArray[np.float64]

SMALLEST_PX = 96
"""Smaller pages have no ruling."""

STRIPS = 64
STRIP_PX = (4, 16)
"""Least and greatest width of a strip; in between a 32nd of the page."""

DOTTED_STRIPS = 16
"""Strips where dots are looked for; each must show several of them."""

WIDEST_SHARE = 0.03
"""Lines are narrower than this share of the longest side."""

BEYOND_PX = 1.5
"""Lines lie so far outside the page at most."""

PADDING = 4
"""Lengthens the strips, for a finer spectrum."""

CLEAR = 4.0
"""A frequency of lines stands out from those around it by this factor."""

FAINTEST_LINE, FAINTEST_DOTS = 0.03, 0.004
"""Mean darkness along a line; fainter ones are no ink anyway."""

SHALLOWEST = 0.35
"""All lines are at least this share as dark as the darker ones among them."""

RIM = 0.1
"""A line ends where it has less than this share of its darkness."""

FEWEST = 5
"""Lines that make a ruling, ..."""

LEAST_SPAN = 0.4
"""... the share of the page's height that they span, ..."""

LEAST_REACH = 0.8
"""... the share of its width from where a line begins to where it ends, ..."""

LEAST_COVER = 0.7
"""... the share of strips on the way in which it is seen, ..."""

LEAST_FILLED = 0.8
"""... and of the places from the first line to the last, one spacing apart, at which there is one."""

MOST_UNEVEN = (0.6, 0.02)
"""Printed lines lie this many pixels, or this share of the spacing, beside their places at most, ..."""

MOST_WOBBLE_PX = 0.6
"""... and depart so far from each other's course; the lines of a hand depart farther."""


@dataclass(frozen=True)
class Comb:
    """Lines along rows at one spacing.

    Parameters
    ----------
    rows : float64 array of shape ``(L,)``
        Rows of the lines, from 0, where their course is 0.
    course : float64 array of shape ``(W,)``
        How far below that they are in each column.
    spacing : float
        In pixels.
    shades : float64 array of shape ``(L,)``
        Darkness in the middle of each line.
    profile : float64 array of shape ``(2 r + 1,)``
        Darkness from ``r`` rows above a line to ``r`` rows below it, 1 in the middle.
    """

    rows: Floats
    course: Floats
    spacing: float
    shades: Floats
    profile: Floats


def find_comb(dark: Dark, *, dotted: bool = False) -> Comb | None:
    """Find printed lines along the rows of a page; return None where there are none.

    Parameters
    ----------
    dark : float32 array of shape ``(H, W)``
        Darkness, about 0 on paper.
    dotted : bool
        Whether lines are rows of dots; their darkness is then that of dots and gaps in the mean.
    """
    if min(dark.shape) < SMALLEST_PX:
        return None
    middles, strips = _strips(dark, dotted=dotted)  # (K,), (K, H)
    frequency = _frequency(strips)
    if frequency is None:
        return None
    course = _course(middles, strips, frequency)  # (K,)
    faintest = FAINTEST_DOTS if dotted else FAINTEST_LINE
    for blur_px in (3, 1):  # at first the course is known but roughly; lines that are seen make it better
        level = nd.uniform_filter1d(_levelled(strips, course), blur_px, axis=1)
        across = np.median(level, axis=0)  # (H,)
        lattice = _lattice(_peaks(across, faintest), len(across))
        if lattice is None:
            return None
        places, spacing = lattice.places(len(across)), lattice.spacing
        seen, beside = _seen(level, places, np.interp(places, np.arange(len(across)), across))  # (K, L)
        shown = seen.mean(axis=0) >= 0.5
        course = course + nd.median_filter(_common(beside[:, shown]), 5)
    if not _crosses(seen[:, shown]) or not _straight(beside[:, shown]):
        return None
    lines = places[shown]
    shades = np.interp(lines, np.arange(len(across)), across)
    return Comb(
        rows=lines + _common((beside[:, shown] - _common(beside[:, shown])[:, None]).T),
        course=np.interp(np.arange(dark.shape[1]), middles, course),
        spacing=spacing,
        shades=shades,
        profile=_profile(across, lines, spacing),
    )


class _Lattice(NamedTuple):
    """Rows at one spacing."""

    start: float
    spacing: float

    def places(self, height: int) -> Floats:
        """Return all of the rows on a page, and those whose rim is."""
        first = np.ceil((-BEYOND_PX - self.start) / self.spacing)
        last = np.floor((height - 1 + BEYOND_PX - self.start) / self.spacing)
        return self.start + self.spacing * np.arange(first, last + 1)


def _strips(dark: Dark, *, dotted: bool) -> tuple[Floats, Floats]:
    """Return the middle of each strip and, per row, how much darker its median is than what lies around."""
    least, most = STRIP_PX
    width = dark.shape[1] // DOTTED_STRIPS if dotted else int(np.clip(dark.shape[1] // 32, least, most))
    lefts = np.linspace(0, dark.shape[1] - width, min(STRIPS, dark.shape[1] // width)).round().astype(int)
    typical = np.mean if dotted else np.median
    strips = np.stack([typical(dark[:, left : left + width], axis=1) for left in lefts])
    around = max(5, 2 * round(WIDEST_SHARE * max(dark.shape) / 2) + 1)
    strips -= nd.grey_opening(strips, size=(1, around), mode="nearest")
    return lefts + (width - 1) / 2, strips.astype(np.float64)


def _frequency(strips: Floats) -> float | None:
    """Return the frequency that stands out most in the strips, in turns a pixel."""
    n = PADDING * strips.shape[1]
    spectrum = np.median(np.abs(np.fft.rfft(strips * np.hanning(strips.shape[1]), n, axis=1)), axis=0)
    around = nd.median_filter(spectrum, size=16 * PADDING + 1, mode="reflect")
    fewest = PADDING * FEWEST
    standing = spectrum[fewest:] * (spectrum[fewest:] > CLEAR * around[fewest:])
    return (int(standing.argmax()) + fewest) / n if standing.any() else None


def _course(middles: Floats, strips: Floats, frequency: float) -> Floats:
    """Return how many rows lower than in the middle lines are in each strip, from the strips' phases."""
    turns = np.exp(-2j * np.pi * frequency * np.arange(strips.shape[1])) * np.hanning(strips.shape[1])
    wave = strips @ turns  # (K,)
    shifts = -np.unwrap(np.angle(wave)) / (2 * np.pi * frequency)
    weight, kept = np.abs(wave), np.ones(len(shifts), dtype=bool)
    for degree in (1, 3, 3):
        bent = Polynomial.fit(middles[kept], shifts[kept], degree, w=weight[kept])
        away = np.abs(shifts - bent(middles))
        kept = away <= max(0.5, 2.5 * float(np.median(away)))
    return np.asarray(bent(middles) - bent(middles.mean()))


def _levelled(strips: Floats, course: Floats) -> Floats:
    """Shift strips so that lines are level."""
    rows = np.arange(strips.shape[1])
    return np.stack([np.interp(rows + down, rows, strip) for down, strip in zip(course, strips, strict=True)])


def _peaks(across: Floats, faintest: float) -> Floats:
    """Return the middles of the darker lines, finer than a pixel."""
    peaks, _ = find_peaks(across, height=faintest)
    if not len(peaks):
        return np.zeros(0)
    lines, number = nd.label(across >= SHALLOWEST * np.percentile(across[peaks], 90))
    return np.asarray(nd.center_of_mass(across, lines, np.arange(1, number + 1))).reshape(-1)


def _lattice(rows: Floats, height: int) -> _Lattice | None:
    """Fit rows at one spacing; return None where they are few, uneven, or only on a part of the page."""
    if len(rows) < FEWEST:
        return None
    spacing = float(np.median(np.diff(rows)))
    for _ in range(3):
        number = np.cumsum(np.append(0, np.round(np.diff(rows) / spacing)))
        even = np.polyfit(number, rows, 1)
        away = np.abs(rows - np.polyval(even, number))
        spacing, limit = float(even[0]), max(MOST_UNEVEN[0], MOST_UNEVEN[1] * float(even[0]))
        if (away <= 2 * limit).sum() < FEWEST:
            return None
        rows, number, away = (values[away <= 2 * limit] for values in (rows, number, away))
    filled = len(set(number.tolist())) / (np.ptp(number) + 1)
    fits = (
        np.sqrt((away**2).mean()) <= limit and filled >= LEAST_FILLED and np.ptp(rows) >= LEAST_SPAN * height
    )
    return _Lattice(float(even[1]), spacing) if fits else None


def _seen(level: Floats, places: Floats, shades: Floats) -> tuple[NDArray[np.bool_], Floats]:
    """Tell for each strip whether a line is seen in it, and how many rows beside its place."""
    offsets = np.arange(-2, 3)
    near = np.clip(places.round().astype(int)[:, None] + offsets, 0, level.shape[1] - 1)  # (L, 5)
    values = level[:, near]  # (K, L, 5)
    highest = values.max(axis=2)
    typical = float(np.median(shades[shades >= np.median(shades)])) if len(shades) else 0.0
    seen = highest >= 0.4 * typical
    weights = np.maximum(values - RIM * highest[..., None], 0)
    rows = (weights * near).sum(axis=2) / np.maximum(weights.sum(axis=2), 1e-9)
    return seen, np.where(seen, rows - places, np.nan)


def _crosses(seen: NDArray[np.bool_]) -> bool:
    """Tell whether lines go from side to side of the page."""
    if seen.shape[1] < FEWEST:
        return False
    first, last = seen.argmax(axis=0), len(seen) - 1 - seen[::-1].argmax(axis=0)
    reach = (last - first + 1) / len(seen)
    cover = seen.sum(axis=0) / (last - first + 1)
    return bool(np.median(reach) >= LEAST_REACH and np.median(cover) >= LEAST_COVER)


def _straight(beside: Floats) -> bool:
    """Tell whether lines keep their distances all the way, as those of a hand do not."""
    away = np.abs(beside - _common(beside)[:, None])
    return bool(np.nanpercentile(away, 75) <= MOST_WOBBLE_PX)


def _common(beside: Floats) -> Floats:
    """Return the median of each row without what is not known, 0 where nothing is."""
    known = np.isfinite(beside)
    return np.array([np.median(row[ok]) if ok.any() else 0.0 for row, ok in zip(beside, known, strict=True)])


def _profile(across: Floats, places: Floats, spacing: float) -> Floats:
    """Return the darkness across a line, as far as it is dark, 1 in the middle."""
    most = max(1, int(spacing / 2) - 1)
    rows = places[:, None] + np.arange(-most, most + 1)
    mean = np.interp(rows, np.arange(len(across)), across).mean(axis=0)
    mean /= max(float(mean[most]), 1e-9)
    clear = np.flatnonzero(mean[most:] < RIM)
    reach = max(1, int(clear[0])) if len(clear) else most
    return np.asarray(np.clip(mean[most - reach : most + reach + 1], 0, 1))
