"""How drawings become the pictures that the protocol looks at.

Figures of different papers differ in line width, resolution and how drawings are placed; here all of it is
fixed and part of the protocol's version.

Letters: ``n`` drawings, ``S`` segments of all of them, ``P`` pixels of a side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from limner.render.raster import cover_segments
from limner.strokes.drawing import Drawing

AT_ONCE = 256
"""Drawings on one canvas."""


@dataclass(frozen=True)
class Raster:
    """Black ink on white in a square: the drawing's box in its middle, the longer side filled."""

    px: int = 64
    """P."""
    margin_px: float = 4.0
    """Between the box and the edge."""
    pen_px: float = 1.6
    """Width of a line, with round ends."""

    def __post_init__(self) -> None:
        if self.pen_px <= 0 or self.margin_px < self.pen_px / 2 + 1 or self.px <= 2 * self.margin_px:
            raise ValueError(
                "a pen needs a margin of half its width and a pixel, and a square more than that"
            )

    def pictures(self, drawings: Sequence[Drawing]) -> NDArray[np.uint8]:
        """Draw drawings; one without points leaves its paper empty.

        Returns
        -------
        uint8 array of shape ``(n, P, P)``
            The cover with ink: 0 for paper, 255 for ink.
        """
        found = np.zeros((len(drawings), self.px, self.px), np.uint8)
        for first in range(0, len(drawings), AT_ONCE):
            some = [self._segments(drawing) for drawing in drawings[first : first + AT_ONCE]]
            found[first : first + len(some)] = self._drawn(some)
        return found

    @property
    def name(self) -> str:
        """Its settings in a few letters, such as ``64px-margin4-pen1.6``."""
        values = asdict(self)
        return f"{values['px']}px-margin{values['margin_px']:g}-pen{values['pen_px']:g}"

    def _segments(self, drawing: Drawing) -> NDArray[np.float64]:
        """Give the ends of its segments on the square; ``(S, 2, 2)``."""
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

    def _drawn(self, drawings: Sequence[NDArray[np.float64]]) -> NDArray[np.uint8]:
        """Draw on squares that lie under each other, which no line can leave."""
        tall = [ends + np.array([0, k * self.px]) for k, ends in enumerate(drawings)]
        ends = np.concatenate(tall)  # (S, 2, 2)
        cover = np.zeros((len(drawings) * self.px, self.px), np.float32)
        if len(ends):
            cover_segments(cover, ends[:, 0], ends[:, 1], self.pen_px)
        return np.rint(255 * cover).astype(np.uint8).reshape(-1, self.px, self.px)
