"""JSON schemas of the Scan room."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from limner.scan.settings import FINE_PX, RulingChoice
from limner.studio.schemas import Name, PagePoint, Schema

Factor = Annotated[float, Field(ge=0.2, le=5, allow_inf_nan=False)]
Length = Annotated[float, Field(ge=0, le=5_000, allow_inf_nan=False)]
Stem = Annotated[str, Field(max_length=200)]

MAX_PARTS = 3_000
MAX_FIXES = 5_000
MAX_FIXES_TEXT = 5_000_000
Side = Annotated[int, Field(ge=1, le=1_000_000)]


class ScanOptions(Schema):
    """Options of a scan; lengths are in pixels of the picture."""

    page: Annotated[int, Field(ge=1, le=500)] = 1
    threshold: Factor = 1.0
    """Factor of the darkness above which a pixel counts as ink."""
    pen: Factor = 1.0
    """Factor of the estimated width of the pen."""
    single_line: bool = False
    """Draw each connected figure as one stroke."""
    drop_marks: bool = False
    """Drop small marks far from the drawing."""
    ruling: RulingChoice = "auto"
    """Whether printed lines, squares and dots are removed where they are found."""
    join_px: Length = 0.0
    """Greatest distance between ends of strokes that are joined."""
    splice_px: Length = 0.0
    """Greatest detour by which a stroke is spliced into another one."""
    tolerance_px: Annotated[float, Field(ge=FINE_PX, le=100, allow_inf_nan=False)] = 0.4
    """Tolerance of the simplification: greatest distance from the centre line of the ink."""
    shortest_px: Length = 0.0
    """Least length of a stroke; shorter ones are dropped."""
    separate: bool = False
    """Separate the page into several drawings."""
    gap_px: Length = 0.0
    """Greatest distance between the boxes of strokes of one drawing."""


class UploadOptions(ScanOptions):
    """Options of a scan, and the name of the picture."""

    name: Name = ""


class PageDrawing(Schema):
    """One of the drawings of a page."""

    frame: tuple[float, float, float, float]
    """Bounding box of its points: left, top, right, bottom."""
    strokes: list[int]
    """Numbers of its strokes."""
    points: int


class PageJunction(Schema):
    """A place where lines meet, and how they may go on there."""

    at: tuple[float, float]
    lines: list[list[tuple[float, float]]]
    """The first stretch of each line, from the junction outwards."""
    choices: list[list[tuple[int, int]]]
    """The pairings that it may have: which lines are one; the likeliest first."""
    chosen: int
    confidence: float
    """From 0 to 1; 1 where a person chose."""


class ScanStats(Schema):
    """Statistics of a scan."""

    strokes: int
    points: int
    ink_length_px: float
    pen_px: float
    """Width of the pen."""
    threshold: str
    """Threshold method: ``otsu`` or ``sauvola``."""
    seconds: float
    warnings: list[str]
    """What was dropped or could not be read well."""


class ScanPreview(Schema):
    """A page as strokes, in pixels of the upright picture; the first pixel's centre is (0.5, 0.5)."""

    id: str
    """Of the picture, while it is stored."""
    name: str
    page: int
    pages: int
    width: int
    height: int
    strokes: list[list[PagePoint]]
    junctions: list[PageJunction]
    """Where lines meet."""
    parts: list[PageDrawing]
    """The drawings on the page."""
    found: ScanStats


class ScannedPicture(ScanPreview):
    """An uploaded picture as strokes, and as an SVG document."""

    svg: str


class AcceptRequest(Schema):
    """Drawings of a page to add to a corpus."""

    scan: Name
    """The picture's id."""
    wish: ScanOptions = Field(default_factory=ScanOptions)
    parts: Annotated[list[Annotated[int, Field(ge=0)]], Field(max_length=MAX_PARTS)] | None = None
    """Numbers of the drawings; all of them by default."""
    side: Annotated[float, Field(ge=1, le=10_000, allow_inf_nan=False)] | None = 255.0
    """Length of each drawing's longer side in the corpus; null keeps pixels."""
    key: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,32}$")]
    """Chosen by the page for this request; a repeated request adds nothing."""


class CorpusFacts(Schema):
    """A corpus in the folder of kept drawings."""

    name: str
    drawings: int
    place: str
    """Its path, relative to the folder of kept drawings."""


class AcceptedDrawings(CorpusFacts):
    """A corpus to which drawings were added."""

    added: list[str]


class CorpusList(Schema):
    """The corpora to which drawings can be added."""

    corpora: list[CorpusFacts]


class UndoRequest(Schema):
    """Drawings to remove from a corpus."""

    drawings: Annotated[list[Stem], Field(max_length=MAX_PARTS)]


class CorpusSize(Schema):
    """The size of a corpus."""

    drawings: int


class FixList(Schema):
    """What a person changed about the strokes of a picture, as ``page.fixes.toml`` holds it."""

    fix: Annotated[list[dict[str, Any]], Field(max_length=MAX_FIXES)] = Field(default_factory=list)
    """Each with its ``kind``: flip, join, split, reverse, delete or order."""
    size: tuple[Side, Side] | None = None
    """Width and height of the picture."""


class FixText(Schema):
    """The text of a file ``page.fixes.toml``."""

    text: Annotated[str, Field(max_length=MAX_FIXES_TEXT)]


class UploadRemoved(Schema):
    """A picture was removed."""

    id: str
