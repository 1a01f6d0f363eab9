"""Features are computed when they are needed, once, and belong to the drawing at their index."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from limner.evaluation.lazy_features import LazyFeatures
from limner.strokes.drawing import Drawing

DRAWINGS = [Drawing.from_polylines([[(0, 0), (k, 1)]]) for k in range(1, 9)]


class Counting:
    """Measures the width of drawings, and records them."""

    identifier = "width"

    def __init__(self) -> None:
        self.shown: list[int] = []

    def features(self, drawings: Sequence[Drawing]) -> NDArray[np.float32]:
        widths = [int(drawing.bounds[2]) for drawing in drawings]
        self.shown += widths
        return np.array(widths, np.float32)[:, None]


def test_only_what_is_asked_for_is_looked_at_and_only_once() -> None:
    extractor = Counting()
    rows = LazyFeatures(DRAWINGS, extractor, lambda *_: None)
    assert len(rows) == 8
    assert rows[np.array([5, 2, 5])][:, 0].tolist() == [6, 3, 6]
    assert extractor.shown == [3, 6]
    assert rows[:3][:, 0].tolist() == [1, 2, 3]
    assert extractor.shown == [3, 6, 1, 2]
    assert rows.all()[:, 0].tolist() == list(range(1, 9))
    assert sorted(extractor.shown) == list(range(1, 9))
