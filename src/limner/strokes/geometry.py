"""Pure geometry: a drawing in, a drawing out; label and source stay, sums run in float64.

Letters: ``n`` points of a stroke, ``m`` points asked for.
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
    """Move a drawing."""
    return transformed(drawing, [[1, 0, dx], [0, 1, dy]])


def scaled(drawing: Drawing, sx: float, sy: float | None = None) -> Drawing:
    """Scale a drawing about the origin; ``sy`` is ``sx`` unless given."""
    return transformed(drawing, [[sx, 0, 0], [0, sx if sy is None else sy, 0]])


def transformed(drawing: Drawing, matrix: ArrayLike) -> Drawing:
    """Apply an affine matrix to points as column vectors, as SVG's ``transform`` does.

    B first and then A is ``transformed(drawing, A @ B)``, as in SVG's ``transform="A B"``.

    Parameters
    ----------
    drawing : Drawing
    matrix : array_like of shape ``(2, 3)`` or ``(3, 3)``
        Rows ``(a, c, e)`` and ``(b, d, f)`` of SVG's ``matrix(a b c d e f)``; a third row is ``(0, 0, 1)``.

    Raises
    ------
    ValueError
        If the matrix is of another shape, not finite or not affine, or a point ends beyond float32.
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
    """Move the top-left corner of a drawing's bounds to the origin."""
    x_min, y_min, _, _ = drawing.bounds
    return translated(drawing, -x_min, -y_min)


def fitted(drawing: Drawing, box: float | tuple[float, float], *, centred: bool = False) -> Drawing:
    """Scale a drawing, its aspect kept, until it fills a box from the origin.

    A drawing without any extent is moved only.

    Parameters
    ----------
    drawing : Drawing
    box : float or pair of float
        Width and height, positive. One number is both: the longest side of the drawing becomes so long.
    centred : bool
        Whether the drawing lies in the middle of the box, and not with its top-left corner at the origin.

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
    """Put points at even distances along every stroke, measured on the stroke, never in a curve's parameter.

    The distance is the one nearest to ``spacing`` that divides the stroke evenly, so that both ends stay
    exactly where they are. Strokes of one point stay as they are.

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
    """Put exactly ``n_points`` points at even distances along every stroke; one-point strokes stay.

    Raises
    ------
    ValueError
        If ``n_points`` is smaller than two.
    """
    if n_points < 2:
        raise ValueError(f"a stroke needs at least two points, not {n_points}")
    return _each_stroke(drawing, lambda points: _evenly(points, n_points))


def arc_lengths(points: ArrayLike) -> Floats:
    """Measure the way along a stroke from its start to each of its points: float64 of shape ``(n,)``."""
    steps = np.diff(np.asarray(points, dtype=np.float64), axis=0)
    return np.append(0.0, np.cumsum(np.hypot(steps[:, 0], steps[:, 1])))


def points_along(points: ArrayLike, distances: ArrayLike) -> Floats:
    """Give the points at these distances along a stroke from its start; beyond the ends, the ends.

    Parameters
    ----------
    points : array_like of shape ``(n, 2)``, n >= 1
    distances : array_like of shape ``(m,)``
        Lengths on the stroke, in its units.

    Returns
    -------
    float64 array of shape ``(m, 2)``
    """
    xy, at = np.asarray(points, dtype=np.float64), np.asarray(distances, dtype=np.float64)
    lengths = arc_lengths(xy)
    return np.column_stack([np.interp(at, lengths, column) for column in xy.T])


def _evenly(points: Floats, n_points: int) -> Floats:
    if len(points) == 1:
        return points
    return points_along(points, np.linspace(0, arc_lengths(points)[-1], n_points))


def _each_stroke(drawing: Drawing, change: Callable[[Floats], Floats]) -> Drawing:
    return drawing.replace(strokes=tuple(change(stroke.astype(np.float64)) for stroke in drawing))
