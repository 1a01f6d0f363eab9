"""JSON schemas of drawings and errors, shared by all rooms; requests are validated by them."""

from __future__ import annotations

from typing import Annotated, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from limner.strokes.drawing import Drawing
from limner.studio.limits import POINTS, REACH, STROKES

Coordinate = Annotated[float, Field(ge=-REACH, le=REACH, allow_inf_nan=False)]
PagePoint = tuple[Coordinate, Coordinate]
Stroke = Annotated[list[PagePoint], Field(min_length=1, max_length=POINTS)]
Strokes = Annotated[list[Stroke], Field(max_length=STROKES)]
Name = Annotated[str, Field(max_length=200)]
Seed = Annotated[int, Field(ge=0, le=2**53 - 1)]
"""Integers that JavaScript represents exactly."""
Temperature = Annotated[float, Field(ge=0.01, le=3.0, allow_inf_nan=False)]
DIGITS = 2
"""Decimal places of coordinates; more for drawings much smaller than a unit."""


class Schema(BaseModel):
    """Base of all schemas: immutable, and unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ErrorAnswer(Schema):
    """An error."""

    detail: str
    """Why the request was refused: a sentence of at most 300 characters."""


class Sketch(Schema):
    """A drawing: strokes of points ``[x, y]``, with y growing downward, in any units."""

    strokes: Strokes
    label: Name | None = None
    by: list[str] | None = Field(default=None, max_length=STROKES)
    """Author of each stroke: ``you`` or ``model``."""

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if sum(map(len, self.strokes)) > POINTS:
            raise ValueError(f"a drawing has {POINTS} points at most")
        if self.by is not None and (len(self.by) != len(self.strokes) or set(self.by) - {"you", "model"}):
            raise ValueError("by names you or model for each stroke")
        return self

    def drawing(self) -> Drawing:
        """Return the drawing."""
        return Drawing(tuple(np.array(stroke, np.float32) for stroke in self.strokes), label=self.label)


class NonEmptySketch(Sketch):
    """A drawing with at least one stroke."""

    strokes: Annotated[Strokes, Field(min_length=1)]


def sketch_of(drawing: Drawing, by: list[str] | None = None) -> Sketch:
    """Return the schema of a drawing, with coordinates rounded to a hundredth of a unit.

    Drawings much smaller than a unit keep more digits.
    """
    x_min, y_min, x_max, y_max = drawing.bounds
    size = max(x_max - x_min, y_max - y_min, 1e-9)
    digits = max(DIGITS, int(np.ceil(4 - np.log10(size))))
    strokes = [[(round(x, digits), round(y, digits)) for x, y in s.astype(float).tolist()] for s in drawing]
    return Sketch.model_construct(strokes=strokes, label=drawing.label, by=by)
