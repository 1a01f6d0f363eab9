"""``Frame``: drawings on a page in model units, moved, scaled and simplified, and back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from limner.models.weights import Card
from limner.strokes.drawing import Drawing
from limner.strokes.simplify import simplified

PLAUSIBLE = (0.2, 1.6)
"""Sizes, relative to a usual drawing, at which a drawing is taken to be in the corpus's units."""
PARTIAL = 0.7
"""Size of a beginning relative to the whole drawing, where it is not known."""
DOT = 1e-12
"""Size below which a drawing is a dot, which gives no scale."""
REACH = 2.0
"""Multiple of the usual reach within which a first point is taken to be where the corpus's drawings begin."""


@dataclass(frozen=True)
class Frame:
    """The map from model units to a page: page = origin + unit * model."""

    origin: tuple[float, float]
    """Point of the page that the first offset is relative to."""
    unit: float
    """Units of the page in one model unit."""
    tolerance: float = 0.0
    """Tolerance on the page to which drawings are simplified."""

    def to_page(self, rows: NDArray[np.float32]) -> Drawing:
        """Return stroke-3 rows in model units ``(N, 3)`` as a drawing on the page."""
        scaled = rows * np.array([self.unit, self.unit, 1], np.float32)
        return Drawing.from_stroke3(scaled, origin=self.origin)


def fit_frame(drawing: Drawing, card: Card, unit: float | None = None, share: float = 1.0) -> Frame:
    """Return the frame in which a drawing is most like those of the corpus.

    Parameters
    ----------
    drawing : Drawing
        With at least one point.
    card : Card
    unit : float, optional
        Units of the page that make one unit of the corpus. Unless given it is 1 where the drawing's size
        is plausible in the corpus's units; else the drawing is scaled to the size of a usual one.
    share : float
        Size of the drawing relative to the whole that it is scaled to.
    """
    x_min, y_min, x_max, y_max = drawing.bounds
    size = max(x_max - x_min, y_max - y_min)
    if unit is None:
        low, high = PLAUSIBLE
        is_dot, at_scale = size < DOT, low <= size / card.extent <= high
        unit = 1.0 if is_dot or at_scale else size / (share * card.extent)
    first, start = drawing.points[0] / unit, np.array(card.start)
    at_home = unit == 1 and np.hypot(*(first - start)) <= REACH * card.start_reach
    x, y = (0.0, 0.0) if at_home else (first - start) * unit
    return Frame((float(x), float(y)), unit * card.scale_factor, unit * card.tolerance)


def append_ending(beginning: Drawing, ending: NDArray[np.float32], frame: Frame, *, lift: bool) -> Drawing:
    """Return a drawing with new rows ``(N, 3)`` appended; without a lift they continue its last stroke."""
    last = beginning.points[-1]
    new = Frame((float(last[0]), float(last[1])), frame.unit).to_page(ending).strokes
    old = beginning.strokes
    if not lift and new:
        return beginning.replace(strokes=(*old[:-1], np.concatenate([old[-1], new[0]]), *new[1:]))
    return beginning.replace(strokes=(*old, *new))


def to_model_rows(drawing: Drawing, frame: Frame) -> NDArray[np.float32]:
    """Return a drawing as stroke-3 rows in model units, simplified as the corpus is, ``(N, 3)``."""
    rows = simplified(drawing, frame.tolerance).to_stroke3(origin=frame.origin)
    rows[:, :2] /= frame.unit
    return rows
