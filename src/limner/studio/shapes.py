"""Drawings and faults as they travel between page and server; checked on the way in."""

from __future__ import annotations

from typing import Annotated, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from limner.strokes.drawing import Drawing
from limner.studio.limits import POINTS, REACH, STROKES

Coordinate = Annotated[float, Field(ge=-REACH, le=REACH, allow_inf_nan=False)]
Place = tuple[Coordinate, Coordinate]
Stroke = Annotated[list[Place], Field(min_length=1, max_length=POINTS)]
Strokes = Annotated[list[Stroke], Field(max_length=STROKES)]
Name = Annotated[str, Field(max_length=200)]
Seed = Annotated[int, Field(ge=0, le=2**53 - 1)]
"""Whole numbers that JavaScript holds."""
Temperature = Annotated[float, Field(ge=0.01, le=3.0, allow_inf_nan=False)]
DIGITS = 2


class Shape(BaseModel):
    """What travels; a misspelt field is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Fault(Shape):
    """Why a request was refused, as a sentence."""

    detail: str


class Sketch(Shape):
    """A drawing: strokes of points ``[x, y]``, y growing downward, in any units."""

    strokes: Strokes
    label: Name | None = None
    by: list[str] | None = Field(default=None, max_length=STROKES)
    """Who drew each stroke: ``you`` or ``model``."""

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if sum(map(len, self.strokes)) > POINTS:
            raise ValueError(f"a drawing has {POINTS} points at most")
        if self.by is not None and (len(self.by) != len(self.strokes) or set(self.by) - {"you", "model"}):
            raise ValueError("by names you or model for each stroke")
        return self

    def drawing(self) -> Drawing:
        """Give the drawing."""
        return Drawing(tuple(np.array(stroke, np.float32) for stroke in self.strokes), label=self.label)


class InkedSketch(Sketch):
    """A drawing with at least one stroke."""

    strokes: Annotated[Strokes, Field(min_length=1)]


def sketch_of(drawing: Drawing, by: list[str] | None = None) -> Sketch:
    """Write a drawing as it travels, its coordinates rounded to a hundredth of a unit.

    What is far smaller than a unit is written with the digits that it needs.
    """
    x_min, y_min, x_max, y_max = drawing.bounds
    size = max(x_max - x_min, y_max - y_min, 1e-9)
    digits = max(DIGITS, int(np.ceil(4 - np.log10(size))))
    strokes = [[(round(x, digits), round(y, digits)) for x, y in s.astype(float).tolist()] for s in drawing]
    return Sketch.model_construct(strokes=strokes, label=drawing.label, by=by)
