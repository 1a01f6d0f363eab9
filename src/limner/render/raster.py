"""Rasterisation of round strokes with analytic anti-aliasing.

A pixel's coverage depends on the distance between its centre and the line: the overlap of the pixel's width
with the pen's. Round caps and joins follow from the distance itself, the weight of a line varies by a few per
cent with its slope, and the union of two lines is the larger coverage, so a drawing can grow bit by bit.

Letters: ``S`` segments, ``K`` side of the window around a segment, ``H`` and ``W`` of the canvas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from limner.render.style import Colour

    Floats = NDArray[np.floating]

REACH_PX = 8.0
"""Length above which segments are cut, so that the windows around them stay small."""

BATCH_PIXELS = 1 << 20
"""Pixels of the windows that are computed at once: a few megabytes."""


class Canvas:
    """A canvas on an image array, drawn into in place, ink over ink.

    Parameters
    ----------
    pixels : uint8 array of shape ``(H, W, 3)``
        What lies under the ink; it may be a view of a larger image.
    """

    def __init__(self, pixels: NDArray[np.uint8]) -> None:
        self.pixels = pixels
        self._ground = pixels.copy()
        self._cover = np.zeros(pixels.shape[:2], np.float32)
        self._colour: Colour | None = None

    def draw(
        self, starts: Floats, ends: Floats, *, pen_px: float, colour: Colour, opacity: float = 1.0
    ) -> None:
        """Draw round segments in one colour; what lies outside the canvas is cut off.

        Segments of the colour used last are united with what it drew: no pixel gets darker by an overlap.

        Parameters
        ----------
        starts, ends : float arrays of shape ``(S, 2)``
            In pixels; (0, 0) is the upper left corner of the first pixel. Equal ends are a dot.
        pen_px : float
            Width of the line, above 0.
        opacity : float
            From 0 to 1.
        """
        if colour != self._colour:
            self._ground = self.pixels.copy()
            self._cover.fill(0)
            self._colour = colour
        if len(starts):
            cover_segments(self._cover, starts, ends, pen_px)
            self._show(_rows_and_columns(starts, ends, pen_px, self._cover.shape), opacity)

    def _show(self, region: tuple[slice, slice], opacity: float) -> None:
        ground = self._ground[region].astype(np.float32)  # (h, w, 3)
        ink = np.array(self._colour, np.float32)
        mixed = ground + (ink - ground) * (opacity * self._cover[region][..., None])
        self.pixels[region] = np.rint(mixed).astype(np.uint8)


def cover_segments(cover: Floats, starts: Floats, ends: Floats, pen_px: float) -> None:
    """Raise the coverage where round segments lie, in place.

    Parameters
    ----------
    cover : float array of shape ``(H, W)``
        From 0 to 1.
    starts, ends : float arrays of shape ``(S, 2)``
    pen_px : float
        Width of the line.
    """
    radius = pen_px / 2
    reach = max(REACH_PX, pen_px)
    starts, ends = _cut_long(starts, ends, reach)
    side = int(np.ceil(reach + pen_px + 2)) + 1  # K
    for batch in _batches(len(starts), side):
        _stamp(cover, starts[batch], ends[batch], radius, side)


def _stamp(cover: Floats, starts: Floats, ends: Floats, radius: float, side: int) -> None:
    along = (ends - starts).astype(np.float32)  # (S, 2)
    corner = np.floor((starts + ends) / 2 - (side - 1) / 2).astype(np.int64)  # (S, 2)
    grid = corner[:, None, :] + np.arange(side)[None, :, None]  # (S, K, 2), pixels as columns and rows
    offset = (grid + 0.5 - starts[:, None, :]).astype(np.float32)
    x, y = offset[:, None, :, 0], offset[:, :, None, 1]  # (S, 1, K) and (S, K, 1)
    dx, dy = along[:, 0, None, None], along[:, 1, None, None]
    length2 = np.maximum(dx * dx + dy * dy, np.float32(1e-12))
    share = np.clip((x * dx + y * dy) / length2, 0, 1)
    distance = np.sqrt((x - share * dx) ** 2 + (y - share * dy) ** 2)  # (S, K, K)
    values = np.minimum(radius, distance + 0.5) - np.maximum(-radius, distance - 0.5)
    height, width = cover.shape
    column = np.broadcast_to(grid[:, None, :, 0], values.shape)
    row = np.broadcast_to(grid[:, :, None, 1], values.shape)
    kept = (values > 0) & (column >= 0) & (column < width) & (row >= 0) & (row < height)
    np.maximum.at(cover, (row[kept], column[kept]), np.minimum(values[kept], 1).astype(np.float32))


def _cut_long(starts: Floats, ends: Floats, reach: float) -> tuple[Floats, Floats]:
    along = ends - starts
    parts = np.maximum(np.ceil(np.hypot(*along.T) / reach), 1).astype(np.int64)
    which = np.repeat(np.arange(len(starts)), parts)
    turn = np.arange(len(which)) - np.repeat(np.cumsum(parts) - parts, parts)
    step = (along / parts[:, None])[which]
    cuts = starts[which] + step * turn[:, None]
    return cuts, cuts + step


def _batches(n: int, side: int) -> Iterator[slice]:
    size = max(1, BATCH_PIXELS // side**2)
    return (slice(i, i + size) for i in range(0, n, size))


def _rows_and_columns(
    starts: Floats, ends: Floats, pen_px: float, shape: tuple[int, ...]
) -> tuple[slice, slice]:
    edge = pen_px / 2 + 1
    low = np.floor(np.minimum(starts, ends).min(axis=0) - edge)
    high = np.ceil(np.maximum(starts, ends).max(axis=0) + edge)
    (left, top), (right, bottom) = np.maximum(low, 0).astype(int), np.maximum(high, 0).astype(int)
    return slice(top, min(bottom, shape[0])), slice(left, min(right, shape[1]))
