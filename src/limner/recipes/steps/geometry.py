"""Steps that change points: position, size, simplification, resampling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from limner.recipes.steps.base import EachStep, check_above_zero, check_at_least
from limner.strokes.batched import box_factors, evenly_resampled, placed, simplified, walked
from limner.strokes.drawing import Drawing
from limner.strokes.packed import PackedStrokes
from limner.strokes.simplify import simplify_strokes

if TYPE_CHECKING:
    from limner.recipes.recipe_state import RecipeState


MOST_POINTS = 1_000_000
"""Points that a drawing may be given."""


def _without_endless(state: RecipeState, spacing: float) -> RecipeState:
    """Leave out drawings that would have more than :data:`MOST_POINTS` points at this spacing."""
    return state.reject(
        state.packed.inks > MOST_POINTS * spacing, f"it would have more than {MOST_POINTS:,} points"
    )


@dataclass(frozen=True)
class RescaleStep(EachStep):
    """Scale a drawing, its aspect kept, to a box from the origin that its longer side fills."""

    name = "rescale"

    box: float = 255.0
    """In the units of the corpus."""

    def __post_init__(self) -> None:
        check_above_zero(box=self.box)

    def apply(self, state: RecipeState) -> RecipeState:
        """Rescale the drawings."""
        factor, corner = box_factors(state.packed, self.box), state.packed.boxes[:, :2]
        return state.move(placed(state.packed, factor, corner), factor, corner)


@dataclass(frozen=True)
class OriginStep(EachStep):
    """Move a drawing so that one of its points is the origin."""

    name = "origin"

    at: Literal["first-point", "corner", "centre"] = "first-point"
    """The first point, the top-left corner of the box, or its middle."""

    def apply(self, state: RecipeState) -> RecipeState:
        """Move the drawings."""
        packed = state.packed
        if self.at == "first-point":
            corner = packed.points[packed.starts[:-1]]
        else:
            corner = packed.boxes[:, :2] + (packed.extents / 2 if self.at == "centre" else 0)
        factor = np.ones(len(state))
        return state.move(placed(packed, factor, corner), factor, corner)


@dataclass(frozen=True)
class SimplifyStep(EachStep):
    """Simplify strokes by Ramer-Douglas-Peucker."""

    name = "simplify"

    epsilon: float = 2.0
    """Largest distance that is given up, in the drawing's units."""
    distance: Literal["line", "segment"] = "line"
    """To the infinite line through the ends of a chord, as in Google's drawings, or to the chord itself."""
    walk: float = 0.0
    """Walk every stroke in steps of this length first, as Google did, in the drawing's units; 0 for not."""

    def __post_init__(self) -> None:
        check_at_least(0, epsilon=self.epsilon, walk=self.walk)

    def apply(self, state: RecipeState) -> RecipeState:
        """Simplify the drawings."""
        if self.walk > 0:
            state = _without_endless(state, self.walk)
        packed = state.packed
        if self.walk > 0:
            packed = walked(packed, self.walk, corners_only=self.distance == "line")
        if self.distance == "segment":
            return state.reshape(packed.each(self._by_segment))
        return state.reshape(simplified(packed, self.epsilon))

    def _by_segment(self, drawing: Drawing) -> Drawing:
        strokes = simplify_strokes(drawing.strokes, self.epsilon, distance="segment")
        return drawing.replace(strokes=tuple(strokes))


@dataclass(frozen=True)
class ResampleStep(EachStep):
    """Resample every stroke at equal distances."""

    name = "resample"

    spacing: float = 1.0
    """In the drawing's units."""
    ends: Literal["even", "rest"] = "even"
    """Whether the spacing is made to divide the stroke evenly, or the last step is a shorter rest."""

    def __post_init__(self) -> None:
        check_above_zero(spacing=self.spacing)

    def apply(self, state: RecipeState) -> RecipeState:
        """Resample the drawings."""
        make = evenly_resampled if self.ends == "even" else walked
        state = _without_endless(state, self.spacing)
        return state.reshape(make(state.packed, self.spacing))


@dataclass(frozen=True)
class QuantiseStep(EachStep):
    """Round coordinates to multiples of a unit."""

    name = "quantise"

    unit: float = 1.0
    repeats: Literal["keep", "drop"] = "keep"
    """What becomes of points that fall on the one before them on the same stroke."""

    def __post_init__(self) -> None:
        check_above_zero(unit=self.unit)

    def apply(self, state: RecipeState) -> RecipeState:
        """Round the coordinates."""
        packed = state.packed.with_points(np.rint(state.packed.points / self.unit) * self.unit)
        if self.repeats == "drop":
            kept = packed.steps > 0
            kept[packed.stroke_starts[:-1]] = True
            packed = PackedStrokes.keep_points(packed, kept)
        return state.reshape(packed)
