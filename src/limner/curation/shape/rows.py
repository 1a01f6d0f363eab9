"""From drawings to features.

Letters: ``n`` drawings, ``D`` numbers of each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limner.curation.shape.maps import described, direction_maps, point_maps
from limner.curation.shape.pieces import cut, unit_sized
from limner.curation.shape.statistics import histograms, statistics
from limner.strokes.packed import PackedStrokes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from limner.strokes.drawing import Drawing

STATISTICS_WEIGHT = 0.25
HISTOGRAMS_WEIGHT = 0.15
"""Of the numbers that stand beside the maps, found on QuickDraw: see ``scripts/feature_worth.py``."""


def shape_rows(drawings: Sequence[Drawing]) -> NDArray[np.float32]:
    """Return features of the shape of each drawing, independent of its size and position.

    A drawing and its mirror image give the same row; so does one that is simplified by less than a hundredth
    of its longer side, very nearly. Whatever the order and the sense in which the strokes were drawn, the
    row stays the same.

    Returns
    -------
    float32 array of shape ``(n, D)``
        Rows that differ little are drawings that look alike.
    """
    packed = unit_sized(PackedStrokes.from_drawings(drawings))
    pieces, frames = cut(packed)
    maps = described(direction_maps(pieces, len(packed)), point_maps(packed, frames))
    single = statistics(packed)
    parts = [
        maps,
        STATISTICS_WEIGHT / np.sqrt(single.shape[1]) * single,
        HISTOGRAMS_WEIGHT * histograms(packed),
    ]
    return np.concatenate(parts, axis=1).astype(np.float32)
