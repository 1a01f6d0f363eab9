"""Steps that drop strokes and drawings by their size or label."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.text import counted
from limner.recipes.steps.base import EachStep, check_at_least, check_share

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.recipes.recipe_state import RecipeState


@dataclass(frozen=True)
class ShortStrokesStep(EachStep):
    """Leave out short strokes; what is left of a drawing stays as it is."""

    name = "short-strokes"

    min_points: int = 0
    """Stored points that a stroke needs."""
    min_length: float = 0.0
    """Length that a stroke needs, in the drawing's units; a dot has none."""
    min_share: float = 0.0
    """Share of the drawing's ink that a stroke needs, from 0 to 1: 0.01 is 10 of SLML's 1000 points."""

    def __post_init__(self) -> None:
        check_at_least(0, min_points=self.min_points, min_length=self.min_length)
        check_share(min_share=self.min_share)

    def apply(self, state: RecipeState) -> RecipeState:
        """Drop short strokes."""
        packed = state.packed
        kept = packed.lengths >= self.min_points
        if self.min_length > 0:
            kept &= packed.stroke_inks >= self.min_length
        if self.min_share > 0:
            kept &= packed.stroke_inks >= self.min_share * np.repeat(packed.inks, packed.strokes)
        return state if kept.all() else state.reshape(packed.keep_strokes(kept))


@dataclass(frozen=True)
class SizeStep(EachStep):
    """Leave out drawings of too few or too many strokes or points, or too small ones."""

    name = "size"

    min_strokes: int | None = None
    max_strokes: int | None = None
    min_points: int | None = None
    max_points: int | None = None
    """Of the whole drawing."""
    min_side: float | None = None
    """Of the longer side of the drawing's box, in its units."""
    min_area: float | None = None
    """Of the drawing's box, in square units."""
    min_ink: float | None = None
    """Length of all strokes together, in the drawing's units."""

    def __post_init__(self) -> None:
        check_at_least(0, **{field.name: getattr(self, field.name) for field in fields(self)})

    def apply(self, state: RecipeState) -> RecipeState:
        """Drop drawings."""
        for name, is_most, noun in (
            ("strokes", False, "stroke"),
            ("strokes", True, "stroke"),
            ("points", False, "point"),
            ("points", True, "point"),
        ):
            limit = getattr(self, f"{'max' if is_most else 'min'}_{name}")
            if limit is not None:
                sizes = state.packed.strokes if name == "strokes" else state.packed.sizes
                wrong = sizes > limit if is_most else sizes < limit
                state = state.reject(wrong, f"{'more' if is_most else 'fewer'} than {counted(limit, noun)}")
        for limit, measure, words in (
            (self.min_side, _side, "its longer side is below"),
            (self.min_area, _area, "the area of its box is below"),
            (self.min_ink, lambda state: state.packed.inks, "its ink is shorter than"),
        ):
            if limit is not None:
                state = state.reject(measure(state) < limit, f"{words} {limit:g}")
        return state


@dataclass(frozen=True)
class LabelsStep(EachStep):
    """Keep or leave out drawings by their label."""

    name = "labels"

    keep: tuple[str, ...] = ()
    """Labels of the drawings that stay; all unless given."""
    exclude: tuple[str, ...] = ()
    """Labels of the drawings that go."""

    def apply(self, state: RecipeState) -> RecipeState:
        """Drop drawings."""
        for name in self.exclude:
            state = state.reject(self._labelled(state, (name,)), f"its label is {name}")
        if self.keep:
            state = state.reject(~self._labelled(state, self.keep), "its label is none of those to keep")
        return state

    def _labelled(self, state: RecipeState, names: tuple[str, ...]) -> NDArray[np.bool_]:
        known = state.label_names
        return np.isin(state.labels, [known.index(name) for name in names if name in known])


def _side(state: RecipeState) -> NDArray[np.float64]:
    return np.asarray(state.packed.extents.max(axis=1, initial=0))


def _area(state: RecipeState) -> NDArray[np.float64]:
    return np.asarray(state.packed.extents.prod(axis=1))
