"""A person's ink in the model's terms: moved, rescaled and simplified, and the model's answer moved back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from limner.models.weights import Card
from limner.strokes.drawing import Drawing
from limner.strokes.simplify import simplified

PLAUSIBLE = (0.2, 1.6)  # sizes, relative to a usual drawing, that are taken to be in the corpus's units
PARTIAL = 0.7  # size of a beginning relative to the whole drawing, where it is not known
DOT = 1e-12  # ink smaller than this has no size to judge by
REACH = 2.0  # beginnings up to so many times the usual reach away are taken to be where the corpus has them


@dataclass(frozen=True)
class Frame:
    """Where model space lies on the person's page: page = origin + unit * model."""

    origin: tuple[float, float]
    """The point of the page that the first offset counts from."""
    unit: float
    """Units of the page in one model unit."""
    tolerance: float = 0.0
    """Distance on the page within which ink is simplified."""

    def to_page(self, rows: NDArray[np.float32]) -> Drawing:
        """Put stroke-3 rows in model units ``(N, 3)`` on the page."""
        scaled = rows * np.array([self.unit, self.unit, 1], np.float32)
        return Drawing.from_stroke3(scaled, origin=self.origin)


def frame_of(ink: Drawing, card: Card, unit: float | None = None, share: float = 1.0) -> Frame:
    """Find the frame in which a person's ink looks most like the corpus.

    Parameters
    ----------
    ink : Drawing
        With at least one point.
    card : Card
    unit : float, optional
        Units of the page that make one unit of the corpus. Unless given it is 1 where the ink's size is
        plausible in the corpus's units; else the ink is given the size of a usual drawing.
    share : float
        The ink's size relative to the whole drawing, where it has to be given one.
    """
    x_min, y_min, x_max, y_max = ink.bounds
    size = max(x_max - x_min, y_max - y_min)
    if unit is None:
        low, high = PLAUSIBLE
        is_dot, at_scale = size < DOT, low <= size / card.extent <= high
        unit = 1.0 if is_dot or at_scale else size / (share * card.extent)
    first, start = ink.points[0] / unit, np.array(card.start)
    at_home = unit == 1 and np.hypot(*(first - start)) <= REACH * card.start_reach
    x, y = (0.0, 0.0) if at_home else (first - start) * unit
    return Frame((float(x), float(y)), unit * card.scale_factor, unit * card.tolerance)


def joined(beginning: Drawing, ending: NDArray[np.float32], frame: Frame, *, lift: bool) -> Drawing:
    """Put new rows ``(N, 3)`` behind a drawing; without a lift their first stroke goes on with its last."""
    last = beginning.points[-1]
    new = Frame((float(last[0]), float(last[1])), frame.unit).to_page(ending).strokes
    old = beginning.strokes
    if not lift and new:
        return beginning.replace(strokes=(*old[:-1], np.concatenate([old[-1], new[0]]), *new[1:]))
    return beginning.replace(strokes=(*old, *new))


def to_model(ink: Drawing, frame: Frame) -> NDArray[np.float32]:
    """Give the ink as stroke-3 rows in model units, simplified as the corpus is, of shape ``(N, 3)``."""
    rows = simplified(ink, frame.tolerance).to_stroke3(origin=frame.origin)
    rows[:, :2] /= frame.unit
    return rows
