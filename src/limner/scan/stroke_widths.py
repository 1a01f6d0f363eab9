"""The width of the ink at each point of a stroke, from the darkness across it.

A threshold makes thin lines wider or thinner than they are; the darkness across a line adds up to its width
times the darkness of its ink, however blurred it is.

Letters: ``n`` points of a stroke, ``N`` samples along it, ``K`` samples across it.
"""

from __future__ import annotations

from math import erf, sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import scipy.ndimage as nd
from scipy.optimize import brentq

from limner.strokes.geometry import arc_lengths, points_along

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from limner.scan.graph import Points
    from limner.scan.ink_map import InkMap

    Mask = NDArray[np.bool_]

FAINT = 0.6
"""A stroke whose middle is darker than this share of the ink is drawn with it; a fainter one with another."""

REACH = 1.6
"""Darkness is added up as far as this many widths of the pen from the middle, ..."""

REACH_PX = 2.5
"""... and this many pixels."""

SPACING = 0.5
"""Distance of samples along a stroke, in widths of the pen."""

WINDOW = 7
"""Samples along a stroke of which the median is taken: other lines cross within fewer."""

LEAST_BOX = 0.52
"""A line is no thinner than this share of what its profile would be without blur: 2 px, blurred by 1."""

CAP = 0.6
"""Nearer to the end of a stroke than this share of its width, its tip is measured, not its width."""

WIDEST = 1.6
"""Where there is more ink across a stroke than this many times its usual width, another one is there, too."""

THINNEST_PX = 0.2
"""No stroke is thinner."""

FLOOR = 0.04
"""Darkness below this share of the ink's is the paper's grain."""


def stroke_widths(
    strokes: Iterable[NDArray[np.floating]], ink_map: InkMap, pen_px: float
) -> tuple[Points, ...]:
    """Return the width of the ink at each point of each stroke.

    Parameters
    ----------
    strokes : iterable of arrays of shape ``(n, 2)``
        In pixels of the picture.
    ink_map : InkMap
    pen_px : float
        Estimated width of the pen, in pixels of the picture.

    Returns
    -------
    tuple of float64 arrays of shape ``(n,)``
        In pixels of the picture.
    """
    scale = ink_map.factor / ink_map.page.reduction
    crossed = [_cross(stroke, ink_map.dark, scale, pen_px) for stroke in strokes]
    if not crossed:
        return ()
    ink = ink_darkness(np.concatenate([cross.profile for cross in crossed]), crossed[0].step)
    return tuple(_widths(cross, ink) for cross in crossed)


class Cross(NamedTuple):
    """The darkness across a stroke."""

    at_points: Points
    """Arc length of each point of the stroke, ``(n,)``."""
    along: Points
    """Arc length of each sample, ``(N,)``."""
    profile: NDArray[np.float64]
    """Darkness at each sample, ``(N, K)``."""
    step: float
    """Distance of the samples across, in pixels of the picture."""


def ink_darkness(profile: NDArray[np.float64], step: float) -> float:
    """Return how dark ink is where no paper shines through, from profiles across lines.

    Parameters
    ----------
    profile : float64 array of shape ``(N, K)``
    step : float
        Distance of their samples.

    Notes
    -----
    A box of width ``w`` and height ``D`` that was blurred by a Gaussian has the area ``A = w D``, the
    variance ``V = w^2 / 12 + s^2`` and the peak ``p = D erf(w / (s sqrt 8))``, which are solved for ``w`` and
    ``D``. The nearer the profile is to a Gaussian the less certain that is, so ``w`` is bounded below.
    """
    typical = np.median(profile, axis=0)
    typical = np.maximum(typical - typical.min(), 0)
    peak, area = float(typical.max()), float(typical.sum()) * step
    if area <= 0:
        return max(peak, 1e-6)
    offsets = (np.arange(len(typical)) - (typical @ np.arange(len(typical))) / typical.sum()) * step
    variance = float(typical @ offsets**2) / typical.sum()
    widest = sqrt(12 * variance)

    def too_high(width: float) -> float:
        blur = sqrt(max(variance - width**2 / 12, 1e-12))
        return area / width * erf(width / (blur * sqrt(8))) - peak

    low, high = LEAST_BOX * widest, 0.999 * widest
    if too_high(high) >= 0:
        return peak
    return area / (low if too_high(low) <= 0 else float(brentq(too_high, low, high)))


def _cross(stroke: NDArray[np.floating], dark: NDArray[np.float32], scale: float, pen_px: float) -> Cross:
    at_points = arc_lengths(stroke)
    n_samples = max(2, int(at_points[-1] / (SPACING * pen_px)) + 1)
    along = np.linspace(0, at_points[-1], n_samples)
    profile, step = _profile(points_along(stroke, along), dark, scale, pen_px)
    return Cross(at_points, along, profile, step)


def _widths(cross: Cross, ink: float) -> Points:
    """Return the width at each point of one stroke."""
    middle = float(np.median(cross.profile.max(axis=1)))
    ink = ink if middle > FAINT * ink else max(middle, 1e-6)
    profile = np.where(cross.profile < FLOOR * ink, 0, cross.profile)
    widths = np.minimum(profile, ink).sum(axis=1) * cross.step / ink
    length, usual = cross.along[-1], float(np.median(widths))
    inside = np.minimum(cross.along, length - cross.along) > CAP * usual
    good = inside & (widths < WIDEST * usual)
    if good.any():
        widths = np.interp(cross.along, cross.along[good], widths[good])
    steady = nd.median_filter(widths, min(WINDOW, len(widths) | 1), mode="nearest")
    return np.asarray(np.maximum(np.interp(cross.at_points, cross.along, steady), THINNEST_PX))


def _profile(
    samples: Points, dark: NDArray[np.float32], scale: float, pen_px: float
) -> tuple[NDArray[np.float64], float]:
    """Return the darkness across a stroke, of shape ``(N, K)``, and the distance of its samples in pixels.

    Outwards from the middle it never increases: what lies beyond is another line.
    """
    normals = _normals(samples)
    step = 0.5 / scale
    n_side = int(np.ceil((REACH * pen_px / 2 + REACH_PX) / step))
    offsets = np.arange(-n_side, n_side + 1) * step  # (K,)
    x, y = (
        (samples[:, axis, None] + normals[:, axis, None] * offsets) * scale - 0.5 for axis in (0, 1)
    )  # (N, K)
    profile = nd.map_coordinates(dark, [y, x], order=1, mode="constant", cval=0.0).astype(np.float64)
    np.maximum(profile, 0, out=profile)
    right = np.minimum.accumulate(profile[:, n_side:], axis=1)
    left = np.minimum.accumulate(profile[:, n_side::-1], axis=1)
    return np.concatenate([left[:, :0:-1], right], axis=1), step


def _normals(samples: Points) -> Points:
    """Return unit vectors across a stroke, of shape ``(N, 2)``."""
    along = np.gradient(samples, axis=0)
    length = np.hypot(along[:, 0], along[:, 1])
    along[length == 0] = (1, 0)
    length[length == 0] = 1
    return np.column_stack([-along[:, 1], along[:, 0]]) / length[:, None]
