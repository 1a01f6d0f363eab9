"""Clipping polylines to the viewports that they are seen through.

Letters: ``m`` edges of a clip, ``n`` points of a line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

UNCLIPPED: Floats = np.zeros((0, 3))
"""A clip that lets everything through."""
SLACK = 1e-9
"""Rounding error allowed for, relative to the coordinates: what lies on an edge can be seen."""


def narrowed(clip: Floats, matrix: Floats, width: float, height: float) -> Floats:
    """Intersect a clip with a rectangle from the origin.

    Parameters
    ----------
    clip : float64 array of shape ``(m, 3)``
        Half planes ``(a, b, c)``: visible points satisfy a x + b y <= c; (a, b) is a unit vector.
    matrix : float64 array of shape ``(3, 3)``
        From the coordinates of the rectangle to those of the drawing.
    width, height : float
        Size of the rectangle.

    Returns
    -------
    float64 array of shape ``(m', 3)``
        The clip itself, if the rectangle is degenerate.
    """
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float64)
    corners = corners @ matrix[:2, :2].T + matrix[:2, 2]
    along = np.roll(corners, -1, axis=0) - corners
    turn = np.sign(np.linalg.det(matrix[:2, :2]))
    lengths = np.hypot(*along.T)
    if not (np.isfinite(corners).all() and (lengths > 0).all()):
        return clip
    normals = turn * np.stack([along[:, 1], -along[:, 0]], axis=1) / lengths[:, None]
    edges = np.column_stack([normals, (normals * corners).sum(axis=1)])
    for edge in edges:
        same = (np.abs(clip[:, :2] - edge[:2]) < SLACK).all(axis=1)
        if same.any():
            clip = clip.copy()
            clip[same, 2] = np.minimum(clip[same, 2], edge[2])
        else:
            clip = np.vstack([clip, edge])
    return clip


def clipped(line: Floats, clip: Floats) -> list[Floats]:
    """Return the visible parts of a polyline, ``(n, 2)``, in drawing order."""
    if not len(clip):
        return [line]
    beyond = line @ clip[:, :2].T - clip[:, 2]  # (n, m), distances outside of each edge
    slack = SLACK * (1 + np.abs(line).max())
    if (beyond <= slack).all():
        return [line]
    if len(line) == 1 or (beyond > slack).all(axis=0).any():
        return []
    begin, end = _shares(beyond, slack)
    pieces: list[list[Floats]] = []
    for i in np.flatnonzero(begin <= end):
        step = line[i + 1] - line[i]
        start = line[i] + begin[i] * step
        if not (pieces and begin[i] == 0 and (pieces[-1][-1] == line[i]).all()):
            pieces.append([start])
        pieces[-1].append(line[i + 1] if end[i] == 1 else line[i] + end[i] * step)
    parts = [np.array(piece) for piece in pieces if (np.ptp(piece, axis=0) > slack).any()]
    return _rejoined(parts, line)


def _shares(beyond: Floats, slack: float) -> tuple[Floats, Floats]:
    """Return the shares of each segment at which it enters and leaves; enter > leave if it is hidden."""
    first, last = beyond[:-1], beyond[1:]
    change = last - first
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = -first / change
    entering = np.where((first > slack) & (change < 0), crossing, 0.0)
    leaving = np.where((last > slack) & (change > 0), crossing, 1.0)
    never = ((first > slack) & (last > slack)).any(axis=1)
    begin = np.clip(entering.max(axis=1), 0, 1)
    return np.where(never, 2.0, begin), np.clip(leaving.min(axis=1), 0, 1)


def _rejoined(parts: list[Floats], line: Floats) -> list[Floats]:
    """Join the last part and the first, if the line is closed and visible at its start."""
    is_closed = len(parts) > 1 and (line[0] == line[-1]).all()
    if is_closed and (parts[0][0] == line[0]).all() and (parts[-1][-1] == line[0]).all():
        return [np.concatenate([parts[-1], parts[0][1:]]), *parts[1:-1]]
    return parts
