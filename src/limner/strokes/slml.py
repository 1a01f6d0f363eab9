"""The stroke pipeline of the Single-Line project (SLML), with its thresholds and without its defects.

Its datasets come from traced pages in these steps: a box of 200, short strokes left out, joining, splicing,
simplification, box separation, small groups left out, and each drawing in a box of 200 again.

What differs on purpose: splicing measures the segments that it adds (the original could make the pen jump),
and box separation is a partition (the original could give a stroke to two drawings) that measures overlap
over the smaller box.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from limner.strokes.boxes import separated
from limner.strokes.filters import without_minor
from limner.strokes.geometry import fitted
from limner.strokes.join import joined
from limner.strokes.simplify import simplified
from limner.strokes.splice import spliced

if TYPE_CHECKING:
    from limner.strokes.drawing import Drawing


@dataclass(frozen=True)
class SingleLine:
    """Thresholds; lengths are in units of a page that is 200 long."""

    box: float = 200.0
    least_share: float = 0.003
    """Strokes with less than this share of the ink are left out: 3 of 1000 points."""
    join: float = 15.0
    splice: float = 40.0
    epsilon: float = 1.0
    overlap: float = 0.05
    gap: float = 0.0
    least_area: float = 500.0
    """Groups whose box has less area are left out."""

    def drawings(self, page: Drawing) -> list[Drawing]:
        """Make drawings of the strokes of a page."""
        line = spliced(
            joined(without_minor(fitted(page, self.box), self.least_share), self.join), self.splice
        )
        parts = separated(simplified(line, self.epsilon), overlap=self.overlap, gap=self.gap)
        return [fitted(part, self.box) for part in parts if _area(part) >= self.least_area]


SLML_PRESETS = {"slml-v1": SingleLine(), "slml-v2": SingleLine(epsilon=0.5)}
"""``slml-v1`` rebuilds the datasets simplified by 1.0, ``slml-v2`` those by 0.5."""


def _area(drawing: Drawing) -> float:
    x_min, y_min, x_max, y_max = drawing.bounds
    return (x_max - x_min) * (y_max - y_min)
