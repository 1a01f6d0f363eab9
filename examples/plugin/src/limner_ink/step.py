"""A recipe step: drop drawings with little ink."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from limner.recipes.recipe_state import RecipeState
from limner.recipes.steps.base import EachStep, check_above_zero


@dataclass(frozen=True)
class InkStep(EachStep):
    """Drop drawings whose strokes together are shorter than a length."""

    name: ClassVar[str] = "ink"
    at_least: float = 1.0
    """Least length, in the units of the drawings."""

    def __post_init__(self) -> None:
        check_above_zero(at_least=self.at_least)

    def apply(self, state: RecipeState) -> RecipeState:
        """Drop drawings."""
        return state.reject(state.packed.inks < self.at_least, "it has too little ink")
