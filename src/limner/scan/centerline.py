"""Lines of skeleton pixels are moved to the middle of their ink, to a fraction of a pixel.

At each point the darkness across the line is sampled; its center of mass is the new point. Near junctions,
where the ink of several lines is mixed, a cubic curve connects the firm points on both sides.

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
    from limner.scan.traced_lines import TracedLine

SMOOTHING_PX = 1.2
"""Standard deviation of the Gaussian filter along the line."""

STEP_PX = 0.5
"""Least distance between samples across the line."""

FLOOR = 0.25
"""Darkness below this share of the maximum across the line is ignored."""

MAX_SHIFT_PX = 1.5
"""Upper bound of the displacement: the skeleton is never farther from the middle of a line."""


def center_lines(lines: Sequence[TracedLine], dark: NDArray[np.float32], pen_px: float) -> list[Points]:
    """Move lines to the middle of their ink, and smooth them.

    Parameters
    ----------
    lines : sequence of TracedLine
        One point per pixel.
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
    smooth = [smooth_line(line.points, SMOOTHING_PX, closed=line.closed) for line in lines]
    normals = np.concatenate(
        [_normals(points, closed=line.closed) for points, line in zip(smooth, lines, strict=True)]
    )
    points = np.concatenate(smooth)
    shift = _shifts(points, normals, dark, pen_px)
    shift[~np.concatenate([line.firm for line in lines])] = 0
    points += np.clip(shift, -MAX_SHIFT_PX, MAX_SHIFT_PX)[:, None] * normals
    cuts = np.cumsum([len(line.points) for line in lines])[:-1]
    return [
        smooth_line(_interpolated(piece, line.firm, max(4.0, 2 * pen_px)), SMOOTHING_PX, closed=line.closed)
        for piece, line in zip(np.split(points, cuts), lines, strict=True)
    ]


def smooth_line(points: Points, sigma: float, *, closed: bool) -> Points:
    """Filter a line along itself with a Gaussian; the ends of an open line stay where they are."""
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
    """Return unit vectors across a line, of shape ``(n, 2)``."""
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


def _shifts(points: Points, normals: Points, dark: NDArray[np.float32], pen_px: float) -> NDArray[np.float64]:
    """Return the distance of the middle of the ink from each point, along its normal.

    Outwards from the point, darkness counts only as far as it decreases: a neighboring line is ignored.
    """
    step = max(STEP_PX, pen_px / 8)
    n_side = int(np.ceil((pen_px + 1) / step))
    offsets = (np.arange(-n_side, n_side + 1) * step).astype(np.float32)  # (K,)
    x = points[:, 0, None] + normals[:, 0, None] * offsets - 0.5  # (N, K)
    y = points[:, 1, None] + normals[:, 1, None] * offsets - 0.5
    profile = nd.map_coordinates(dark, [y, x], order=1, mode="constant", cval=0.0)
    np.maximum(profile, 0, out=profile)
    right = np.minimum.accumulate(profile[:, n_side:], axis=1)
    left = np.minimum.accumulate(profile[:, n_side::-1], axis=1)
    weight = np.concatenate([left[:, :0:-1], right], axis=1)  # (N, K)
    weight = np.maximum(weight - FLOOR * weight.max(axis=1, keepdims=True), 0)
    total = weight.sum(axis=1)
    return np.asarray(np.divide(weight @ offsets, total, out=np.zeros(len(points)), where=total > 0))


def _interpolated(points: Points, firm: NDArray[np.bool_], window_px: float) -> Points:
    """Replace runs of points that are not firm by cubic curves between their firm neighbors."""
    edges = np.flatnonzero(np.diff(np.concatenate([[True], firm, [True]]).astype(np.int8)))
    curve = points.copy()
    window = max(1, round(window_px))
    for first, stop in edges.reshape(-1, 2).tolist():
        start, end = first - 1, stop
        if start < 0 or end >= len(points):
            continue
        before, after = max(0, start - window), min(len(points) - 1, end + window)
        if before < start and end < after and firm[before : start + 1].all() and firm[end : after + 1].all():
            incoming, outgoing = points[start] - points[before], points[after] - points[end]
            curve[first:stop] = _hermite(points[start], points[end], incoming, outgoing, stop - first)
    return curve


def _hermite(start: Points, end: Points, incoming: Points, outgoing: Points, n: int) -> Points:
    """Return ``n`` points inside a cubic curve that leaves and arrives in given directions."""
    chord = np.hypot(*(end - start))
    one, two = (v * chord / max(np.hypot(*v), 1e-9) for v in (incoming, outgoing))
    t = np.linspace(0, 1, n + 2)[1:-1, None]
    return np.asarray(
        (2 * t**3 - 3 * t**2 + 1) * start
        + (t**3 - 2 * t**2 + t) * one
        + (3 * t**2 - 2 * t**3) * end
        + (t**3 - t**2) * two
    )
