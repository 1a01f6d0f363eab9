"""Steps that change the strokes of a drawing and their order."""

from __future__ import annotations

from dataclasses import dataclass
from math import radians
from typing import TYPE_CHECKING

import numpy as np

from limner.recipes.recipe_state import BOX
from limner.recipes.steps.base import EachStep, check_above_zero, check_at_least
from limner.strokes.boxes import separated
from limner.strokes.join import joined
from limner.strokes.marks import without_marks
from limner.strokes.order import ordered
from limner.strokes.packed import PackedStrokes
from limner.strokes.splice import spliced

if TYPE_CHECKING:
    from limner.recipes.recipe_state import RecipeState


@dataclass(frozen=True)
class JoinStep(EachStep):
    """Join strokes whose ends lie near each other, the nearest first."""

    name = "join"

    distance: float = 15.0
    """Ends less than this apart are joined, in the drawing's units."""
    most_turn_deg: float = 360.0
    """Through which the pen may turn on its way over."""

    def __post_init__(self) -> None:
        check_at_least(0, distance=self.distance, most_turn_deg=self.most_turn_deg)

    def apply(self, state: RecipeState) -> RecipeState:
        """Join strokes."""
        most = radians(self.most_turn_deg)
        return state.reshape(state.packed.each(lambda page: joined(page, self.distance, max_turn=most)))


@dataclass(frozen=True)
class SpliceStep(EachStep):
    """Splice strokes into others that they begin and end near to, the cheapest first."""

    name = "splice"

    distance: float = 40.0
    """Length of the two new segments together that is not reached, in the drawing's units."""

    def __post_init__(self) -> None:
        check_at_least(0, distance=self.distance)

    def apply(self, state: RecipeState) -> RecipeState:
        """Splice strokes."""
        return state.reshape(state.packed.each(lambda page: spliced(page, self.distance)))


@dataclass(frozen=True)
class MarksStep(EachStep):
    """Leave out small marks beside a drawing: dates, page numbers, specks. What is inside of it stays."""

    name = "marks"

    side: float = 75.0
    """Of the longer side of a group of strokes; larger ones are no marks."""
    gap: float = 12.0
    """Strokes whose ink comes nearer belong to one group, in the drawing's units."""

    def __post_init__(self) -> None:
        check_at_least(0, side=self.side)
        check_above_zero(gap=self.gap)

    def apply(self, state: RecipeState) -> RecipeState:
        """Leave out marks."""
        return state.reshape(state.packed.each(lambda page: without_marks(page, self.side, self.gap)))


@dataclass(frozen=True)
class OrderStep(EachStep):
    """Order and reverse strokes as a hand might: from the top left, always the nearest one next."""

    name = "order"

    def apply(self, state: RecipeState) -> RecipeState:
        """Order strokes."""
        return state.reshape(state.packed.each(ordered))


@dataclass(frozen=True)
class SeparateStep(EachStep):
    """Divide a page into drawings: strokes whose boxes overlap or lie near each other belong together."""

    name = "separate"

    overlap: float = 0.05
    """Share of a box, above 0 and up to 1, that must be covered by another one."""
    gap: float = 0.0
    """Boxes less than this apart belong together too, in the drawing's units."""

    def __post_init__(self) -> None:
        check_above_zero(overlap=self.overlap)
        check_at_least(0, gap=self.gap)
        if self.overlap > 1:
            raise ValueError(f"overlap must be at most 1, and it is {self.overlap}")

    def apply(self, state: RecipeState) -> RecipeState:
        """Divide pages."""
        pages = [
            separated(state.packed.drawing(i), overlap=self.overlap, gap=self.gap) for i in range(len(state))
        ]
        parents = np.repeat(np.arange(len(state)), [len(parts) for parts in pages])
        names = [f"{BOX}{number}" for parts in pages for number in range(1, len(parts) + 1)]
        packed = PackedStrokes.from_drawings([part for parts in pages for part in parts])
        return state.multiply(packed, parents, names).boxed()
