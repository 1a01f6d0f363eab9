"""From thinned pixels to the middle of the ink, finer than a pixel.

Across the line, at each of its points, the darkness of the ink is weighed; its centre of mass is the line.
Near junctions, where ink of several lines is mixed, a smooth curve bridges what is firm on both sides.

Letters: ``n`` points of a line, ``N`` of all lines, ``K`` samples across a line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.ndimage as nd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from limner.scan.graph import Points
    from limner.scan.trace import Line

SMOOTHING_PX = 1.2
"""Standard deviation, along the line."""

STEP_PX = 0.5
"""Between samples across the line, at least."""

FLOOR = 0.25
"""Darkness below this share of the darkest across the line does not count."""

MOST_SHIFT_PX = 1.5


def centred(lines: Sequence[Line], dark: NDArray[np.float32], pen_px: float) -> list[Points]:
    """Move lines to the middle of their ink.

    Parameters
    ----------
    lines : sequence of Line
        One point a pixel.
    dark : float32 array of shape ``(H, W)``
        Darkness, about 0 on paper.
    pen_px : float
        Width of the pen.

    Returns
    -------
    list of float64 arrays of shape ``(n, 2)``
    """
    if not lines:
        return []
    smooth = [smoothed(line.points, SMOOTHING_PX, closed=line.closed) for line in lines]
    across = np.concatenate(
        [_normals(points, closed=line.closed) for points, line in zip(smooth, lines, strict=True)]
    )
    points = np.concatenate(smooth)
    shift = _shifts(points, across, dark, pen_px)
    shift[~np.concatenate([line.firm for line in lines])] = 0
    points += np.clip(shift, -MOST_SHIFT_PX, MOST_SHIFT_PX)[:, None] * across
    cuts = np.cumsum([len(line.points) for line in lines])[:-1]
    found = []
    for piece, line in zip(np.split(points, cuts), lines, strict=True):
        bridged = _bridged(piece, line.firm, max(4.0, 2 * pen_px))
        found.append(smoothed(bridged, SMOOTHING_PX, closed=line.closed))
    return found


def smoothed(points: Points, sigma: float, *, closed: bool) -> Points:
    """Blur a line along itself; the ends of an open line stay where they are."""
    n = len(points)
    if n < 3:
        return points.copy()
    if closed:
        ring = nd.gaussian_filter1d(points[:-1], sigma, axis=0, mode="wrap")
        return np.concatenate([ring, ring[:1]])
    reach = min(n - 1, int(4 * sigma) + 1)
    before = 2 * points[0] - points[reach:0:-1]
    after = 2 * points[-1] - points[-2 : -reach - 2 : -1]
    padded = np.concatenate([before, points, after])
    return np.asarray(nd.gaussian_filter1d(padded, sigma, axis=0, mode="nearest")[reach : reach + n])


def _normals(points: Points, *, closed: bool) -> Points:
    """Give unit vectors across a line, of shape ``(n, 2)``."""
    n = len(points)
    if n < 2:
        return np.zeros((n, 2))
    reach = min(2, n - 1)
    index = np.arange(n)
    if closed and n > 3:
        ahead, behind = points[(index + reach) % (n - 1)], points[(index - reach) % (n - 1)]
    else:
        ahead, behind = points[np.minimum(index + reach, n - 1)], points[np.maximum(index - reach, 0)]
    along = ahead - behind
    length = np.hypot(along[:, 0], along[:, 1])
    length[length == 0] = 1
    return np.column_stack([-along[:, 1], along[:, 0]]) / length[:, None]


def _shifts(points: Points, across: Points, dark: NDArray[np.float32], pen_px: float) -> NDArray[np.float64]:
    """Give how far the middle of the ink lies from each point, along its normal.

    Going outwards from the point, darkness only counts as far as it falls: a neighbouring line is left out.
    """
    step = max(STEP_PX, pen_px / 8)
    n_side = int(np.ceil((pen_px + 1) / step))
    offsets = (np.arange(-n_side, n_side + 1) * step).astype(np.float32)  # (K,)
    x = points[:, 0, None] + across[:, 0, None] * offsets - 0.5  # (N, K)
    y = points[:, 1, None] + across[:, 1, None] * offsets - 0.5
    profile = nd.map_coordinates(dark, [y, x], order=1, mode="constant", cval=0.0)
    np.maximum(profile, 0, out=profile)
    right = np.minimum.accumulate(profile[:, n_side:], axis=1)
    left = np.minimum.accumulate(profile[:, n_side::-1], axis=1)
    weight = np.concatenate([left[:, :0:-1], right], axis=1)  # (N, K)
    weight = np.maximum(weight - FLOOR * weight.max(axis=1, keepdims=True), 0)
    total = weight.sum(axis=1)
    return np.asarray(np.divide(weight @ offsets, total, out=np.zeros(len(points)), where=total > 0))


def _bridged(points: Points, firm: NDArray[np.bool_], look_px: float) -> Points:
    """Replace runs of points that are not firm by cubic curves between their firm neighbours."""
    edges = np.flatnonzero(np.diff(np.concatenate([[True], firm, [True]]).astype(np.int8)))
    found = points.copy()
    look = max(1, round(look_px))
    for first, stop in edges.reshape(-1, 2).tolist():
        start, end = first - 1, stop
        if start < 0 or end >= len(points):
            continue
        before, after = max(0, start - look), min(len(points) - 1, end + look)
        if (
            not (firm[before : start + 1].all() and firm[end : after + 1].all())
            or start == before
            or end == after
        ):
            continue
        chord = np.hypot(*(points[end] - points[start]))
        one, two = points[start] - points[before], points[after] - points[end]
        one, two = (v * chord / max(np.hypot(*v), 1e-9) for v in (one, two))
        t = np.linspace(0, 1, end - start + 1)[1:-1, None]
        found[first:stop] = (
            (2 * t**3 - 3 * t**2 + 1) * points[start]
            + (t**3 - 2 * t**2 + t) * one
            + (3 * t**2 - 2 * t**3) * points[end]
            + (t**3 - t**2) * two
        )
    return found
