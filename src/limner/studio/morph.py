"""The Morph room: samples, interpolations between two or four drawings, and arithmetic on latents.

All drawings of one answer are sampled with the same random numbers, so that they differ by their latents
alone.
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
from limner.studio.context import ContextDep
from limner.studio.deadline import Deadline
from limner.studio.faithful_latent import faithful_latent
from limner.studio.model_library import CorpusSource, ModelLibrary
from limner.studio.morph_ends import find_ends
from limner.studio.room import BUILT_IN, Room
from limner.studio.schemas import Name, NonEmptySketch, Schema, Seed, Sketch, Temperature, sketch_of

router = APIRouter(tags=["morph"])

MAX_DRAWINGS = 24
MAX_STEPS = 49
MAX_GRID = 7


class SketchList(Schema):
    """Drawings."""

    sketches: list[Sketch]


class SampleRequest(Schema):
    """Drawings to sample from the prior or from a class."""

    model: Name
    n: Annotated[int, Field(ge=1, le=MAX_DRAWINGS)] = 1
    temperature: Temperature | None = None
    """That at which the model draws best unless given."""
    label: Name | None = None
    seed: Seed = 0


class EndsRequest(Schema):
    """Drawings to begin with."""

    model: Name
    seed: Seed = 0


class MorphRequest(Schema):
    """An interpolation between two drawings."""

    model: Name
    a: NonEmptySketch
    b: NonEmptySketch
    steps: Annotated[int, Field(ge=2, le=MAX_STEPS)] = 25
    way: Literal["slerp", "lerp"] = "slerp"
    """Spherical or linear interpolation of the latents."""
    temperature: Temperature = 0.1
    seed: Seed = 0


class MorphGridRequest(Schema):
    """A square grid between four drawings: upper left, upper right, lower left, lower right."""

    model: Name
    corners: Annotated[list[NonEmptySketch], Field(min_length=4, max_length=4)]
    size: Annotated[int, Field(ge=2, le=MAX_GRID)] = 5
    temperature: Temperature = 0.1
    seed: Seed = 0


class MorphSumRequest(Schema):
    """Latent arithmetic: drawings of a - b + c."""

    model: Name
    a: NonEmptySketch
    b: NonEmptySketch
    c: NonEmptySketch
    n: Annotated[int, Field(ge=1, le=MAX_DRAWINGS)] = 4
    temperature: Temperature = 0.2
    seed: Seed = 0


@router.post("/api/sample")
async def sample(request: SampleRequest, context: ContextDep) -> SketchList:
    """Return samples of the model."""
    return await context.run_in_thread(_sample, context.library, request)


@router.get("/api/corpus/drawings")
async def corpus_drawings(
    context: ContextDep,
    n: Annotated[int, Query(ge=1, le=MAX_DRAWINGS)] = 12,
    seed: Annotated[int, Query(ge=0, le=2**32)] = 0,
    label: Annotated[str | None, Query(max_length=200)] = None,
) -> SketchList:
    """Return drawings of the corpus, chosen at random with a seed."""
    return await context.run_in_thread(_pick_drawings, context.library.corpus_source, n, seed, label)


@router.post("/api/morph/ends")
async def morph_ends(request: EndsRequest, context: ContextDep) -> SketchList:
    """Return four drawings to begin with, pairs that morph well, each of which the model redraws well."""
    return await context.run_in_thread(_find_ends, context.library, request)


@router.post("/api/morph")
async def morph(request: MorphRequest, context: ContextDep) -> SketchList:
    """Return the drawings from one to another, with reconstructions of both at the ends."""
    return await context.run_in_thread(_interpolate, context.library, request)


@router.post("/api/morph/grid")
async def morph_grid(request: MorphGridRequest, context: ContextDep) -> SketchList:
    """Return the drawings between four, row by row."""
    return await context.run_in_thread(_interpolate_grid, context.library, request)


@router.post("/api/morph/sum")
async def morph_sum(request: MorphSumRequest, context: ContextDep) -> SketchList:
    """Return drawings of a - b + c."""
    return await context.run_in_thread(_add_latents, context.library, request)


def _sample(library: ModelLibrary, request: SampleRequest, deadline: Deadline) -> SketchList:
    entry = library[request.model]
    generator = torch.Generator().manual_seed(request.seed)
    z, labels = entry.conditioning_for(request.label, request.n, generator)
    config = entry.sampling_config(request.temperature)
    options = {"sampling_config": config, "seed": request.seed, "callback": deadline.check}
    if z is not None:
        drawings = entry.model.decode(z, **options)  # type: ignore[arg-type]
    else:
        label = request.label if labels is not None else None
        drawings = entry.model.sample(request.n, label=label, **options)  # type: ignore[arg-type]
    return SketchList(sketches=[sketch_of(d.replace(label=d.label or request.label)) for d in drawings])


def _find_ends(library: ModelLibrary, request: EndsRequest, deadline: Deadline) -> SketchList:
    ends = find_ends(library, request.model, request.seed, deadline.check)
    return SketchList(sketches=[sketch_of(drawing) for drawing in ends])


def _pick_drawings(
    corpus_source: CorpusSource, n: int, seed: int, label: str | None, deadline: Deadline
) -> SketchList:
    corpus = corpus_source.corpus()
    deadline.check()
    if label is None:
        return SketchList(sketches=[sketch_of(d) for d in select_drawings(corpus, None, n, seed)])
    if label not in corpus.label_names:
        raise LimnerError(f"The corpus has no class {label!r}.")
    return SketchList(sketches=[sketch_of(d) for d in corpus_source.drawings_of_class(label, n, seed)])


def _interpolate(library: ModelLibrary, request: MorphRequest, deadline: Deadline) -> SketchList:
    model = library[request.model].model
    a, b = _latents(model, [request.a, request.b], deadline)
    path = interpolate_latents(a, b, request.steps, request.way)
    return _decode_each(model, path, request.temperature, request.seed, deadline)


def _interpolate_grid(library: ModelLibrary, request: MorphGridRequest, deadline: Deadline) -> SketchList:
    model = library[request.model].model
    corners = _latents(model, request.corners, deadline)
    left = interpolate_latents(corners[0], corners[2], request.size, "slerp")
    right = interpolate_latents(corners[1], corners[3], request.size, "slerp")
    rows = [interpolate_latents(a, b, request.size, "slerp") for a, b in zip(left, right, strict=True)]
    return _decode_each(model, torch.cat(rows), request.temperature, request.seed, deadline)


def _add_latents(library: ModelLibrary, request: MorphSumRequest, deadline: Deadline) -> SketchList:
    model = library[request.model].model
    a, b, c = _latents(model, [request.a, request.b, request.c], deadline)
    z = (a - b + c).expand(request.n, -1)
    drawings = model.decode(z, temperature=request.temperature, seed=request.seed, callback=deadline.check)
    return SketchList(sketches=[sketch_of(drawing) for drawing in drawings])


def _latents(model: Model, sketches: Sequence[Sketch], deadline: Deadline) -> Tensor:
    """Return the latent of each drawing, ``(n, Z)``."""
    return torch.stack([faithful_latent(model, sketch.drawing(), deadline.check) for sketch in sketches])


def _decode_each(model: Model, path: Tensor, temperature: float, seed: int, deadline: Deadline) -> SketchList:
    """Decode each latent of ``(K, Z)`` with the same random numbers."""
    sampling_config = SamplingConfig(temperature=temperature)
    sketches = []
    for z in path:
        drawing = model.decode(z[None], sampling_config=sampling_config, seed=seed, callback=deadline.check)[
            0
        ]
        sketches.append(sketch_of(drawing))
    return SketchList(sketches=sketches)


ROOM = Room("Morph", router, BUILT_IN / "morph", "morph")
