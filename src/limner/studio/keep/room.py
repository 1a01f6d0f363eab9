"""The Keep room: the folder of kept drawings; see :mod:`limner.studio.keep.folder`."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from limner.errors import LimnerError
from limner.studio.context import AskWorker, ContextDep, NotFoundError, StudioContext
from limner.studio.keep import export
from limner.studio.keep.folder import KeepRequest, KeptDrawing, OpenedSketch, files_in, keep_in
from limner.studio.keep.kept_cache import KeptCache
from limner.studio.room import BUILT_IN, Room
from limner.studio.schemas import Name, Schema

router = APIRouter(tags=["keep"])

MAX_LISTED = 500
"""Maximum number of drawings that are listed, the newest ones."""
JSON = "application/json"
_LOCK = threading.Lock()
_CACHE = KeptCache()


class KeptList(Schema):
    """The kept drawings, the newest first."""

    items: list[KeptDrawing]
    total: int


class OpenRequest(Schema):
    """An SVG file that the page opens."""

    text: Annotated[str, Field(max_length=3_000_000)]
    name: Name = ""


class KeptRemoved(Schema):
    """A kept drawing was removed."""

    id: str


router.include_router(export.router)
ROOM = Room("Keep", router, BUILT_IN / "keep", "keep")


@router.get("/api/keep", response_model=KeptList)
async def kept(
    context: ContextDep, most: Annotated[int, Query(ge=1, le=MAX_LISTED)] = MAX_LISTED
) -> Response:
    """Return the kept drawings."""
    return Response(await context.run_in_worker(_list_kept, context.folders.kept, most), media_type=JSON)


@router.post("/api/keep")
def keep(request: KeepRequest, context: ContextDep) -> KeptDrawing:
    """Keep a drawing; the answer is sent when it is on disk."""
    with _LOCK:
        return keep_in(context.folders.kept, request, context.limits.kept_drawings)


@router.get("/api/keep/{id}", response_model=KeptDrawing)
async def one(id: str, context: ContextDep) -> Response:  # noqa: A002
    """Return a kept drawing."""
    return Response(await context.run_in_worker(_read_kept, _find(context, id)), media_type=JSON)


@router.delete("/api/keep/{id}")
def give_up(id: str, context: ContextDep) -> KeptRemoved:  # noqa: A002
    """Remove a kept drawing and its file."""
    _find(context, id).unlink(missing_ok=True)
    return KeptRemoved(id=id)


@router.post("/api/open", response_model=OpenedSketch)
async def open_svg(request: OpenRequest, context: ContextDep) -> Response:
    """Parse an SVG document; the answer notes which of its elements were skipped."""
    return Response(await context.run_in_worker(_open, request), media_type=JSON)


# Jobs, in a worker -------------------------------------------------------------------------------


def _list_kept(folder: Path, most: int, ask: AskWorker) -> str:
    files = sorted(files_in(folder).values(), key=_modified, reverse=True)
    drawings = _CACHE.read(files[:most], lambda paths: ask("kept", paths=list(map(str, paths))))
    items = ",".join(text for text in drawings if text is not None)
    return f'{{"items":[{items}],"total":{len(files)}}}'


def _read_kept(path: Path, ask: AskWorker) -> str:
    drawings = _CACHE.read([path], lambda paths: ask("kept", paths=list(map(str, paths))))[0]
    if drawings is None:
        raise LimnerError(f"{path.stem} cannot be read.")
    return drawings


def _open(request: OpenRequest, ask: AskWorker) -> bytes:
    return ask("svg", text=request.text, name=request.name)


def _find(context: StudioContext, name: str) -> Path:
    path = files_in(context.folders.kept).get(name)
    if path is None:
        raise NotFoundError("There is no such drawing among what is kept.")
    return path


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
