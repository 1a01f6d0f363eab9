"""Export of drawings to SVG, plotter pages, PNG, GIF, films, npz and zip."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal, Self

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field, model_validator

from limner.corpus.corpus import Corpus, Split
from limner.corpus.npz_writer import write_npz
from limner.corpus.reading import number_labels
from limner.render.film import Film, write_film
from limner.render.pace import Pace
from limner.render.plotter import PENS, Pen, PlotPage, plot_to_svg
from limner.render.png import draw_image, png_bytes, sheet_to_image
from limner.render.style import Colour, Style, parse_colour
from limner.render.svg import sheet_to_svg
from limner.strokes.drawing import Drawing
from limner.studio.context import ContextDep
from limner.studio.deadline import Deadline
from limner.studio.limits import EXPORT_POINTS
from limner.studio.schemas import Name, NonEmptySketch, Schema

router = APIRouter(tags=["keep"])

Format = Literal["svg", "plotter", "png", "gif", "moving-svg", "mp4", "npz", "zip"]
TYPES = {
    "svg": "image/svg+xml", "png": "image/png", "gif": "image/gif", "mp4": "video/mp4",
    "npz": "application/octet-stream", "zip": "application/zip",
}  # fmt: skip
NAME_ENDINGS = {"plotter": "-plotter", "moving-svg": "-moving"}
"""Endings of file names by which formats of the same suffix differ."""
ANSWERS: dict[str, dict[str, str]] = {kind: {} for kind in TYPES.values()}
AUTHOR_PENS = (Pen("you", Colour(0x1B, 0x1A, 0x17)), Pen("model", parse_colour("#b4532a")))
MAX_DRAWINGS = 200
"""Drawings in one export."""


class ExportRequest(Schema):
    """Drawings to export, and the options of the format."""

    sketches: Annotated[list[NonEmptySketch], Field(min_length=1, max_length=MAX_DRAWINGS)]
    format: Format
    name: Name = ""
    kind: Literal["draw", "sheet", "morph"] = "draw"
    """What a film shows: a drawing stroke by stroke, a sheet, or a morph through the drawings."""
    size_px: Annotated[int, Field(ge=16, le=2048)] = 512
    seconds: Annotated[float, Field(gt=0, le=60, allow_inf_nan=False)] = 4.0
    hold_seconds: Annotated[float, Field(ge=0, le=30, allow_inf_nan=False)] = 1.5
    fps: Annotated[int, Field(ge=1, le=50)] = 25
    colour_by: Literal["single", "stroke", "order"] = "single"
    page: Literal["A3", "A4", "A5", "A6"] = "A4"
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


@router.post(
    "/api/export", response_class=Response, responses={200: {"content": {t: {} for t in TYPES.values()}}}
)
async def export(request: ExportRequest, context: ContextDep) -> Response:
    """Return drawings as a file of the requested format."""
    suffix = {"plotter": "svg", "moving-svg": "svg"}.get(request.format, request.format)
    data = await context.run_in_thread(WRITERS[request.format], request)
    name = "".join(c if c.isascii() and (c.isalnum() or c in "-_ ") else "-" for c in request.name).strip(
        " -"
    )
    kind = NAME_ENDINGS.get(request.format, "")
    disposition = f'attachment; filename="{name or "limner"}{kind}.{suffix}"'
    return Response(data, media_type=TYPES[suffix], headers={"Content-Disposition": disposition})


def _svg(request: ExportRequest, deadline: Deadline) -> bytes:
    deadline.check()
    drawings, style = request.drawings(), Style(colour_by=request.colour_by)
    alone = len(drawings) == 1 and request.colour_by == "single"
    return (drawings[0].to_svg() if alone else sheet_to_svg(drawings, style=style)).encode()


def _plotter(request: ExportRequest, deadline: Deadline) -> bytes:
    deadline.check()
    page = PlotPage(request.page, request.landscape, request.margin_mm, reorder=request.reorder)
    if request.pens == "hands":
        pen_of = [[int(by == "model") for by in s.by or ["model"] * len(s.strokes)] for s in request.sketches]
        return plot_to_svg(
            request.drawings(), page, pens=AUTHOR_PENS, pen_of=pen_of, title=request.name
        ).encode()
    if request.pens == "strokes":
        pen_of = [[k % len(PENS) for k in range(len(s.strokes))] for s in request.sketches]
        return plot_to_svg(request.drawings(), page, pens=PENS, pen_of=pen_of, title=request.name).encode()
    return plot_to_svg(request.drawings(), page, title=request.name).encode()


def _png(request: ExportRequest, deadline: Deadline) -> bytes:
    deadline.check()
    drawings, style = request.drawings(), Style(colour_by=request.colour_by)
    if len(drawings) == 1:
        return png_bytes(draw_image(drawings[0], request.size_px, style))
    return png_bytes(sheet_to_image(drawings, style=style, cell_px=_film(request, deadline).cell_px))


def _film(request: ExportRequest, deadline: Deadline) -> Film:
    deadline.check()
    pace = Pace(request.seconds, request.fps, request.hold_seconds)
    style = Style(colour_by=request.colour_by)
    return Film(request.drawings(), request.kind, request.size_px, pace, style, deadline.check)


def _movie(suffix: str) -> Callable[..., bytes]:
    def write(request: ExportRequest, deadline: Deadline) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"film.{suffix}"
            write_film(_film(request, deadline), path)
            return path.read_bytes()

    return write


def _npz(request: ExportRequest, deadline: Deadline) -> bytes:
    deadline.check()
    drawings = request.drawings()
    labels, names = number_labels([drawing.label for drawing in drawings])
    split = Split.from_arrays([drawing.to_stroke3() for drawing in drawings], labels)
    with tempfile.TemporaryDirectory() as folder:
        write_npz(Corpus({"train": split}, names), Path(folder) / "kept.npz")
        return (Path(folder) / "kept.npz").read_bytes()


def _zip(request: ExportRequest, deadline: Deadline) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for k, drawing in enumerate(request.drawings()):
            deadline.check()
            archive.writestr(f"{k:04d}.svg", drawing.to_svg())
    return buffer.getvalue()


WRITERS: dict[str, Callable[..., bytes]] = {
    "svg": _svg, "plotter": _plotter, "png": _png, "gif": _movie("gif"), "moving-svg": _movie("svg"),
    "mp4": _movie("mp4"), "npz": _npz, "zip": _zip,
}  # fmt: skip
