"""Printed lines along the rows of a page: straight, at one spacing, from side to side.

Letters: ``H`` and ``W`` of the page, ``K`` strips, ``R`` rows of leveled strips, ``L`` lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import scipy.ndimage as nd
from scipy.signal import find_peaks

from limner.scan.ruling_strips import (
    MIN_LINES,
    dot_strips,
    level_strips,
    line_course,
    line_frequency,
    line_strips,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.scan.ruling_strips import LeveledStrips, Strips
    from limner.scan.thresholds import Dark

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

SMALLEST_PX = 96
"""Pages with a shorter side have no ruling."""

BEYOND_PX = 1.5
"""Distance outside the page at which the edge of a line is still seen."""

FAINTEST_LINE = 0.03
"""Least mean darkness along a line, ..."""

FAINTEST_DOTS = 0.004
"""... and along a row of dots; fainter ones are below every threshold of ink."""

SHALLOWEST = 0.35
"""All lines are at least this share as dark as the darker ones among them."""

PROFILE_END = 0.1
"""A line ends where it has less than this share of its darkness."""

SEEN_SHARE = 0.4
"""A line is seen in a strip that is at least this share as dark as lines are."""

MIN_SPAN = 0.4
"""Least share of the height that the lines span, ..."""

MIN_REACH = 0.8
"""... of the width, from where a line begins to where it ends, ..."""

MIN_COVER = 0.7
"""... of the strips on the way in which it is seen, ..."""

MIN_FILLED = 0.8
"""... and of the rows from the first line to the last, one spacing apart, at which there is one."""

MAX_UNEVEN = (0.6, 0.02)
"""Printed lines are this many pixels, or this share of the spacing, beside their rows at most, ..."""

MAX_WOBBLE_PX = 0.6
"""... and depart from each other's course by this much; lines of a hand depart more."""


@dataclass(frozen=True)
class PrintedLines:
    """Lines along rows at one spacing.

    Parameters
    ----------
    rows : float64 array of shape ``(L,)``
        Rows of the lines, from 0, where their course is 0; beyond the page for lines that a corner cuts.
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


class _Lattice(NamedTuple):
    """Rows at one spacing."""

    start: float
    spacing: float

    def rows(self, first: float, last: float) -> Floats:
        """Return all rows between two."""
        numbers = np.arange(
            np.ceil((first - self.start) / self.spacing), np.floor((last - self.start) / self.spacing) + 1
        )
        return self.start + self.spacing * numbers


class _Sightings(NamedTuple):
    """In which strips lines are seen."""

    rows: Floats
    """Of the lines, ``(L,)``."""
    shades: Floats
    """Darkness of the lines, ``(L,)``."""
    seen: Flags
    """``(K, L)``."""
    possible: Flags
    """Which strips a line passes on the page, ``(K, L)``."""
    beside: Floats
    """How many rows beside its row a line is seen, NaN where it is not, ``(K, L)``."""

    def shown(self) -> _Sightings:
        """Return the lines that are seen in at least half of the strips that they pass."""
        passes = self.possible.sum(axis=0)
        kept = (passes > 0) & (2 * self.seen.sum(axis=0) >= passes)
        return _Sightings(
            self.rows[kept],
            self.shades[kept],
            self.seen[:, kept],
            self.possible[:, kept],
            self.beside[:, kept],
        )

    def whole(self) -> _Sightings:
        """Return the lines that no corner of the page cuts."""
        kept = self.possible.all(axis=0)
        return _Sightings(
            self.rows[kept],
            self.shades[kept],
            self.seen[:, kept],
            self.possible[:, kept],
            self.beside[:, kept],
        )


class _Fit(NamedTuple):
    """Lines that were fitted to strips."""

    level: LeveledStrips
    spacing: float
    lines: _Sightings
    course: Floats
    """``(K,)``"""


def find_printed_lines(dark: Dark, *, dotted: bool = False) -> PrintedLines | None:
    """Find printed lines along the rows of a page; return None where there are none.

    Parameters
    ----------
    dark : float32 array of shape ``(H, W)``
        Darkness, about 0 on paper.
    dotted : bool
        Whether lines are rows of dots; their darkness is then the mean of dots and gaps.
    """
    if min(dark.shape) < SMALLEST_PX:
        return None
    strips = dot_strips(dark) if dotted else line_strips(dark)
    frequency = line_frequency(strips)
    if frequency is None:
        return None
    course, faintest = line_course(strips, frequency), FAINTEST_DOTS if dotted else FAINTEST_LINE
    rough = _fit_lines(strips, course, 3, faintest)
    fit = _fit_lines(strips, rough.course, 1, faintest) if rough else None
    if fit is None:
        return None
    lines, whole = fit.lines, fit.lines.whole()
    if not _cross_page(whole.seen) or not _are_straight(whole.beside):
        return None
    aside = _row_medians((lines.beside - _row_medians(lines.beside)[:, None]).T)  # (L,)
    return PrintedLines(
        rows=lines.rows + aside,
        course=np.interp(np.arange(dark.shape[1]), strips.middles, fit.course),
        spacing=fit.spacing,
        shades=lines.shades,
        profile=_line_profile(fit.level, whole.rows, fit.spacing),
    )


def _fit_lines(strips: Strips, course: Floats, blur_px: int, faintest: float) -> _Fit | None:
    """Fit lines to strips whose course, ``(K,)``, is known roughly; lines that are seen refine it."""
    level = level_strips(strips, course).smoothed(blur_px)
    lattice = _fit_lattice(level, faintest, strips.rows.shape[1])
    if lattice is None:
        return None
    lines = _sightings(level, lattice).shown()
    refined = course + nd.median_filter(_row_medians(lines.beside), 5)
    return _Fit(level, lattice.spacing, lines, refined)


def _fit_lattice(level: LeveledStrips, faintest: float, height: int) -> _Lattice | None:
    """Fit rows at one spacing to the lines; return None where they are few, uneven or on a part only."""
    rows = _peaks(level.profile, faintest) + level.first
    if len(rows) < MIN_LINES:
        return None
    spacing = float(np.median(np.diff(rows)))
    for _ in range(3):
        number = np.cumsum(np.append(0, np.round(np.diff(rows) / spacing)))
        even = np.polyfit(number, rows, 1)
        away = np.abs(rows - np.polyval(even, number))
        spacing, limit = float(even[0]), max(MAX_UNEVEN[0], MAX_UNEVEN[1] * float(even[0]))
        if (away <= 2 * limit).sum() < MIN_LINES:
            return None
        rows, number, away = (values[away <= 2 * limit] for values in (rows, number, away))
    filled = len(set(number.tolist())) / (np.ptp(number) + 1)
    is_even = np.sqrt((away**2).mean()) <= limit and filled >= MIN_FILLED
    return _Lattice(float(even[1]), spacing) if is_even and np.ptp(rows) >= MIN_SPAN * height else None


def _peaks(profile: Floats, faintest: float) -> Floats:
    """Return the middles of the darker lines, to a fraction of a pixel."""
    peaks, _ = find_peaks(profile, height=faintest)
    if not len(peaks):
        return np.zeros(0)
    lines, number = nd.label(profile >= SHALLOWEST * np.percentile(profile[peaks], 90))
    return np.asarray(nd.center_of_mass(profile, lines, np.arange(1, number + 1))).reshape(-1)


def _sightings(level: LeveledStrips, lattice: _Lattice) -> _Sightings:
    """Look for every line of a lattice in every strip."""
    last = level.rows.shape[1] - 1
    rows = lattice.rows(level.first + 2 - BEYOND_PX, level.first + last - 2 + BEYOND_PX)
    at = rows - level.first
    near = np.clip(at.round().astype(int)[:, None] + np.arange(-2, 3), 0, last)  # (L, 5)
    values = level.rows[:, near]  # (K, L, 5)
    highest = values.max(axis=2)
    shades = np.interp(at, np.arange(last + 1), level.profile)
    typical = float(np.median(shades[shades >= np.median(shades)])) if len(shades) else 0.0
    possible = np.asarray(level.inside[:, near].any(axis=2))
    seen = np.asarray(possible & (highest >= SEEN_SHARE * typical))
    weights = np.maximum(values - PROFILE_END * highest[..., None], 0)
    middles = (weights * near).sum(axis=2) / np.maximum(weights.sum(axis=2), 1e-9)
    return _Sightings(rows, shades, seen, possible, np.where(seen, middles - at, np.nan))


def _cross_page(seen: Flags) -> bool:
    """Return whether lines go from side to side of the page."""
    if seen.shape[1] < MIN_LINES:
        return False
    first, last = seen.argmax(axis=0), len(seen) - 1 - seen[::-1].argmax(axis=0)
    reach = (last - first + 1) / len(seen)
    cover = seen.sum(axis=0) / (last - first + 1)
    return bool(np.median(reach) >= MIN_REACH and np.median(cover) >= MIN_COVER)


def _are_straight(beside: Floats) -> bool:
    """Return whether lines keep their distances all the way, as those of a hand do not."""
    away = np.abs(beside - _row_medians(beside)[:, None])
    return bool(np.nanpercentile(away, 75) <= MAX_WOBBLE_PX)


def _row_medians(values: Floats) -> Floats:
    """Return the median of each row without NaN, 0 where there is nothing else."""
    known = np.isfinite(values)
    return np.array([np.median(row[ok]) if ok.any() else 0.0 for row, ok in zip(values, known, strict=True)])


def _line_profile(level: LeveledStrips, rows: Floats, spacing: float) -> Floats:
    """Return the darkness across a line, as far as it is dark, 1 in the middle."""
    most = max(1, int(spacing / 2) - 1)
    around = rows[:, None] - level.first + np.arange(-most, most + 1)
    profile = level.profile
    mean = np.interp(around, np.arange(len(profile)), profile).mean(axis=0)
    mean /= max(float(mean[most]), 1e-9)
    clear = np.flatnonzero(mean[most:] < PROFILE_END)
    reach = max(1, int(clear[0])) if len(clear) else most
    return np.asarray(np.clip(mean[most - reach : most + reach + 1], 0, 1))
