"""What every room of the page asks first: the models, the corpus, the bounds."""

from __future__ import annotations

from fastapi import APIRouter

from limner import __version__
from limner.studio.context import HouseHere
from limner.studio.keep.formats import export_formats
from limner.studio.shapes import Shape
from limner.studio.shelf import Loaded

router = APIRouter(tags=["studio"])


class ModelFacts(Shape):
    """A model, for choosing it."""

    id: str
    kind: str
    conditional: bool
    """Whether it can encode drawings, and so morph between them."""
    labels: list[str]
    """Classes that it can be asked for."""
    n_max: int
    """Points of the longest drawing of its corpus."""
    licence: str


class Bounds(Shape):
    """What the page must keep to."""

    futures: int
    body_bytes: int
    upload_bytes: int


class ExportFormat(Shape):
    """What drawings can be exported as, for the menu of formats."""

    name: str
    title: str
    uses: list[str]
    """The groups of options that it heeds; see :data:`limner.render.writers.Use`."""


class StudioFacts(Shape):
    """What this studio was given at start."""

    version: str
    models: list[ModelFacts]
    corpus: str | None
    """Name of the corpus, without its folder."""
    runs: bool
    """Whether there are runs to watch."""
    bounds: Bounds
    exports: list[ExportFormat]


@router.get("/api/studio")
def studio(house: HouseHere) -> StudioFacts:
    """Say what there is."""
    limits = house.limits
    bounds = Bounds(futures=limits.futures, body_bytes=limits.body_bytes, upload_bytes=limits.upload_bytes)
    return StudioFacts(
        version=__version__,
        models=[_facts(loaded) for loaded in house.shelf],
        corpus=house.shelf.books.title,
        runs=house.folders.runs is not None,
        bounds=bounds,
        exports=[
            ExportFormat(name=name, title=writer.title, uses=list(writer.uses))
            for name, writer in export_formats().items()
        ],
    )


def _facts(loaded: Loaded) -> ModelFacts:
    card = loaded.model.card
    return ModelFacts(
        id=loaded.id,
        kind=card.config.kind,
        conditional=loaded.model.conditional,
        labels=list(loaded.labels()),
        n_max=card.n_max,
        licence=card.licence,
    )
