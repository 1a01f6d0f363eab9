"""The Map room: drawings laid out by likeness, choices among them, and what lies between them."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Path, Query
from fastapi.responses import FileResponse, Response

from limner.studio.context import House, HouseHere
from limner.studio.deadline import Deadline
from limner.studio.map.building import build_chosen, job_for
from limner.studio.map.choices import read_chosen, save_chosen
from limner.studio.map.imagine import imagined, shares_of
from limner.studio.map.map_process import Job
from limner.studio.map.order import Order, order_for
from limner.studio.map.shapes import (
    MOST,
    MOST_NEIGHBOURS,
    Building,
    Built,
    Chosen,
    Imagined,
    Layout,
    Making,
    MapData,
    MapFacts,
    MapRoom,
    Neighbour,
    Neighbours,
    Removed,
    Saved,
    Share,
    Spot,
)
from limner.studio.map.shelf import (
    FOLDER,
    data_of,
    facts_of,
    find_map,
    make_room,
    maps_in,
    open_atlas,
    remove,
    sheet_of,
)
from limner.studio.runs.plan import corpora_of
from limner.studio.shapes import Sketch, sketch_of
from limner.studio.shelf import Shelf

router = APIRouter(tags=["map"])

Id = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]
Number = Annotated[int, Path(ge=0, lt=MOST)]
PNG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/png": {}}}}


@router.get("/api/map")
def room(house: HouseHere) -> MapRoom:
    """List what can be laid out, and the maps there are."""
    job = house.maps.job
    return MapRoom(
        corpora=list(corpora_of(house)),
        maps=[facts_of(path) for path in maps_in(house.folders.kept).values()],
        making=_told(job) if job is not None and job.going else None,
        most=house.limits.map_drawings,
    )


@router.post("/api/map")
async def make(wanted: Layout, house: HouseHere) -> Making:
    """Begin to make a map in the background; one that was made before is ready at once."""
    return await house.work(_begin, wanted, house)


@router.get("/api/map/{id}")
def making(id: Id, house: HouseHere) -> Making:  # noqa: A002
    """Tell how far a map is."""
    job = house.maps.job
    if job is not None and job.id == id and (job.going or job.fault):
        return _told(job)
    find_map(house.folders.kept, id)
    return Making(id=id, state="ready")


@router.delete("/api/map/{id}")
def give_up(id: Id, house: HouseHere) -> Removed:  # noqa: A002
    """Stop the making of a map, or remove one that is ready; choices stay."""
    if not house.maps.stop(id):
        remove(find_map(house.folders.kept, id))
    return Removed(id=id)


@router.get("/api/map/{id}/facts")
def facts(id: Id, house: HouseHere) -> MapFacts:  # noqa: A002
    """Say what a map shows."""
    return facts_of(find_map(house.folders.kept, id))


@router.get("/api/map/{id}/data", response_model=MapData)
def data(id: Id, house: HouseHere) -> Response:  # noqa: A002
    """Give all items of a map: where they lie, what they belong to, and where their pictures are."""
    return FileResponse(data_of(find_map(house.folders.kept, id)), media_type="application/json")


@router.get("/api/map/{id}/sheets/{number}", response_class=FileResponse, responses=PNG)
def sheet(id: Id, number: Number, house: HouseHere) -> FileResponse:  # noqa: A002
    """Give small pictures of many items, side by side."""
    return FileResponse(sheet_of(find_map(house.folders.kept, id), number), media_type="image/png")


@router.get("/api/map/{id}/drawings/{number}")
async def drawing(id: Id, number: Number, house: HouseHere) -> Sketch:  # noqa: A002
    """Give a drawing of a map."""
    return await house.work(_drawing, find_map(house.folders.kept, id), number)


@router.get("/api/map/{id}/neighbours/{number}")
async def neighbours(
    id: Id,  # noqa: A002
    number: Number,
    house: HouseHere,
    k: Annotated[int, Query(ge=1, le=MOST_NEIGHBOURS)] = 8,
) -> Neighbours:
    """Give the drawings that are most like one."""
    return await house.work(_neighbours, find_map(house.folders.kept, id), number, k)


@router.post("/api/map/{id}/imagine")
async def imagine(id: Id, spot: Spot, house: HouseHere) -> Imagined:  # noqa: A002
    """Imagine the drawing at a spot: between the latents of those that lie nearest."""
    return await house.work(_imagine, find_map(house.folders.kept, id), house.shelf, spot)


@router.get("/api/map/{id}/choices")
async def choices(id: Id, house: HouseHere) -> Chosen:  # noqa: A002
    """Give what was chosen of a map's drawings."""
    return await house.work(_chosen, find_map(house.folders.kept, id), house)


@router.post("/api/map/{id}/choices")
async def choose(id: Id, chosen: Chosen, house: HouseHere) -> Saved:  # noqa: A002
    """Save what was chosen; the answer comes when it is on disk."""
    return await house.work(_save, find_map(house.folders.kept, id), house, chosen)


@router.post("/api/map/{id}/build")
async def build(id: Id, wanted: Building, house: HouseHere) -> Built:  # noqa: A002
    """Build a corpus of what was chosen and saved; the answer comes when it is on disk."""
    path = find_map(house.folders.kept, id)
    job = job_for(path, facts_of(path).title, house.folders.kept, wanted.name)
    async with house.building:
        return await build_chosen(job)


# The work, on a thread ---------------------------------------------------------------------------


def _begin(wanted: Layout, house: House, deadline: Deadline) -> Making:
    deadline.check()
    order: Order = order_for(wanted, house)
    kept = house.folders.kept
    if order.id in maps_in(kept):
        return Making(id=order.id, state="ready")
    folder = kept / FOLDER / order.id
    return _told(
        house.maps.begin(order.id, order.to_json(), folder, lambda: make_room(kept, house.limits.maps))
    )


def _told(job: Job) -> Making:
    if not job.going:
        return Making(id=job.id, state="failed" if job.fault else "ready", detail=job.fault)
    return Making(id=job.id, state="going", stage=job.stage, done=job.done, of=job.of, share=job.share)


def _drawing(path: FilePath, number: int, deadline: Deadline) -> Sketch:
    deadline.check()
    return sketch_of(open_atlas(path).drawing(number))


def _neighbours(path: FilePath, number: int, k: int, deadline: Deadline) -> Neighbours:
    deadline.check()
    found = open_atlas(path).neighbours(number, k)
    return Neighbours(items=[Neighbour(i=i, distance=away) for i, away in found])


def _imagine(path: FilePath, shelf: Shelf, spot: Spot, deadline: Deadline) -> Imagined:
    loaded, atlas = shelf[spot.model], open_atlas(path)
    near = atlas.near(spot.x, spot.y, spot.nearest)
    items, shares = [i for i, _ in near], shares_of([away for _, away in near])
    latents = atlas.latents_of(loaded, items, deadline.check)
    drawing = imagined(
        loaded.model, latents, shares, atlas.drawing(items[int(np.argmax(shares))]).label,
        temperature=spot.temperature, seed=spot.seed, callback=deadline.check,
    )  # fmt: skip
    of = [Share(i=i, share=share) for i, share in zip(items, shares, strict=True)]
    return Imagined(sketch=sketch_of(drawing), of=of)


def _chosen(path: FilePath, house: House, deadline: Deadline) -> Chosen:
    deadline.check()
    return read_chosen(house.folders.kept, facts_of(path).title, open_atlas(path).ids)


def _save(path: FilePath, house: House, chosen: Chosen, deadline: Deadline) -> Saved:
    deadline.check()
    file, rows = save_chosen(house.folders.kept, facts_of(path).title, open_atlas(path).ids, chosen)
    return Saved(file=str(file), rows=rows)
