"""The step that adds augmented copies of training drawings.

Letters: ``n`` drawings, ``S`` strokes and ``P`` points of all of them together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.corpus import SPLIT_NAMES
from limner.recipes.recipe_state import COPY
from limner.recipes.stable_hash import mix, to_unit_interval
from limner.recipes.steps.base import CopyStep, check_at_least, check_share
from limner.strokes.packed import PackedStrokes
from limner.strokes.segments import ranges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.recipes.recipe_state import RecipeState

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

TRAIN = SPLIT_NAMES.index("train")
MOST_COPIES = 1000
KEPT_AT_START = 3  # points of each stroke that are never dropped, as in sketch-rnn


@dataclass(frozen=True)
class AugmentStep(CopyStep):
    """Add augmented copies behind each drawing of the train split; valid and test stay as they are."""

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

    def apply(self, state: RecipeState) -> RecipeState:
        """Add copies."""
        times = np.where(state.splits == TRAIN, self.copies + 1, 1)
        parents = np.repeat(np.arange(len(state)), times)
        number = ranges(np.zeros(len(state), np.int64), times)  # 0 is the drawing itself
        names = [f"{COPY}{k}" if k else "" for k in number.tolist()]
        grown = state.multiply(state.packed.take(parents), parents, names)
        return grown.reshape(self._changed(grown, number > 0))

    def _changed(self, state: RecipeState, is_copy: Mask) -> PackedStrokes:
        def random_numbers(salt: int) -> Floats:
            return to_unit_interval(state.random_numbers(salt))

        packed = self._moved(state.packed, is_copy, [random_numbers(salt) for salt in range(4)])
        if self.reorder > 0:
            packed = _reordered(packed, is_copy & (random_numbers(4) < self.reorder), state.random_numbers(5))
        if self.reverse > 0:
            packed = reversed_where(packed, is_copy & (random_numbers(6) < self.reverse))
        if self.drop_points > 0:
            packed = _thinned(packed, is_copy, state.random_numbers(7), self.drop_points)
        return packed

    def _moved(self, packed: PackedStrokes, is_copy: Mask, chances: list[Floats]) -> PackedStrokes:
        """Stretch, mirror and rotate copies about the centres of their boxes."""
        turn, wide, high, side = chances
        angle = np.radians(self.rotate_deg) * (2 * turn - 1)
        sx = (1 + self.stretch * (2 * wide - 1)) * np.where(side < self.mirror, -1, 1)
        sy = 1 + self.stretch * (2 * high - 1)
        matrix = np.array(
            [[np.cos(angle) * sx, -np.sin(angle) * sy], [np.sin(angle) * sx, np.cos(angle) * sy]]
        )
        owner = np.repeat(np.arange(len(packed)), packed.sizes)
        copied = is_copy[owner]
        middle = (packed.boxes[:, :2] + packed.extents / 2)[owner]
        x, y = (packed.points - middle).T
        a, b, c, d = matrix.reshape(4, -1)[:, owner]
        turned = np.column_stack([a * x + b * y, c * x + d * y]) + middle
        return packed.with_points(np.where(copied[:, None], turned, packed.points))


def reversed_where(packed: PackedStrokes, wanted: Mask) -> PackedStrokes:
    """Reverse the order of strokes and points of some drawings."""
    sign = np.where(wanted, -1, 1)
    points = np.arange(len(packed.points)) * np.repeat(sign, packed.sizes)
    strokes = np.arange(len(packed.lengths)) * np.repeat(sign, packed.strokes)
    order = np.lexsort((points, np.repeat(np.arange(len(packed)), packed.sizes)))
    of_strokes = np.lexsort((strokes, np.repeat(np.arange(len(packed)), packed.strokes)))
    return PackedStrokes(packed.points[order], packed.lengths[of_strokes], packed.strokes)


def _reordered(packed: PackedStrokes, wanted: Mask, random_numbers: NDArray[np.uint64]) -> PackedStrokes:
    owner = np.repeat(np.arange(len(packed)), packed.strokes)  # (S,)
    place = ranges(np.zeros(len(packed), np.int64), packed.strokes)
    key = np.where(
        wanted[owner], to_unit_interval(mix(random_numbers[owner] + place.astype(np.uint64))), place
    )
    order = np.lexsort((key, owner))
    points = ranges(packed.stroke_starts[order], packed.lengths[order])
    return PackedStrokes(packed.points[points], packed.lengths[order], packed.strokes)


def _thinned(
    packed: PackedStrokes, is_copy: Mask, random_numbers: NDArray[np.uint64], probability: float
) -> PackedStrokes:
    owner = np.repeat(np.arange(len(packed)), packed.sizes)  # (P,)
    place = ranges(np.zeros(len(packed.lengths), np.int64), packed.lengths)  # within its stroke
    inside = (place >= KEPT_AT_START) & (place < np.repeat(packed.lengths, packed.lengths) - 1)
    number = ranges(np.zeros(len(packed), np.int64), packed.sizes).astype(np.uint64)
    unlucky = to_unit_interval(mix(random_numbers[owner] + number)) < probability
    return packed.keep_points(~(inside & unlucky & is_copy[owner]))
