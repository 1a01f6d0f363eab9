"""Exports: drawings as a file of one of :func:`limner.studio.keep.formats.export_formats`."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import AfterValidator, Field, model_validator

from limner.errors import LimnerError
from limner.plot.page import PlotPage
from limner.plot.pens import BLACK, PENS, Pen
from limner.plot.plan import PlotOptions
from limner.render.options import FilmKind
from limner.render.pace import Pace
from limner.render.style import Colour, Style, parse_colour
from limner.render.writers import WriteOptions
from limner.strokes.drawing import Drawing
from limner.studio.context import ContextDep
from limner.studio.deadline import Deadline
from limner.studio.keep.formats import export_bytes, export_formats
from limner.studio.limits import EXPORT_POINTS
from limner.studio.schemas import Name, NonEmptySketch, Schema

router = APIRouter(tags=["keep"])

FORMATS = export_formats()
TYPES = {writer.media_type for writer in FORMATS.values()}
AUTHOR_PENS = (Pen("you", Colour(0x1B, 0x1A, 0x17)), Pen("model", parse_colour("#b4532a")))
PaperName = Literal["A6", "A5", "A4", "A3", "A2", "letter", "legal", "tabloid"]
MAX_DRAWINGS = 200
"""Drawings in one export."""


def _known(name: str) -> str:
    if name not in FORMATS:
        raise ValueError(f"there is no format {name!r}")
    return name


Format = Annotated[str, AfterValidator(_known), Field(json_schema_extra={"enum": [*FORMATS]})]


class ExportRequest(Schema):
    """Drawings to export, and the options of the format."""

    sketches: Annotated[list[NonEmptySketch], Field(min_length=1, max_length=MAX_DRAWINGS)]
    format: Format
    name: Name = ""
    kind: FilmKind = "draw"
    """What a film shows: a drawing stroke by stroke, a sheet, or a morph through the drawings."""
    size_px: Annotated[int, Field(ge=16, le=2048)] = 512
    seconds: Annotated[float, Field(gt=0, le=60, allow_inf_nan=False)] = 4.0
    hold_seconds: Annotated[float, Field(ge=0, le=30, allow_inf_nan=False)] = 1.5
    fps: Annotated[int, Field(ge=1, le=50)] = 25
    colour_by: Literal["single", "stroke", "order"] = "single"
    page: PaperName = "A4"
    landscape: bool | None = None
    margin_mm: Annotated[float, Field(ge=0, le=40, allow_inf_nan=False)] = 15.0
    pens: Literal["one", "hands", "strokes"] = "hands"
    """Pen layers of a plotter page: one for all, one for each author, or one for each stroke."""
    reorder: bool = True

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if sum(len(stroke) for sketch in self.sketches for stroke in sketch.strokes) > EXPORT_POINTS:
            raise ValueError(f"an export holds {EXPORT_POINTS} points at most")
        return self

    def drawings(self) -> list[Drawing]:
        """Return the drawings."""
        return [sketch.drawing() for sketch in self.sketches]

    def options(self, deadline: Deadline) -> WriteOptions:
        """Return the options of the writer."""
        return WriteOptions(
            style=Style(colour_by=self.colour_by),
            size_px=self.size_px,
            kind=self.kind,
            pace=Pace(self.seconds, self.fps, self.hold_seconds),
            tick=deadline.check,
        )

    def plot(self) -> PlotOptions:
        """Return the options of a page for a plotter."""
        page = PlotPage(self.page, self.landscape, self.margin_mm, reorder=self.reorder)
        hands = [[int(by == "model") for by in s.by or ["model"] * len(s.strokes)] for s in self.sketches]
        strokes = [[k % len(PENS) for k in range(len(s.strokes))] for s in self.sketches]
        pens, pen_of = {"one": ((BLACK,), None), "hands": (AUTHOR_PENS, hands), "strokes": (PENS, strokes)}[
            self.pens
        ]
        return {"page": page, "pens": pens, "pen_of": pen_of, "title": self.name}


@router.post("/api/export", response_class=Response, responses={200: {"content": {t: {} for t in TYPES}}})
async def export(request: ExportRequest, context: ContextDep) -> Response:
    """Return drawings as a file of the requested format."""
    writer = FORMATS[request.format]
    data = await context.run_in_thread(_written, request)
    name = "".join(c if c.isascii() and (c.isalnum() or c in "-_ ") else "-" for c in request.name).strip(
        " -"
    )
    place = f'attachment; filename="{name.strip(" -") or "limner"}{writer.mark}{writer.suffix}"'
    return Response(data, media_type=writer.media_type, headers={"Content-Disposition": place})


def _written(request: ExportRequest, deadline: Deadline) -> bytes:
    deadline.check()
    drawings, options = request.drawings(), request.options(deadline)
    try:
        return export_bytes(request.format, drawings, options, request.plot())
    except ValueError as error:  # drawings that leave no room on their page
        raise LimnerError(str(error)) from error
