"""The Keep room: drawings in the folder of what is kept; see :mod:`limner.studio.keep.folder`."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from limner.errors import LimnerError
from limner.studio.context import AbsentError, Ask, House, HouseHere
from limner.studio.keep.folder import Keeping, Kept, files_in, keep_in
from limner.studio.keep.listing import Listing
from limner.studio.shapes import Name, Shape, Sketch

router = APIRouter(tags=["keep"])

SHOWN = 500
"""Drawings that are listed at most, the newest ones."""
JSON = "application/json"
_LOCK = threading.Lock()
_LISTING = Listing()


class KeptList(Shape):
    """What is kept, the newest first."""

    items: list[Kept]
    total: int


class Opened(Shape):
    """An SVG file that a person opened."""

    text: Annotated[str, Field(max_length=3_000_000)]
    name: Name = ""


class Gone(Shape):
    """A drawing was given up."""

    id: str


@router.get("/api/keep", response_model=KeptList)
async def kept(house: HouseHere, most: Annotated[int, Query(ge=1, le=SHOWN)] = SHOWN) -> Response:
    """List what is kept."""
    return Response(await house.apart(_listed, house.folders.kept, most), media_type=JSON)


@router.post("/api/keep")
def keep(keeping: Keeping, house: HouseHere) -> Kept:
    """Keep a drawing; the answer comes when it is on disk."""
    with _LOCK:
        return keep_in(house.folders.kept, keeping, house.limits.kept)


@router.get("/api/keep/{id}", response_model=Kept)
async def one(id: str, house: HouseHere) -> Response:  # noqa: A002
    """Give a drawing that is kept."""
    return Response(await house.apart(_one, _find(house, id)), media_type=JSON)


@router.delete("/api/keep/{id}")
def give_up(id: str, house: HouseHere) -> Gone:  # noqa: A002
    """Give up a drawing: its file is removed."""
    _find(house, id).unlink(missing_ok=True)
    return Gone(id=id)


@router.post("/api/open", response_model=Sketch)
async def open_svg(opened: Opened, house: HouseHere) -> Response:
    """Read the text of an SVG document as a drawing."""
    return Response(await house.apart(_opened, opened), media_type=JSON)


# The work, by a worker ---------------------------------------------------------------------------


def _listed(folder: Path, most: int, ask: Ask) -> str:
    files = sorted(files_in(folder).values(), key=_time_of, reverse=True)
    found = _LISTING.read(files[:most], lambda paths: ask("kept", paths=list(map(str, paths))))
    items = ",".join(text for text in found if text is not None)
    return f'{{"items":[{items}],"total":{len(files)}}}'


def _one(path: Path, ask: Ask) -> str:
    found = _LISTING.read([path], lambda paths: ask("kept", paths=list(map(str, paths))))[0]
    if found is None:
        raise LimnerError(f"{path.stem} cannot be read.")
    return found


def _opened(opened: Opened, ask: Ask) -> bytes:
    return ask("svg", text=opened.text, name=opened.name)


def _find(house: House, name: str) -> Path:
    path = files_in(house.folders.kept).get(name)
    if path is None:
        raise AbsentError("There is no such drawing among what is kept.")
    return path


def _time_of(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
