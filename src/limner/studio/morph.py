"""The Morph room: what lies between drawings, around four of them, and sums of them.

Every drawing of one answer starts from the same random numbers, so that only its latent makes it different.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import torch
from fastapi import APIRouter, Query
from pydantic import Field
from torch import Tensor

from limner.corpus.select import select_drawings
from limner.errors import LimnerError
from limner.sampling.config import SamplingConfig
from limner.sampling.interpolate import interpolate_latents
from limner.sampling.model import Model
from limner.studio.context import HouseHere
from limner.studio.deadline import Deadline
from limner.studio.likeness import faithful_latent
from limner.studio.shapes import InkedSketch, Name, Seed, Shape, Sketch, Temperature, sketch_of
from limner.studio.shelf import Books, Shelf

router = APIRouter(tags=["morph"])

MOST = 24
LONGEST_WAY = 49
LARGEST_GRID = 7


class Sketches(Shape):
    """Drawings, in their order."""

    sketches: list[Sketch]


class Sampling(Shape):
    """Drawings to be made from nothing."""

    model: Name
    n: Annotated[int, Field(ge=1, le=MOST)] = 1
    temperature: Temperature = 0.3
    label: Name | None = None
    seed: Seed = 0


class Way(Shape):
    """A way between two drawings."""

    model: Name
    a: InkedSketch
    b: InkedSketch
    steps: Annotated[int, Field(ge=2, le=LONGEST_WAY)] = 25
    way: Literal["slerp", "lerp"] = "slerp"
    temperature: Temperature = 0.1
    seed: Seed = 0


class Grid(Shape):
    """A square between four drawings: upper left, upper right, lower left, lower right."""

    model: Name
    corners: Annotated[list[InkedSketch], Field(min_length=4, max_length=4)]
    size: Annotated[int, Field(ge=2, le=LARGEST_GRID)] = 5
    temperature: Temperature = 0.1
    seed: Seed = 0


class Sum(Shape):
    """What a is to b, to c: drawings of a - b + c."""

    model: Name
    a: InkedSketch
    b: InkedSketch
    c: InkedSketch
    n: Annotated[int, Field(ge=1, le=MOST)] = 4
    temperature: Temperature = 0.2
    seed: Seed = 0


@router.post("/api/sample")
async def sample(wanted: Sampling, house: HouseHere) -> Sketches:
    """Draw from nothing."""
    return await house.work(_sampled, house.shelf, wanted)


@router.get("/api/corpus/drawings")
async def corpus_drawings(
    house: HouseHere,
    n: Annotated[int, Query(ge=1, le=MOST)] = 12,
    seed: Annotated[int, Query(ge=0, le=2**32)] = 0,
    label: Annotated[str | None, Query(max_length=200)] = None,
) -> Sketches:
    """Give some drawings of the corpus."""
    return await house.work(_picked, house.shelf.books, n, seed, label)


@router.post("/api/morph")
async def morph(wanted: Way, house: HouseHere) -> Sketches:
    """Give the drawings from one to another, both redrawn too."""
    return await house.work(_between, house.shelf, wanted)


@router.post("/api/morph/grid")
async def grid(wanted: Grid, house: HouseHere) -> Sketches:
    """Give the drawings between four, row by row."""
    return await house.work(_around, house.shelf, wanted)


@router.post("/api/morph/sum")
async def add_up(wanted: Sum, house: HouseHere) -> Sketches:
    """Give drawings of a - b + c."""
    return await house.work(_summed, house.shelf, wanted)


def _sampled(shelf: Shelf, wanted: Sampling, deadline: Deadline) -> Sketches:
    loaded = shelf[wanted.model]
    chance = torch.Generator().manual_seed(wanted.seed)
    z, labels = loaded.given_for(wanted.label, wanted.n, chance)
    options = {"temperature": wanted.temperature, "seed": wanted.seed, "callback": deadline.check}
    if z is not None:
        drawings = loaded.model.decode(z, **options)  # type: ignore[arg-type]
    else:
        label = wanted.label if labels is not None else None
        drawings = loaded.model.sample(wanted.n, label=label, **options)  # type: ignore[arg-type]
    return Sketches(sketches=[sketch_of(d.replace(label=d.label or wanted.label)) for d in drawings])


def _picked(books: Books, n: int, seed: int, label: str | None, deadline: Deadline) -> Sketches:
    corpus = books.corpus()
    deadline.check()
    if label is None:
        return Sketches(sketches=[sketch_of(d) for d in select_drawings(corpus, None, n, seed)])
    if label not in corpus.label_names:
        raise LimnerError(f"The corpus has no class {label!r}.")
    return Sketches(sketches=[sketch_of(d) for d in books.some_of(label, n, seed)])


def _between(shelf: Shelf, wanted: Way, deadline: Deadline) -> Sketches:
    model = shelf[wanted.model].model
    a, b = _latents(model, [wanted.a, wanted.b], deadline)
    path = interpolate_latents(a, b, wanted.steps, wanted.way)
    return _drawn(model, path, wanted.temperature, wanted.seed, deadline)


def _around(shelf: Shelf, wanted: Grid, deadline: Deadline) -> Sketches:
    model = shelf[wanted.model].model
    corners = _latents(model, wanted.corners, deadline)
    left = interpolate_latents(corners[0], corners[2], wanted.size, "slerp")
    right = interpolate_latents(corners[1], corners[3], wanted.size, "slerp")
    rows = [interpolate_latents(a, b, wanted.size, "slerp") for a, b in zip(left, right, strict=True)]
    return _drawn(model, torch.cat(rows), wanted.temperature, wanted.seed, deadline)


def _summed(shelf: Shelf, wanted: Sum, deadline: Deadline) -> Sketches:
    model = shelf[wanted.model].model
    a, b, c = _latents(model, [wanted.a, wanted.b, wanted.c], deadline)
    z = (a - b + c).expand(wanted.n, -1)
    drawings = model.decode(z, temperature=wanted.temperature, seed=wanted.seed, callback=deadline.check)
    return Sketches(sketches=[sketch_of(drawing) for drawing in drawings])


def _latents(model: Model, sketches: Sequence[Sketch], deadline: Deadline) -> Tensor:
    """Give the latent of each drawing, ``(n, Z)``."""
    return torch.stack([faithful_latent(model, sketch.drawing(), deadline.check) for sketch in sketches])


def _drawn(model: Model, path: Tensor, temperature: float, seed: int, deadline: Deadline) -> Sketches:
    """Draw each latent of ``(K, Z)`` with the same random numbers."""
    sampling_config = SamplingConfig(temperature=temperature)
    sketches = []
    for z in path:
        drawing = model.decode(z[None], sampling_config=sampling_config, seed=seed, callback=deadline.check)[
            0
        ]
        sketches.append(sketch_of(drawing))
    return Sketches(sketches=sketches)
