"""Drawings by body part, as Creative Birds and Creative Creatures have them.

Their ``all_strokes`` lists body parts, each a list of strokes, each a list of segments ``[x0, y0, x1, y1]``.

Letters: ``n`` points of a stroke.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from limner.corpus.numbers import as_numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray


def strokes_of_parts(parts: list[Any]) -> list[NDArray[np.float64]]:
    """Return the strokes of all parts in their order, each of shape ``(n, 2)``.

    Raises
    ------
    ValueError
        If they are not made of segments.
    """
    return [_points(stroke) for part in parts for stroke in _listed(part)]


def _points(stroke: Any) -> NDArray[np.float64]:
    """Return the points that the segments of a stroke join; where two do not meet, they are joined."""
    segments = [as_numbers(_listed(segment)) for segment in _listed(stroke)]
    if any(len(segment) != 4 for segment in segments):
        raise ValueError("a segment is not four numbers x0, y0, x1, y1")
    points = np.array(segments, np.float64).reshape(-1, 2)
    fresh = np.ones(len(points), np.bool_)
    fresh[2::2] = (points[2::2] != points[1:-1:2]).any(axis=1)
    return points[fresh]


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("its parts, strokes and segments are not lists")
    return value
