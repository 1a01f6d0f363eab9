"""How drawings are rasterized for the protocol's network.

Published figures differ in line width, resolution and the placement of drawings; here all of these are fixed
and part of the protocol's identifier.

Letters: ``n`` drawings, ``S`` segments of all of them, ``P`` pixels of a side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from limner.render.raster import cover_segments
from limner.strokes.drawing import Drawing

BATCH = 256
"""Drawings that are rasterized on one canvas."""


@dataclass(frozen=True)
class Raster:
    """Settings: the bounding box of a drawing fills the longer side of a square, and is centred in it."""

    px: int = 64
    """P."""
    margin_px: float = 4.0
    """Between the bounding box and the edge."""
    pen_px: float = 1.6
    """Width of lines, which have round caps."""

    def __post_init__(self) -> None:
        if self.pen_px <= 0 or self.margin_px < self.pen_px / 2 + 1 or self.px <= 2 * self.margin_px:
            raise ValueError(
                "a pen needs a margin of half its width and a pixel, and a square more than that"
            )

    def pictures(self, drawings: Sequence[Drawing]) -> NDArray[np.uint8]:
        """Rasterize drawings; one without points gives an empty picture.

        Returns
        -------
        uint8 array of shape ``(n, P, P)``
            Coverage with ink: 0 for paper, 255 for ink.
        """
        pictures = np.zeros((len(drawings), self.px, self.px), np.uint8)
        for first in range(0, len(drawings), BATCH):
            batch = [self._segments(drawing) for drawing in drawings[first : first + BATCH]]
            pictures[first : first + len(batch)] = self._rasterize(batch)
        return pictures

    @property
    def name(self) -> str:
        """The settings as a short text, such as ``64px-margin4-pen1.6``."""
        values = asdict(self)
        return f"{values['px']}px-margin{values['margin_px']:g}-pen{values['pen_px']:g}"

    def _segments(self, drawing: Drawing) -> NDArray[np.float64]:
        """Return the end points of a drawing's segments in pixels, ``(S, 2, 2)``."""
        if not drawing.n_points:
            return np.zeros((0, 2, 2))
        pairs = [
            np.stack([stroke[:-1], stroke[1:]], 1) if len(stroke) > 1 else np.stack([stroke, stroke], 1)
            for stroke in drawing
        ]
        ends = np.concatenate(pairs).astype(np.float64)  # (S, 2, 2)
        low, high = ends.min((0, 1)), ends.max((0, 1))
        side = float((high - low).max())
        unit = (self.px - 2 * self.margin_px) / side if side else 1.0
        return np.asarray((ends - (low + high) / 2) * unit + self.px / 2)

    def _rasterize(self, drawings: Sequence[NDArray[np.float64]]) -> NDArray[np.uint8]:
        """Rasterize on one canvas of squares below each other, which the margin keeps apart."""
        ends = np.concatenate(
            [own + np.array([0, k * self.px]) for k, own in enumerate(drawings)]
        )  # (S, 2, 2)
        cover = np.zeros((len(drawings) * self.px, self.px), np.float32)
        if len(ends):
            cover_segments(cover, ends[:, 0], ends[:, 1], self.pen_px)
        return np.rint(255 * cover).astype(np.uint8).reshape(-1, self.px, self.px)
