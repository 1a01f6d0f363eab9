"""Steps that move points: where a drawing stands, how large it is, how many points it has."""

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
    from limner.recipes.recipe_state import Tray


MOST_POINTS = 1_000_000
"""Points that a drawing may be given."""


def _without_endless(tray: Tray, spacing: float) -> Tray:
    """Leave out drawings that would get more than :data:`MOST_POINTS` points at this distance."""
    return tray.reject(
        tray.sheaf.inks > MOST_POINTS * spacing, f"it would have more than {MOST_POINTS:,} points"
    )


@dataclass(frozen=True)
class Rescale(EachStep):
    """Scale a drawing, its aspect kept, to a box from the origin that its longer side fills."""

    name = "rescale"

    box: float = 255.0
    """In the units of the corpus."""

    def __post_init__(self) -> None:
        check_above_zero(box=self.box)

    def apply(self, tray: Tray) -> Tray:
        """Scale and move."""
        factor, corner = box_factors(tray.sheaf, self.box), tray.sheaf.boxes[:, :2]
        return tray.move(placed(tray.sheaf, factor, corner), factor, corner)


@dataclass(frozen=True)
class Origin(EachStep):
    """Move a drawing so that one of its places is the origin."""

    name = "origin"

    at: Literal["first-point", "corner", "centre"] = "first-point"
    """The first point, the top-left corner of the box, or its middle."""

    def apply(self, tray: Tray) -> Tray:
        """Move."""
        sheaf = tray.sheaf
        if self.at == "first-point":
            corner = sheaf.points[sheaf.starts[:-1]]
        else:
            corner = sheaf.boxes[:, :2] + (sheaf.extents / 2 if self.at == "centre" else 0)
        factor = np.ones(len(tray))
        return tray.move(placed(sheaf, factor, corner), factor, corner)


@dataclass(frozen=True)
class Simplify(EachStep):
    """Leave out points by Ramer-Douglas-Peucker."""

    name = "simplify"

    epsilon: float = 2.0
    """Largest distance that is given up, in the drawing's units."""
    distance: Literal["line", "segment"] = "line"
    """To the infinite line through the ends of a chord, as in Google's drawings, or to the chord itself."""
    walk: float = 0.0
    """Walk every stroke in steps of this length first, as Google did, in the drawing's units; 0 for not."""

    def __post_init__(self) -> None:
        check_at_least(0, epsilon=self.epsilon, walk=self.walk)

    def apply(self, tray: Tray) -> Tray:
        """Leave points out."""
        if self.walk > 0:
            tray = _without_endless(tray, self.walk)
        sheaf = tray.sheaf
        if self.walk > 0:
            sheaf = walked(sheaf, self.walk, corners_only=self.distance == "line")
        if self.distance == "segment":
            return tray.reshape(sheaf.each(self._by_segment))
        return tray.reshape(simplified(sheaf, self.epsilon))

    def _by_segment(self, drawing: Drawing) -> Drawing:
        strokes = simplify_strokes(drawing.strokes, self.epsilon, distance="segment")
        return drawing.replace(strokes=tuple(strokes))


@dataclass(frozen=True)
class Resample(EachStep):
    """Put points at even distances along every stroke."""

    name = "resample"

    spacing: float = 1.0
    """In the drawing's units."""
    ends: Literal["even", "rest"] = "even"
    """Whether the spacing is made to divide the stroke evenly, or the last step is a shorter rest."""

    def __post_init__(self) -> None:
        check_above_zero(spacing=self.spacing)

    def apply(self, tray: Tray) -> Tray:
        """Put points."""
        make = evenly_resampled if self.ends == "even" else walked
        tray = _without_endless(tray, self.spacing)
        return tray.reshape(make(tray.sheaf, self.spacing))


@dataclass(frozen=True)
class Quantise(EachStep):
    """Round coordinates to multiples of a unit."""

    name = "quantise"

    unit: float = 1.0
    repeats: Literal["keep", "drop"] = "keep"
    """What becomes of points that fall on the one before them on the same stroke."""

    def __post_init__(self) -> None:
        check_above_zero(unit=self.unit)

    def apply(self, tray: Tray) -> Tray:
        """Round."""
        sheaf = tray.sheaf.with_points(np.rint(tray.sheaf.points / self.unit) * self.unit)
        if self.repeats == "drop":
            kept = sheaf.steps > 0
            kept[sheaf.stroke_starts[:-1]] = True
            sheaf = PackedStrokes.keep_points(sheaf, kept)
        return tray.reshape(sheaf)
