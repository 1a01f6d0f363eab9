"""What travels between the Map room's page and the server."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from limner.studio.corpora import NAME as CORPUS_NAME
from limner.studio.shapes import Name, Seed, Shape, Sketch, Temperature

FEWEST, MOST = 2, 100_000
"""Drawings of a map, whatever the limits of the studio are."""
MOST_SAMPLES = 10_000
MOST_NEIGHBOURS = 48
FARTHEST = 100.0
"""Places of drawings are from -1 to 1."""

MapId = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
Item = Annotated[int, Field(ge=0, lt=MOST)]
Items = Annotated[list[Item], Field(max_length=MOST)]
Coordinate = Annotated[float, Field(ge=-FARTHEST, le=FARTHEST, allow_inf_nan=False)]
Basis = Literal["shape", "latent"]
State = Literal["ready", "going", "failed"]


class Layout(Shape):
    """What shall be laid out, and by what likeness."""

    corpus: Name | None = None
    """One of those that are listed; samples of the model unless given."""
    by: Basis = "shape"
    """By the form of drawings, or by the latent that the model reads in them."""
    model: Name | None = None
    """Needed for latents and for samples."""
    n: Annotated[int, Field(ge=FEWEST, le=MOST)] = 5000
    """Drawings at most; of a larger corpus some are taken by chance."""
    temperature: Temperature = 0.4
    """Of samples."""
    seed: Seed = 0

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.model is None and (self.corpus is None or self.by == "latent"):
            raise ValueError("latents and samples need a model")
        return self


class MapFacts(Shape):
    """A map that is ready."""

    id: MapId
    title: str
    """Of the corpus."""
    about: str
    """What is laid out, and how, in some words."""
    n: int
    created: int
    """Milliseconds since 1970."""


class Making(Shape):
    """How far a map is."""

    id: MapId
    state: State
    stage: str = ""
    """What is being done."""
    done: int = 0
    of: int = 0
    """0 where nobody knows."""
    share: float = 0.0
    """How much of the whole map is made, from 0 to 1, about."""
    detail: str = ""
    """Why it failed, as a sentence."""


class MapRoom(Shape):
    """What can be laid out, and what has been."""

    corpora: list[str]
    maps: list[MapFacts]
    """The newest first."""
    making: Making | None
    """The map that is being made, if any is."""
    most: int
    """Drawings of a map at most."""


class Tiles(Shape):
    """Small pictures on large ones; see ``curation/web/map/tiles.js``."""

    side: int
    columns: int
    perSheet: int  # noqa: N815 - as the page's modules have it
    ink: bool
    sources: list[str]
    paths: list[str] | None = None


class Grouping(Shape):
    """Groups that items belong to."""

    name: str
    names: list[str]
    of: list[int]


class MapData(Shape):
    """What the page's modules take."""

    ids: list[str]
    x: list[float]
    y: list[float]
    tiles: Tiles
    groupings: list[Grouping]
    noun: tuple[str, str]


class Neighbour(Shape):
    """An item that is like another."""

    i: Item
    distance: float
    """Between their features, not on the map."""


class Neighbours(Shape):
    """The nearest items, the nearest first."""

    items: list[Neighbour]


class Spot(Shape):
    """A place of the map where a drawing shall be imagined."""

    model: Name
    x: Coordinate
    y: Coordinate
    nearest: Annotated[int, Field(ge=1, le=24)] = 6
    """Drawings that have a share in it."""
    temperature: Temperature = 0.2
    seed: Seed = 0


class Share(Shape):
    """A drawing's share in an imagined one."""

    i: Item
    share: float


class Imagined(Shape):
    """A drawing that is at no place of the corpus."""

    sketch: Sketch
    of: list[Share]


class Chosen(Shape):
    """What was chosen on a map, by the places of items."""

    keep: Items = Field(default_factory=list)
    drop: Items = Field(default_factory=list)
    labels: Annotated[dict[Annotated[str, Field(max_length=80)], Items], Field(max_length=2000)] = Field(
        default_factory=dict
    )
    """New labels, and the items that they are given to."""


class Saved(Shape):
    """Choices on disk."""

    file: str
    """The CSV file, which a recipe's step ``choose`` and ``limner curate filter --choices`` read."""
    rows: int
    """Drawings in it, those of other maps of the same corpus included."""


class Building(Shape):
    """A corpus to be built from what was chosen."""

    name: Annotated[str, Field(pattern=CORPUS_NAME)]
    """What it is called; one of this name that was built before is written anew."""


class Built(Shape):
    """A corpus that was built."""

    corpus: str
    """Its name, as trainings list it."""
    file: str
    drawings: int
    command: str
    """What a person would type to build it."""
    train: str
    """What a person would type to train on it."""


class Removed(Shape):
    """A map was removed, or its making ended."""

    id: MapId
