"""The Scan room: pictures of drawings to strokes, and from there into a corpus.

A picture is uploaded once and stored under an unguessable name (:mod:`limner.studio.scan.upload_store`);
workers scan it again with each change of options (:mod:`limner.studio.scan.scan_jobs`).
"""

from __future__ import annotations

import json
from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.requests import Request

from limner.errors import LimnerError
from limner.scan.fixes_file import SUFFIX, fixes_beside, fixes_text, table_of
from limner.studio import corpora
from limner.studio.context import AskWorker, ContextDep, StudioContext
from limner.studio.keep.folder import files_in
from limner.studio.room import BUILT_IN, Room
from limner.studio.scan.kept_fixes import FIXES_FILE, keep_fixes
from limner.studio.scan.schemas import (
    AcceptedDrawings,
    AcceptRequest,
    CorpusFacts,
    CorpusList,
    CorpusSize,
    FixList,
    FixText,
    ScannedPicture,
    ScanOptions,
    ScanPreview,
    UndoRequest,
    UploadOptions,
    UploadRemoved,
)
from limner.studio.scan.upload import BODY, safe_stem, save_upload
from limner.studio.scan.upload_store import Upload, UploadGoneError, UploadStore
from limner.studio.schemas import ErrorAnswer

Answers: TypeAlias = dict[int | str, dict[str, Any]]

router = APIRouter(tags=["scan"], responses={404: {"model": ErrorAnswer, "description": "Not stored"}})

PICTURE: Answers = {200: {"content": {"image/jpeg": {}}}}
MASK: Answers = {200: {"content": {"image/png": {}}}}
TOML: Answers = {200: {"content": {"application/toml": {}}}}
SVG: Answers = {200: {"content": {"image/svg+xml": {}}}}


# Uploads ----------------------------------------------------------------------------------------


async def get_upload_store(request: Request, context: ContextDep) -> UploadStore:
    """Return the studio's upload store."""
    state = request.app.state
    if not hasattr(state, "upload_store"):
        state.upload_store = UploadStore(context.limits)
        context.on_close(state.upload_store.close)
    assert isinstance(state.upload_store, UploadStore)  # noqa: S101
    return state.upload_store


UploadStoreDep = Annotated[UploadStore, Depends(get_upload_store)]
ScanOptionsDep = Annotated[ScanOptions, Query()]


ROOM = Room("Scan", router, BUILT_IN / "scan", "scan")


@router.get("/api/scan/corpora")
def corpora_here(context: ContextDep) -> CorpusList:
    """Return the corpora to which drawings can be added."""
    growing = corpora.growing_corpora(context.folders.kept)
    return CorpusList(
        corpora=[_corpus_facts(name, len(files_in(folder))) for name, folder in growing.items()]
    )


@router.post("/api/scan/corpora/{name}")
async def accept(
    name: str, request: AcceptRequest, context: ContextDep, upload_store: UploadStoreDep
) -> AcceptedDrawings:
    """Add the drawings of a page to a corpus; the answer is sent when they are on disk."""
    upload = _find_upload(upload_store, request.scan)
    return await context.run_in_worker(_accept, name, request, context, upload, key=upload.id)


@router.post("/api/scan/corpora/{name}/undo")
def undo(name: str, request: UndoRequest, context: ContextDep) -> CorpusSize:
    """Remove drawings from a corpus."""
    return CorpusSize(drawings=corpora.remove_drawings(context.folders.kept, name, request.drawings))


@router.post("/api/scan", response_model=ScannedPicture, openapi_extra={"requestBody": BODY})
async def scan(
    request: Request,
    options: Annotated[UploadOptions, Query()],
    context: ContextDep,
    upload_store: UploadStoreDep,
) -> Response:
    """Scan a picture of a drawing.

    The picture is the one file of a form (``multipart/form-data``) or the body itself.
    """
    upload = upload_store.put(*await save_upload(request, options.name, upload_store.folder))
    try:
        return await _read(context, "scan", upload, options)
    except LimnerError:
        upload_store.remove(upload.id)  # nobody knows its name
        raise


@router.get("/api/scan/{id}/preview", response_model=ScanPreview)
async def preview(
    id: str,  # noqa: A002
    options: ScanOptionsDep,
    context: ContextDep,
    upload_store: UploadStoreDep,
) -> Response:
    """Scan a stored picture with other options."""
    return await _read(context, "preview", _find_upload(upload_store, id), options)


@router.get("/api/scan/{id}/picture", response_class=Response, responses=PICTURE)
async def picture(
    id: str,  # noqa: A002
    options: ScanOptionsDep,
    context: ContextDep,
    upload_store: UploadStoreDep,
) -> Response:
    """Return a page for display: upright, and not too large."""
    return await _read(context, "picture", _find_upload(upload_store, id), options, "image/jpeg")


@router.get("/api/scan/{id}/ink", response_class=Response, responses=MASK)
async def ink(
    id: str,  # noqa: A002
    options: ScanOptionsDep,
    context: ContextDep,
    upload_store: UploadStoreDep,
) -> Response:
    """Return the mask of the ink: black on transparent."""
    return await _read(context, "ink", _find_upload(upload_store, id), options, "image/png")


@router.get("/api/scan/{id}/svg", response_class=Response, responses=SVG)
async def svg(
    id: str,  # noqa: A002
    options: ScanOptionsDep,
    context: ContextDep,
    upload_store: UploadStoreDep,
) -> Response:
    """Return the strokes as an SVG document of the picture's size."""
    upload = _find_upload(upload_store, id)
    answer = await _read(context, "scan-svg", upload, options, "image/svg+xml")
    answer.headers.update(attachment(f"{safe_stem(upload.name)}.svg"))
    return answer


@router.post("/api/scan/{id}/fixes")
def fix(id: str, request: FixList, upload_store: UploadStoreDep) -> FixList:  # noqa: A002
    """Keep what a person changed about the strokes of a picture; later scans of it apply that."""
    return keep_fixes(_find_upload(upload_store, id), request.model_dump(exclude_none=True))


@router.post("/api/scan/{id}/fixes/text")
def fix_by_text(id: str, request: FixText, upload_store: UploadStoreDep) -> FixList:  # noqa: A002
    """Keep the fixes that a file ``page.fixes.toml`` holds, and return them."""
    return keep_fixes(_find_upload(upload_store, id), table_of(request.text, where=FIXES_FILE))


@router.get("/api/scan/{id}/fixes", response_class=Response, responses=TOML)
def fixes(id: str, upload_store: UploadStoreDep) -> Response:  # noqa: A002
    """Return the fixes of a picture as the file that ``limner scan`` reads beside it."""
    upload = _find_upload(upload_store, id)
    text = fixes_text(fixes_beside(upload.path), upload.name)
    name = f"{safe_stem(upload.name)}{SUFFIX}"
    return Response(text, media_type="application/toml", headers=attachment(name))


@router.delete("/api/scan/{id}")
def forget(id: str, upload_store: UploadStoreDep) -> UploadRemoved:  # noqa: A002
    """Remove a picture."""
    _find_upload(upload_store, id)
    upload_store.remove(id)
    return UploadRemoved(id=id)


def attachment(name: str) -> dict[str, str]:
    """Return the header of an answer that is saved as a file."""
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _find_upload(upload_store: UploadStore, name: str) -> Upload:
    try:
        return upload_store.get(name)
    except UploadGoneError as error:
        raise HTTPException(404, str(error)) from error


# Jobs, in a worker -------------------------------------------------------------------------------


async def _read(
    context: StudioContext,
    job: str,
    upload: Upload,
    options: ScanOptions,
    media_type: str = "application/json",
) -> Response:
    def read(ask: AskWorker) -> bytes:
        return ask(job, **_job_arguments(context, upload, options))

    return Response(await context.run_in_worker(read, key=upload.id), media_type=media_type)


def _accept(
    name: str, request: AcceptRequest, context: StudioContext, upload: Upload, ask: AskWorker
) -> AcceptedDrawings:
    arguments = _job_arguments(context, upload, request.wish)
    stem = safe_stem(upload.name)
    drawings = [
        (f"{stem}_{request.key}-{number + 1}", text)
        for number, text in json.loads(ask("parts", parts=request.parts, side=request.side, **arguments))
    ]
    added = corpora.add_drawings(context.folders.kept, name, drawings, context.limits.kept_drawings)
    facts = _corpus_facts(name, len(files_in(corpora.growing_corpora(context.folders.kept)[name])))
    return AcceptedDrawings(**dict(facts), added=added)


def _job_arguments(context: StudioContext, upload: Upload, options: ScanOptions) -> dict[str, Any]:
    """Return the arguments of a worker's job: picture, options and limits."""
    settings = options.model_dump(include=set(ScanOptions.model_fields))
    limits = context.limits
    return {
        "id": upload.id, "path": str(upload.path), "options": settings, "max_pixels": limits.scan_pixels,
        "max_knots": limits.scan_knots, "job_seconds": limits.job_seconds,
    }  # fmt: skip


def _corpus_facts(name: str, drawings: int) -> CorpusFacts:
    return CorpusFacts(name=name, drawings=drawings, place=f"{corpora.FOLDER}/{name}")
