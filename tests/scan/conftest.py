"""Lines of ink on paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from limner.render.raster import cover_segments

Inked = Callable[..., NDArray[np.float32]]


@pytest.fixture(scope="session")
def inked() -> Inked:
    """Return a function that draws polylines black on white: grey from 0 to 255, of shape ``(H, W)``."""

    def draw(
        *strokes: Sequence[Sequence[float]], size: tuple[int, int] = (120, 160), pen_px: float = 3
    ) -> NDArray[np.float32]:
        cover = np.zeros(size, np.float32)
        for stroke in strokes:
            points: NDArray[Any] = np.asarray(stroke, np.float32)
            points = points if len(points) > 1 else np.repeat(points, 2, axis=0)
            cover_segments(cover, points[:-1], points[1:], pen_px)
        return (255 * (1 - cover)).round().astype(np.float32)

    return draw
