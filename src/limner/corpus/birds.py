"""Reading the JSON of Creative Birds and Creative Creatures: drawings by body part.

A file holds one drawing or a list of them. A drawing is an object whose ``all_strokes`` lists body parts,
each a list of strokes, each a list of segments ``[x0, y0, x1, y1]``.

Letters: ``n`` points of a drawing.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from limner.corpus.numbers import as_numbers
from limner.errors import DataError, cause_of
from limner.strokes.formats import polylines_to_stroke3

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

KEY = "all_strokes"


def read_birds(path: Path) -> Iterator[NDArray[np.float32]]:
    """Read the drawings of a file as stroke-3 rows of shape ``(n, 3)``, strokes in the order of the parts.

    Raises
    ------
    DataError
        If the file is no JSON, or a drawing is not made of segments.
    """
    try:
        value = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path} is not JSON; the file is damaged or was cut short.") from error
    except OSError as error:
        raise DataError(f"Cannot read {path}: {cause_of(error)}.") from error
    for number, record in enumerate(value if isinstance(value, list) else [value]):
        parts = record.get(KEY) if isinstance(record, dict) else None
        if not isinstance(parts, list):
            raise DataError(f"{path}, drawing {number} has no {KEY}, a list of body parts.")
        try:
            yield polylines_to_stroke3([_points(stroke) for part in parts for stroke in _listed(part)])
        except ValueError as error:
            raise DataError(f"{path}, drawing {number}: {error}.") from error


def _points(stroke: Any) -> NDArray[np.float64]:
    """Give the points that the segments of a stroke join; where two do not meet, the way between them."""
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
