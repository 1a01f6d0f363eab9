"""The Scan room: pictures of drawings in, strokes out, and from there into a corpus.

A picture is sent once and is stored (:mod:`limner.studio.scan.upload_store`) under a name that nobody
guesses; then workers read it again with whatever settings are asked for (:mod:`limner.studio.scan.reading`).
"""

from __future__ import annotations

import json
from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.requests import Request

from limner.errors import LimnerError
from limner.studio import corpora
from limner.studio.context import Ask, House, HouseHere
from limner.studio.keep.folder import files_in
from limner.studio.scan.shapes import (
    Acceptance,
    Accepted,
    CorpusFacts,
    CorpusList,
    Gone,
    Left,
    Preview,
    Scanned,
    Sending,
    Undo,
    Wish,
)
from limner.studio.scan.upload import BODY, picture_of, plain_stem
from limner.studio.scan.upload_store import Desk, GoneError, Upload
from limner.studio.shapes import Fault

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
        state.desk = Desk(house.limits)
        house.at_the_end(state.desk.close)
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
    upload = _take(desk, acceptance.scan)
    return await house.apart(_accept, name, acceptance, house, upload, key=upload.id)


@router.post("/api/scan/corpora/{name}/undo")
def take_back(name: str, undo: Undo, house: HouseHere) -> Left:
    """Take drawings out of a corpus again."""
    return Left(drawings=corpora.take_back(house.folders.kept, name, undo.drawings))


@router.post("/api/scan", response_model=Scanned, openapi_extra={"requestBody": BODY})
async def scan(
    request: Request, sending: Annotated[Sending, Query()], house: HouseHere, desk: DeskHere
) -> Response:
    """Read a picture of a drawing as strokes.

    The picture comes as the one file of a form (``multipart/form-data``) or as the body itself.
    """
    upload = desk.put(*await picture_of(request, sending.name, desk.folder))
    try:
        return await _read(house, "scan", upload, sending)
    except LimnerError:
        desk.remove(upload.id)  # nobody will know its name
        raise


@router.get("/api/scan/{id}/preview", response_model=Preview)
async def preview(id: str, wish: WishHere, house: HouseHere, desk: DeskHere) -> Response:  # noqa: A002
    """Read a picture on the desk with other settings."""
    return await _read(house, "preview", _take(desk, id), wish)


@router.get("/api/scan/{id}/picture", response_class=Response, responses=PICTURE)
async def picture(id: str, wish: WishHere, house: HouseHere, desk: DeskHere) -> Response:  # noqa: A002
    """Give a page as it is shown: upright, and not too large."""
    return await _read(house, "picture", _take(desk, id), wish, "image/jpeg")


@router.get("/api/scan/{id}/ink", response_class=Response, responses=MASK)
async def ink(id: str, wish: WishHere, house: HouseHere, desk: DeskHere) -> Response:  # noqa: A002
    """Give the ink that is followed: black on nothing."""
    return await _read(house, "ink", _take(desk, id), wish, "image/png")


@router.get("/api/scan/{id}/svg", response_class=Response, responses=SVG)
async def svg(id: str, wish: WishHere, house: HouseHere, desk: DeskHere) -> Response:  # noqa: A002
    """Give the strokes as a document of the picture's size."""
    upload = _take(desk, id)
    answer = await _read(house, "scan-svg", upload, wish, "image/svg+xml")
    answer.headers["Content-Disposition"] = f'attachment; filename="{plain_stem(upload.name)}.svg"'
    return answer


@router.delete("/api/scan/{id}")
def forget(id: str, desk: DeskHere) -> Gone:  # noqa: A002
    """Forget a picture."""
    _take(desk, id)
    desk.remove(id)
    return Gone(id=id)


def _take(desk: Desk, name: str) -> Upload:
    try:
        return desk.take(name)
    except GoneError as error:
        raise HTTPException(404, str(error)) from error


# The work, by a worker ---------------------------------------------------------------------------


async def _read(
    house: House, job: str, upload: Upload, wish: Wish, media_type: str = "application/json"
) -> Response:
    def read(ask: Ask) -> bytes:
        return ask(job, **_told(house, upload, wish))

    return Response(await house.apart(read, key=upload.id), media_type=media_type)


def _accept(name: str, wanted: Acceptance, house: House, upload: Upload, ask: Ask) -> Accepted:
    told = _told(house, upload, wanted.wish)
    stem = plain_stem(upload.name)
    drawings = [
        (f"{stem}_{wanted.key}-{number + 1}", text)
        for number, text in json.loads(ask("parts", parts=wanted.parts, side=wanted.side, **told))
    ]
    added = corpora.add(house.folders.kept, name, drawings, house.limits.kept)
    facts = _facts(name, len(files_in(corpora.growing_in(house.folders.kept)[name])))
    return Accepted(**dict(facts), added=added)


def _told(house: House, upload: Upload, wish: Wish) -> dict[str, Any]:
    """Say which picture a worker shall read, and how."""
    settings = wish.model_dump(include=set(Wish.model_fields))
    limits = house.limits
    return {
        "id": upload.id, "path": str(upload.path), "wish": settings, "most_pixels": limits.scan_pixels,
        "most_knots": limits.scan_knots, "work_seconds": limits.work_seconds,
    }  # fmt: skip


def _facts(name: str, drawings: int) -> CorpusFacts:
    return CorpusFacts(name=name, drawings=drawings, place=f"{corpora.FOLDER}/{name}")
