"""Geometry of a drawing: functions that return a changed copy with the same label and source.

Arithmetic is in float64; a drawing keeps float32.

Letters: ``n`` points of a stroke, ``m`` distances along it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from limner.strokes.drawing import Drawing

    Floats = NDArray[np.float64]


def translated(drawing: Drawing, dx: float, dy: float) -> Drawing:
    """Translate a drawing."""
    return transformed(drawing, [[1, 0, dx], [0, 1, dy]])


def scaled(drawing: Drawing, sx: float, sy: float | None = None) -> Drawing:
    """Scale a drawing about the origin; ``sy`` is ``sx`` unless given."""
    return transformed(drawing, [[sx, 0, 0], [0, sx if sy is None else sy, 0]])


def transformed(drawing: Drawing, matrix: ArrayLike) -> Drawing:
    """Apply an affine matrix to the points, as column vectors, as SVG's ``transform`` does.

    ``transformed(drawing, A @ B)`` applies B first and then A, as does SVG's ``transform="A B"``.

    Parameters
    ----------
    drawing : Drawing
    matrix : array_like of shape ``(2, 3)`` or ``(3, 3)``
        Rows ``(a, c, e)`` and ``(b, d, f)`` of SVG's ``matrix(a b c d e f)``; a third row is ``(0, 0, 1)``.

    Raises
    ------
    ValueError
        If the matrix is of another shape, not finite or not affine, or float32 cannot hold a result.
    """
    affine = np.asarray(matrix, dtype=np.float64)
    if affine.shape not in ((2, 3), (3, 3)):
        raise ValueError(f"a matrix must be of shape (2, 3) or (3, 3), not {affine.shape}")
    if not np.isfinite(affine).all():
        raise ValueError("a matrix must hold finite numbers")
    if len(affine) == 3 and affine[2].tolist() != [0, 0, 1]:
        raise ValueError("the last row of an affine matrix is (0, 0, 1)")
    return _each_stroke(drawing, lambda points: points @ affine[:2, :2].T + affine[:2, 2])


def aligned(drawing: Drawing) -> Drawing:
    """Translate a drawing so that the top-left corner of its bounds is the origin."""
    x_min, y_min, _, _ = drawing.bounds
    return translated(drawing, -x_min, -y_min)


def fitted(drawing: Drawing, box: float | tuple[float, float], *, centred: bool = False) -> Drawing:
    """Scale a drawing to fill a box at the origin; its aspect ratio is kept.

    A drawing without any extent is only translated.

    Parameters
    ----------
    drawing : Drawing
    box : float or pair of float
        Width and height, positive; one number is both, so that it is the length of the longest side.
    centred : bool
        Whether the drawing is centred in the box; otherwise its top-left corner is the origin.

    Raises
    ------
    ValueError
        If a side of the box is not positive.
    """
    sides = np.broadcast_to(np.asarray(box, dtype=np.float64), 2)
    if not ((sides > 0) & np.isfinite(sides)).all():
        raise ValueError(f"the sides of a box must be positive numbers, and they are {box}")
    x_min, y_min, x_max, y_max = drawing.bounds
    extent = np.array([x_max - x_min, y_max - y_min])
    factor = (sides[extent > 0] / extent[extent > 0]).min(initial=np.inf) if extent.any() else 1.0
    margin = (sides - extent * factor) / 2 if centred else 0.0
    return _each_stroke(drawing, lambda points: (points - (x_min, y_min)) * factor + margin)


def resampled(drawing: Drawing, spacing: float) -> Drawing:
    """Resample every stroke at equal arc lengths.

    The distance is the one nearest to ``spacing`` that divides the stroke evenly, so that both ends stay
    exactly where they are. Strokes of one point do not change.

    Parameters
    ----------
    drawing : Drawing
    spacing : float
        Arc length between points, in the drawing's units.

    Raises
    ------
    ValueError
        If ``spacing`` is not positive.
    """
    if not spacing > 0:
        raise ValueError(f"the spacing must be positive, and it is {spacing}")
    return _each_stroke(
        drawing, lambda points: _evenly(points, max(2, round(arc_lengths(points)[-1] / spacing) + 1))
    )


def resampled_to(drawing: Drawing, n_points: int) -> Drawing:
    """Resample every stroke to ``n_points`` points at equal arc lengths; strokes of one point do not change.

    Raises
    ------
    ValueError
        If ``n_points`` is smaller than two.
    """
    if n_points < 2:
        raise ValueError(f"a stroke needs at least two points, not {n_points}")
    return _each_stroke(drawing, lambda points: _evenly(points, n_points))


def arc_lengths(points: ArrayLike) -> Floats:
    """Return the arc length from a stroke's start to each of its points: float64 of shape ``(n,)``."""
    steps = np.diff(np.asarray(points, dtype=np.float64), axis=0)
    return np.append(0.0, np.cumsum(np.hypot(steps[:, 0], steps[:, 1])))


def points_along(points: ArrayLike, distances: ArrayLike) -> Floats:
    """Return the points at these arc lengths from a stroke's start; beyond the ends, the ends.

    Parameters
    ----------
    points : array_like of shape ``(n, 2)``, n >= 1
    distances : array_like of shape ``(m,)``
        Arc lengths, in the units of the points.

    Returns
    -------
    float64 array of shape ``(m, 2)``
    """
    xy, wanted = np.asarray(points, dtype=np.float64), np.asarray(distances, dtype=np.float64)
    lengths = arc_lengths(xy)
    return np.column_stack([np.interp(wanted, lengths, column) for column in xy.T])


def _evenly(points: Floats, n_points: int) -> Floats:
    if len(points) == 1:
        return points
    return points_along(points, np.linspace(0, arc_lengths(points)[-1], n_points))


def _each_stroke(drawing: Drawing, change: Callable[[Floats], Floats]) -> Drawing:
    return drawing.replace(strokes=tuple(change(stroke.astype(np.float64)) for stroke in drawing))
