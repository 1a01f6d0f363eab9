"""The Scan room: pictures of drawings in, strokes out, and from there into a corpus.

A picture is sent once and lies on the desk (:mod:`limner.studio.scan.desk`) under a name that nobody guesses;
then it is read again with whatever settings are asked for.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from typing import Annotated, Any, TypeAlias, TypeVar

import numpy as np
from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from PIL import Image
from starlette.exceptions import HTTPException
from starlette.requests import Request

from limner.corpus.wording import counted
from limner.errors import LimnerError
from limner.strokes.drawing import Drawing
from limner.strokes.geometry import fitted
from limner.studio import corpora
from limner.studio.house import Deadline, House, HouseHere
from limner.studio.keep.room import files_in
from limner.studio.scan.desk import SHOWN_PX, Desk, GoneError, Upload
from limner.studio.scan.shapes import (
    Acceptance,
    Accepted,
    CorpusFacts,
    CorpusList,
    Found,
    Gone,
    Left,
    Part,
    Preview,
    Scanned,
    Sending,
    Undo,
    Wish,
)
from limner.studio.scan.stages import Outcome
from limner.studio.scan.upload import BODY, picture_of, plain_stem
from limner.studio.shapes import Fault, sketch_of

T = TypeVar("T")
Answers: TypeAlias = dict[int | str, dict[str, Any]]

router = APIRouter(tags=["scan"], responses={404: {"model": Fault, "description": "Not on the desk"}})

PICTURE: Answers = {200: {"content": {"image/jpeg": {}}}}
MASK: Answers = {200: {"content": {"image/png": {}}}}
SVG: Answers = {200: {"content": {"image/svg+xml": {}}}}


# The desk ----------------------------------------------------------------------------------------


async def the_desk(request: Request, house: HouseHere) -> Desk:
    """Give the studio's desk."""
    state = request.app.state
    if not hasattr(state, "desk"):
        state.desk, state.uploads = Desk(house.limits), asyncio.Semaphore(house.limits.uploads)
    assert isinstance(state.desk, Desk)  # noqa: S101
    return state.desk


DeskHere = Annotated[Desk, Depends(the_desk)]
WishHere = Annotated[Wish, Query()]


@router.get("/api/scan/corpora")
def corpora_here(house: HouseHere) -> CorpusList:
    """List the corpora that drawings can be added to."""
    found = corpora.growing_in(house.folders.kept)
    return CorpusList(corpora=[_facts(name, len(files_in(folder))) for name, folder in found.items()])


@router.post("/api/scan/corpora/{name}")
async def accept(name: str, acceptance: Acceptance, house: HouseHere, desk: DeskHere) -> Accepted:
    """Add the drawings of a page to a corpus; the answer comes when they are on disk."""
    return await _work(house, _accept, name, acceptance, house, desk)


@router.post("/api/scan/corpora/{name}/undo")
def take_back(name: str, undo: Undo, house: HouseHere) -> Left:
    """Take drawings out of a corpus again."""
    return Left(drawings=corpora.take_back(house.folders.kept, name, undo.drawings))


@router.post("/api/scan", openapi_extra={"requestBody": BODY})
async def scan(
    request: Request, sending: Annotated[Sending, Query()], house: HouseHere, desk: DeskHere
) -> Scanned:
    """Read a picture of a drawing as strokes.

    The picture comes as the one file of a form (``multipart/form-data``) or as the body itself.
    """
    async with request.app.state.uploads:
        data, name = await picture_of(request, sending.name)
        return await _work(house, _scan, data, name, sending, desk)


@router.get("/api/scan/{id}/preview")
async def preview(id: str, wish: WishHere, house: HouseHere, desk: DeskHere) -> Preview:  # noqa: A002
    """Read a picture on the desk with other settings."""
    return await _work(house, _preview, id, wish, desk)


@router.get("/api/scan/{id}/picture", response_class=Response, responses=PICTURE)
async def picture(id: str, wish: WishHere, house: HouseHere, desk: DeskHere) -> Response:  # noqa: A002
    """Give a page as it is shown: upright, and not too large."""
    return Response(await _work(house, _picture, id, wish, desk), media_type="image/jpeg")


@router.get("/api/scan/{id}/ink", response_class=Response, responses=MASK)
async def ink(id: str, wish: WishHere, house: HouseHere, desk: DeskHere) -> Response:  # noqa: A002
    """Give the ink that is followed: black on nothing."""
    return Response(await _work(house, _ink, id, wish, desk), media_type="image/png")


@router.get("/api/scan/{id}/svg", response_class=Response, responses=SVG)
async def svg(id: str, wish: WishHere, house: HouseHere, desk: DeskHere) -> Response:  # noqa: A002
    """Give the strokes as a document of the picture's size."""
    text = await _work(house, _svg, id, wish, desk)
    headers = {"Content-Disposition": f'attachment; filename="{plain_stem(desk.take(id).name)}.svg"'}
    return Response(text, media_type="image/svg+xml", headers=headers)


@router.delete("/api/scan/{id}")
def forget(id: str, desk: DeskHere) -> Gone:  # noqa: A002
    """Forget a picture."""
    try:
        desk.remove(id)
    except GoneError as error:
        raise HTTPException(404, str(error)) from error
    return Gone(id=id)


# The work, on a thread ---------------------------------------------------------------------------


async def _work(house: House, do: Callable[..., T], *args: Any) -> T:
    try:
        return await house.work(do, *args)
    except GoneError as error:
        raise HTTPException(404, str(error)) from error


def _scan(data: bytes, name: str, sending: Sending, desk: Desk, deadline: Deadline) -> Scanned:
    upload = desk.put(data, name, deadline)
    try:
        found = desk.easel(upload.id, sending.page, deadline).read(sending, deadline)
    except LimnerError:
        desk.remove(upload.id)  # nobody will know its name
        raise
    seen = _preview_of(upload, sending, found)
    return Scanned.model_construct(**dict(seen), svg=found.result.to_svg())


def _preview(name: str, wish: Wish, desk: Desk, deadline: Deadline) -> Preview:
    upload = desk.take(name)
    return _preview_of(upload, wish, desk.easel(name, wish.page, deadline).read(wish, deadline))


def _preview_of(upload: Upload, wish: Wish, outcome: Outcome) -> Preview:
    result = outcome.result
    return Preview.model_construct(
        id=upload.id,
        name=upload.name,
        page=wish.page,
        pages=upload.pages,
        width=result.width,
        height=result.height,
        strokes=sketch_of(result.drawing).strokes,
        parts=[_part(outcome, number) for number in range(len(outcome.parts))],
        found=Found(
            strokes=len(result.drawing),
            points=result.drawing.n_points,
            ink_length_px=round(result.drawing.ink_length, 1),
            pen_px=round(result.pen_px, 2),
            threshold=result.method,
            seconds=round(result.seconds, 3),
            warnings=list(result.warnings),
        ),
    )


def _part(outcome: Outcome, number: int) -> Part:
    drawing = outcome.drawing(number)
    left, top, right, bottom = (round(edge, 2) for edge in drawing.bounds)
    frame = (left, top, right, bottom)
    return Part(frame=frame, strokes=list(outcome.parts[number]), points=drawing.n_points)


def _picture(name: str, wish: Wish, desk: Desk, deadline: Deadline) -> bytes:
    stream = io.BytesIO()
    desk.shown(name, wish.page, deadline).save(stream, "jpeg", quality=88)
    return stream.getvalue()


def _ink(name: str, wish: Wish, desk: Desk, deadline: Deadline) -> bytes:
    mask = desk.easel(name, wish.page, deadline).ink(wish, deadline)
    cover = Image.fromarray(mask.astype(np.uint8) * np.uint8(255))
    cover = cover.reduce(max(1, round(max(cover.size) / SHOWN_PX)))
    stream = io.BytesIO()
    Image.merge("LA", (Image.new("L", cover.size), cover)).save(stream, "png", compress_level=3)
    return stream.getvalue()


def _svg(name: str, wish: Wish, desk: Desk, deadline: Deadline) -> str:
    return desk.easel(name, wish.page, deadline).read(wish, deadline).result.to_svg()


def _accept(name: str, wanted: Acceptance, house: House, desk: Desk, deadline: Deadline) -> Accepted:
    upload = desk.take(wanted.scan)
    outcome = desk.easel(upload.id, wanted.wish.page, deadline).read(wanted.wish, deadline)
    numbers = sorted(set(range(len(outcome.parts)) if wanted.parts is None else wanted.parts))
    if not numbers or numbers[-1] >= len(outcome.parts):
        raise LimnerError(
            f"{upload.name} holds {counted(len(outcome.parts), 'drawing')} with these settings."
        )
    stem = plain_stem(upload.name)
    drawings = [
        (f"{stem}_{wanted.key}-{number + 1}", _sized(outcome.drawing(number), wanted.side))
        for number in numbers
    ]
    added = corpora.add(house.folders.kept, name, drawings, house.limits.kept)
    facts = _facts(name, len(files_in(corpora.growing_in(house.folders.kept)[name])))
    return Accepted(**dict(facts), added=added)


def _sized(drawing: Drawing, side: float | None) -> Drawing:
    return drawing if side is None else fitted(drawing, side)


def _facts(name: str, drawings: int) -> CorpusFacts:
    return CorpusFacts(name=name, drawings=drawings, place=f"{corpora.FOLDER}/{name}")
