"""The Map room: drawings laid out by similarity, choices among them, and drawings decoded between them."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Path, Query
from fastapi.responses import FileResponse, Response

from limner.studio.context import ContextDep, StudioContext
from limner.studio.deadline import Deadline
from limner.studio.map.build_corpus import build_command, build_corpus
from limner.studio.map.choices import read_chosen, save_chosen
from limner.studio.map.imagine import distance_shares, draw_between
from limner.studio.map.map_process import MapJob
from limner.studio.map.map_request import resolve_map_spec
from limner.studio.map.map_store import (
    FOLDER,
    data_file,
    facts_of,
    find_map,
    maps_in,
    open_map,
    remove_map,
    remove_oldest,
    sheet_file,
)
from limner.studio.map.schemas import (
    MAX_DRAWINGS,
    MAX_NEIGHBOURS,
    BuildRequest,
    BuiltCorpus,
    DrawingShare,
    ImaginedDrawing,
    ImagineRequest,
    MapChoices,
    MapData,
    MapFacts,
    MapNeighbour,
    MapNeighbours,
    MapProgress,
    MapRemoved,
    MapRequest,
    MapRoom,
    SavedChoices,
)
from limner.studio.model_library import ModelLibrary
from limner.studio.room import BUILT_IN, Room
from limner.studio.runs.plan import corpora_by_name
from limner.studio.schemas import Sketch, sketch_of

router = APIRouter(tags=["map"])

Id = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]
Number = Annotated[int, Path(ge=0, lt=MAX_DRAWINGS)]
PNG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/png": {}}}}


ROOM = Room("Map", router, BUILT_IN / "map", "map")


@router.get("/api/map")
def room(context: ContextDep) -> MapRoom:
    """Return the corpora that can be laid out, and the existing maps."""
    job = context.map_process.job
    return MapRoom(
        corpora=list(corpora_by_name(context)),
        maps=[facts_of(path) for path in maps_in(context.folders.kept).values()],
        making=_progress(job) if job is not None and job.running else None,
        most=context.limits.map_drawings,
    )


@router.post("/api/map")
async def make(request: MapRequest, context: ContextDep) -> MapProgress:
    """Start to make a map in the background; one that was made before is ready immediately."""
    return await context.run_in_thread(_start, request, context)


@router.get("/api/map/{id}")
def making(id: Id, context: ContextDep) -> MapProgress:  # noqa: A002
    """Return the progress of a map."""
    job = context.map_process.job
    if job is not None and job.id == id and (job.running or job.error):
        return _progress(job)
    find_map(context.folders.kept, id)
    return MapProgress(id=id, state="ready")


@router.delete("/api/map/{id}")
def give_up(id: Id, context: ContextDep) -> MapRemoved:  # noqa: A002
    """Stop making a map, or remove a finished one; choices stay."""
    if not context.map_process.stop(id):
        remove_map(find_map(context.folders.kept, id))
    return MapRemoved(id=id)


@router.get("/api/map/{id}/facts")
def facts(id: Id, context: ContextDep) -> MapFacts:  # noqa: A002
    """Return the description of a map."""
    return facts_of(find_map(context.folders.kept, id))


@router.get("/api/map/{id}/data", response_model=MapData)
def data(id: Id, context: ContextDep) -> Response:  # noqa: A002
    """Return all items of a map: positions, groups and pictures."""
    return FileResponse(data_file(find_map(context.folders.kept, id)), media_type="application/json")


@router.get("/api/map/{id}/sheets/{number}", response_class=FileResponse, responses=PNG)
def sheet(id: Id, number: Number, context: ContextDep) -> FileResponse:  # noqa: A002
    """Return a sheet of small pictures of many items."""
    return FileResponse(sheet_file(find_map(context.folders.kept, id), number), media_type="image/png")


@router.get("/api/map/{id}/drawings/{number}")
async def drawing(id: Id, number: Number, context: ContextDep) -> Sketch:  # noqa: A002
    """Return a drawing of a map."""
    return await context.run_in_thread(_drawing, find_map(context.folders.kept, id), number)


@router.get("/api/map/{id}/neighbours/{number}")
async def neighbours(
    id: Id,  # noqa: A002
    number: Number,
    context: ContextDep,
    k: Annotated[int, Query(ge=1, le=MAX_NEIGHBOURS)] = 8,
) -> MapNeighbours:
    """Return the drawings that are most similar to one."""
    return await context.run_in_thread(_neighbours, find_map(context.folders.kept, id), number, k)


@router.post("/api/map/{id}/imagine")
async def imagine(id: Id, request: ImagineRequest, context: ContextDep) -> ImaginedDrawing:  # noqa: A002
    """Decode the drawing at a position: a mixture of the latents of the nearest drawings."""
    return await context.run_in_thread(_imagine, find_map(context.folders.kept, id), context.library, request)


@router.get("/api/map/{id}/choices")
async def choices(id: Id, context: ContextDep) -> MapChoices:  # noqa: A002
    """Return the choices about a map's drawings."""
    return await context.run_in_thread(_read_choices, find_map(context.folders.kept, id), context)


@router.post("/api/map/{id}/choices")
async def choose(id: Id, choices: MapChoices, context: ContextDep) -> SavedChoices:  # noqa: A002
    """Save choices; the answer is sent when they are on disk."""
    return await context.run_in_thread(_save, find_map(context.folders.kept, id), context, choices)


@router.post("/api/map/{id}/build")
async def build(id: Id, request: BuildRequest, context: ContextDep) -> BuiltCorpus:  # noqa: A002
    """Build a corpus from the saved choices; the answer is sent when it is on disk."""
    path = find_map(context.folders.kept, id)
    command = build_command(path, facts_of(path).title, context.folders.kept, request.name)
    async with context.build_lock:
        return await build_corpus(command)


# Jobs, on a thread -------------------------------------------------------------------------------


def _start(request: MapRequest, context: StudioContext, deadline: Deadline) -> MapProgress:
    deadline.check()
    spec = resolve_map_spec(request, context)
    kept = context.folders.kept
    if spec.id in maps_in(kept):
        return MapProgress(id=spec.id, state="ready")
    folder = kept / FOLDER / spec.id
    return _progress(
        context.map_process.start(
            spec.id, spec.to_json(), folder, lambda: remove_oldest(kept, context.limits.maps)
        )
    )


def _progress(job: MapJob) -> MapProgress:
    if not job.running:
        return MapProgress(id=job.id, state="failed" if job.error else "ready", detail=job.error)
    return MapProgress(id=job.id, state="going", stage=job.stage, done=job.done, of=job.of, share=job.share)


def _drawing(path: FilePath, number: int, deadline: Deadline) -> Sketch:
    deadline.check()
    return sketch_of(open_map(path).drawing(number))


def _neighbours(path: FilePath, number: int, k: int, deadline: Deadline) -> MapNeighbours:
    deadline.check()
    neighbours = open_map(path).neighbours(number, k)
    return MapNeighbours(items=[MapNeighbour(i=i, distance=distance) for i, distance in neighbours])


def _imagine(
    path: FilePath, library: ModelLibrary, request: ImagineRequest, deadline: Deadline
) -> ImaginedDrawing:
    entry, opened = library[request.model], open_map(path)
    nearest = opened.nearest_to(request.x, request.y, request.nearest)
    items, shares = [i for i, _ in nearest], distance_shares([distance for _, distance in nearest])
    latents = opened.latents_of(entry, items, deadline.check)
    drawing = draw_between(
        entry.model, latents, shares, opened.drawing(items[int(np.argmax(shares))]).label,
        temperature=request.temperature, seed=request.seed, callback=deadline.check,
    )  # fmt: skip
    of = [DrawingShare(i=i, share=share) for i, share in zip(items, shares, strict=True)]
    return ImaginedDrawing(sketch=sketch_of(drawing), of=of)


def _read_choices(path: FilePath, context: StudioContext, deadline: Deadline) -> MapChoices:
    deadline.check()
    return read_chosen(context.folders.kept, facts_of(path).title, open_map(path).ids)


def _save(path: FilePath, context: StudioContext, choices: MapChoices, deadline: Deadline) -> SavedChoices:
    deadline.check()
    file, rows = save_chosen(context.folders.kept, facts_of(path).title, open_map(path).ids, choices)
    return SavedChoices(file=str(file), rows=rows)
