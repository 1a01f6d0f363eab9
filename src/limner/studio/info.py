"""``GET /api/studio``: rooms, models, corpus and limits, which the page requests first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fastapi import APIRouter
from starlette.requests import Request

from limner._version import __version__
from limner.models.weights import FILE_NAME
from limner.studio.context import ContextDep, StudioContext
from limner.studio.keep.formats import export_formats
from limner.studio.model_library import LoadedModel
from limner.studio.room import SCRIPT, STYLE, Room
from limner.studio.runs.run_store import runs_in
from limner.studio.schemas import Schema

router = APIRouter(tags=["studio"])

MOST_HANDS = 40


class RoomFacts(Schema):
    """A room, for the navigation."""

    name: str
    title: str
    icon: str
    """Name of an icon of the page, or path data of SVG in a box of 24 by 24."""
    script: str
    """Path of the room's ES module."""
    style: str | None
    """Path of the room's style sheet, if it has one."""


class ModelFacts(Schema):
    """A model, for the menu of models."""

    id: str
    kind: str
    conditional: bool
    """Whether the model encodes drawings, and so morphs between them."""
    labels: list[str]
    """Classes that can be requested."""
    n_max: int
    """Points of the longest drawing of the training corpus."""
    temperature: float
    """At which it draws best."""
    licence: str


class Bounds(Schema):
    """Limits that the page keeps to."""

    futures: int
    body_bytes: int
    upload_bytes: int


class ExportFormat(Schema):
    """A file format of exports, for the menu of formats."""

    name: str
    title: str
    uses: list[str]
    """The groups of options that it heeds; see :data:`limner.render.writers.Use`."""


class StudioFacts(Schema):
    """What the studio was started with."""

    version: str
    rooms: list[RoomFacts]
    """In the order of the navigation."""
    models: list[ModelFacts]
    hands: list[str]
    """Runs that can be drawn with, the newest first; see ``/api/runs/draw``."""
    corpus: str | None
    """Name of the corpus, without its folder."""
    runs: bool
    """Whether there is a folder of training runs."""
    bounds: Bounds
    exports: list[ExportFormat]


@router.get("/api/studio")
def studio(request: Request, context: ContextDep) -> StudioFacts:
    """Return rooms, models, corpus and limits of the studio."""
    limits = context.limits
    bounds = Bounds(futures=limits.futures, body_bytes=limits.body_bytes, upload_bytes=limits.upload_bytes)
    return StudioFacts(
        version=__version__,
        rooms=list(_room_facts(request.app.state.rooms, context)),
        models=[_model_facts(entry) for entry in context.library],
        hands=_hands(context),
        corpus=context.library.corpus_source.title,
        runs=context.folders.runs is not None,
        bounds=bounds,
        exports=[
            ExportFormat(name=name, title=writer.title, uses=list(writer.uses))
            for name, writer in export_formats().items()
        ],
    )


def _room_facts(rooms: Mapping[str, Room], context: StudioContext) -> Iterator[RoomFacts]:
    for name, room in rooms.items():
        if room.available(context):
            base = f"/static/rooms/{name}"
            style = f"{base}/{STYLE}" if room.has_style else None
            yield RoomFacts(
                name=name, title=room.title, icon=room.icon, script=f"{base}/{SCRIPT}", style=style
            )


def _hands(context: StudioContext) -> list[str]:
    root = context.folders.runs
    if root is None:
        return []
    return [name for name, run in runs_in(root).items() if (run / FILE_NAME).is_file()][:MOST_HANDS]


def _model_facts(entry: LoadedModel) -> ModelFacts:
    card = entry.model.card
    return ModelFacts(
        id=entry.id,
        kind=card.config.kind,
        conditional=entry.model.conditional,
        labels=list(entry.labels()),
        n_max=card.n_max,
        temperature=entry.model.sampling_config.temperature,
        licence=card.licence,
    )
