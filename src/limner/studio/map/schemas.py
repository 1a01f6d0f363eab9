"""JSON schemas of the Map room."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from limner.studio.corpora import NAME as CORPUS_NAME
from limner.studio.schemas import Name, Schema, Seed, Sketch, Temperature

MIN_DRAWINGS, MAX_DRAWINGS = 2, 100_000
"""Range of the number of drawings of a map, whatever the limits of the studio are."""
MAX_SAMPLES = 10_000
MAX_NEIGHBOURS = 48
MAX_COORDINATE = 100.0
"""Greatest absolute coordinate in a request; the positions of drawings are from -1 to 1."""

MapId = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
Item = Annotated[int, Field(ge=0, lt=MAX_DRAWINGS)]
Items = Annotated[list[Item], Field(max_length=MAX_DRAWINGS)]
Coordinate = Annotated[float, Field(ge=-MAX_COORDINATE, le=MAX_COORDINATE, allow_inf_nan=False)]
Basis = Literal["shape", "latent"]
State = Literal["ready", "going", "failed"]


class MapRequest(Schema):
    """A map to make: which drawings, compared by what."""

    corpus: Name | None = None
    """One of the listed corpora; by default samples of the model are laid out."""
    by: Basis = "shape"
    """Compare drawings by their shape, or by the latents of a model."""
    model: Name | None = None
    """Required for latents and for samples."""
    n: Annotated[int, Field(ge=MIN_DRAWINGS, le=MAX_DRAWINGS)] = 5000
    """Maximum number of drawings; a larger corpus is subsampled at random."""
    temperature: Temperature = 0.4
    """Of samples."""
    seed: Seed = 0

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.model is None and (self.corpus is None or self.by == "latent"):
            raise ValueError("latents and samples need a model")
        return self


class MapFacts(Schema):
    """A finished map."""

    id: MapId
    title: str
    """Of the corpus."""
    about: str
    """Short description of its content."""
    n: int
    created: int
    """Milliseconds since 1970."""


class MapProgress(Schema):
    """The progress of a map."""

    id: MapId
    state: State
    stage: str = ""
    """Name of the current stage."""
    done: int = 0
    of: int = 0
    """Items of the stage; 0 if unknown."""
    share: float = 0.0
    """Approximate share of the whole map that is done, from 0 to 1."""
    detail: str = ""
    """Why making the map failed, as a sentence."""


class MapRoom(Schema):
    """Corpora that can be laid out, and existing maps."""

    corpora: list[str]
    maps: list[MapFacts]
    """The newest first."""
    making: MapProgress | None
    """The map that is being made, if any."""
    most: int
    """Maximum number of drawings of a map."""


class MapTiles(Schema):
    """Sheets of small pictures; see ``curation/web/map/tiles.js``."""

    side: int
    columns: int
    perSheet: int  # noqa: N815 - as the page's modules have it
    ink: bool
    sources: list[str]
    paths: list[str] | None = None


class MapGrouping(Schema):
    """One way to group the items."""

    name: str
    names: list[str]
    of: list[int]


class MapData(Schema):
    """The data of a map for the page's modules."""

    ids: list[str]
    x: list[float]
    y: list[float]
    tiles: MapTiles
    groupings: list[MapGrouping]
    noun: tuple[str, str]


class MapNeighbour(Schema):
    """An item that is similar to another."""

    i: Item
    distance: float
    """Between their features, not on the plane."""


class MapNeighbours(Schema):
    """The nearest items, the nearest first."""

    items: list[MapNeighbour]


class ImagineRequest(Schema):
    """A position of the map at which a drawing is to be imagined."""

    model: Name
    x: Coordinate
    y: Coordinate
    nearest: Annotated[int, Field(ge=1, le=24)] = 6
    """Number of nearest drawings whose latents are mixed."""
    temperature: Temperature = 0.2
    seed: Seed = 0


class DrawingShare(Schema):
    """The weight of a drawing in an imagined one."""

    i: Item
    share: float


class ImaginedDrawing(Schema):
    """A drawing that was decoded between those of the map."""

    sketch: Sketch
    of: list[DrawingShare]


class MapChoices(Schema):
    """Choices made on a map, by the numbers of items."""

    keep: Items = Field(default_factory=list)
    drop: Items = Field(default_factory=list)
    labels: Annotated[dict[Annotated[str, Field(max_length=80)], Items], Field(max_length=2000)] = Field(
        default_factory=dict
    )
    """New labels, and the items that get them."""


class SavedChoices(Schema):
    """The file of saved choices."""

    file: str
    """The CSV file, as the recipe step ``choose`` and ``limner curate filter --choices`` read it."""
    rows: int
    """Drawings that it lists, including those of other maps of the corpus."""


class BuildRequest(Schema):
    """A corpus to be built from the choices."""

    name: Annotated[str, Field(pattern=CORPUS_NAME)]
    """Its name; a corpus that was built under this name before is replaced."""


class BuiltCorpus(Schema):
    """A corpus that was built."""

    corpus: str
    """Its name, as in the list of corpora to train on."""
    file: str
    drawings: int
    command: str
    """The command line that builds it."""
    train: str
    """The command line that trains on it."""


class MapRemoved(Schema):
    """A map was removed, or its making stopped."""

    id: MapId
