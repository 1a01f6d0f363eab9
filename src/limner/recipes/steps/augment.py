"""The step that makes changed copies of the drawings to learn from.

Letters: ``n`` drawings, ``S`` strokes and ``P`` points of all of them together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.corpus import SPLIT_NAMES
from limner.recipes.recipe_state import COPY
from limner.recipes.stable_hash import evenly, mixed
from limner.recipes.steps.base import CopyStep, check_at_least, check_share
from limner.strokes.packed import PackedStrokes
from limner.strokes.segments import ranges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.recipes.recipe_state import Tray

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

TRAIN = SPLIT_NAMES.index("train")
MOST_COPIES = 1000
KEPT_AT_START = 3  # points of each stroke that are never dropped, as in sketch-rnn


@dataclass(frozen=True)
class Augment(CopyStep):
    """Put changed copies behind each drawing of the train split; valid and test stay as they are."""

    name = "augment"

    copies: int = 9
    """Of each drawing."""
    rotate_deg: float = 15.0
    """Copies are turned by up to so much, either way."""
    stretch: float = 0.15
    """Copies are stretched along x and along y by factors from 1 - stretch to 1 + stretch."""
    mirror: float = 0.5
    """Chance that a copy is mirrored left to right."""
    reverse: float = 0.0
    """Chance that a copy is drawn from its end to its beginning; strokes stay whole."""
    reorder: float = 0.0
    """Chance that the strokes of a copy come in another order."""
    drop_points: float = 0.1
    """Chance of each point to be dropped that is not among the first three of its stroke, nor the last."""

    def __post_init__(self) -> None:
        check_at_least(0, copies=self.copies, rotate_deg=self.rotate_deg)
        if self.copies > MOST_COPIES:
            raise ValueError(f"copies must be {MOST_COPIES:,} at most, and it is {self.copies:,}")
        check_share(
            mirror=self.mirror, reverse=self.reverse, reorder=self.reorder, drop_points=self.drop_points
        )
        if not 0 <= self.stretch < 1:
            raise ValueError(f"stretch must be from 0 to below 1, and it is {self.stretch}")

    def apply(self, tray: Tray) -> Tray:
        """Make copies."""
        times = np.where(tray.splits == TRAIN, self.copies + 1, 1)
        parents = np.repeat(np.arange(len(tray)), times)
        number = ranges(np.zeros(len(tray), np.int64), times)  # 0 is the drawing itself
        names = [f"{COPY}{k}" if k else "" for k in number.tolist()]
        grown = tray.multiply(tray.sheaf.take(parents), parents, names)
        return grown.reshape(self._changed(grown, number > 0))

    def _changed(self, tray: Tray, is_copy: Mask) -> PackedStrokes:
        def chance(salt: int) -> Floats:
            return evenly(tray.chance(salt))

        sheaf = self._moved(tray.sheaf, is_copy, [chance(salt) for salt in range(4)])
        if self.reorder > 0:
            sheaf = _reordered(sheaf, is_copy & (chance(4) < self.reorder), tray.chance(5))
        if self.reverse > 0:
            sheaf = reversed_where(sheaf, is_copy & (chance(6) < self.reverse))
        if self.drop_points > 0:
            sheaf = _thinned(sheaf, is_copy, tray.chance(7), self.drop_points)
        return sheaf

    def _moved(self, sheaf: PackedStrokes, is_copy: Mask, chances: list[Floats]) -> PackedStrokes:
        """Stretch, mirror and turn copies about the middle of their boxes."""
        turn, wide, high, side = chances
        angle = np.radians(self.rotate_deg) * (2 * turn - 1)
        sx = (1 + self.stretch * (2 * wide - 1)) * np.where(side < self.mirror, -1, 1)
        sy = 1 + self.stretch * (2 * high - 1)
        matrix = np.array(
            [[np.cos(angle) * sx, -np.sin(angle) * sy], [np.sin(angle) * sx, np.cos(angle) * sy]]
        )
        owner = np.repeat(np.arange(len(sheaf)), sheaf.sizes)
        copied = is_copy[owner]
        middle = (sheaf.boxes[:, :2] + sheaf.extents / 2)[owner]
        x, y = (sheaf.points - middle).T
        a, b, c, d = matrix.reshape(4, -1)[:, owner]
        turned = np.column_stack([a * x + b * y, c * x + d * y]) + middle
        return sheaf.with_points(np.where(copied[:, None], turned, sheaf.points))


def reversed_where(sheaf: PackedStrokes, wanted: Mask) -> PackedStrokes:
    """Draw some drawings from their end to their beginning; every stroke keeps its points."""
    sign = np.where(wanted, -1, 1)
    points = np.arange(len(sheaf.points)) * np.repeat(sign, sheaf.sizes)
    strokes = np.arange(len(sheaf.lengths)) * np.repeat(sign, sheaf.strokes)
    order = np.lexsort((points, np.repeat(np.arange(len(sheaf)), sheaf.sizes)))
    of_strokes = np.lexsort((strokes, np.repeat(np.arange(len(sheaf)), sheaf.strokes)))
    return PackedStrokes(sheaf.points[order], sheaf.lengths[of_strokes], sheaf.strokes)


def _reordered(sheaf: PackedStrokes, wanted: Mask, chance: NDArray[np.uint64]) -> PackedStrokes:
    owner = np.repeat(np.arange(len(sheaf)), sheaf.strokes)  # (S,)
    place = ranges(np.zeros(len(sheaf), np.int64), sheaf.strokes)
    key = np.where(wanted[owner], evenly(mixed(chance[owner] + place.astype(np.uint64))), place)
    order = np.lexsort((key, owner))
    points = ranges(sheaf.stroke_starts[order], sheaf.lengths[order])
    return PackedStrokes(sheaf.points[points], sheaf.lengths[order], sheaf.strokes)


def _thinned(
    sheaf: PackedStrokes, is_copy: Mask, chance: NDArray[np.uint64], probability: float
) -> PackedStrokes:
    owner = np.repeat(np.arange(len(sheaf)), sheaf.sizes)  # (P,)
    place = ranges(np.zeros(len(sheaf.lengths), np.int64), sheaf.lengths)  # within its stroke
    inside = (place >= KEPT_AT_START) & (place < np.repeat(sheaf.lengths, sheaf.lengths) - 1)
    number = ranges(np.zeros(len(sheaf), np.int64), sheaf.sizes).astype(np.uint64)
    unlucky = evenly(mixed(chance[owner] + number)) < probability
    return sheaf.keep_points(~(inside & unlucky & is_copy[owner]))
