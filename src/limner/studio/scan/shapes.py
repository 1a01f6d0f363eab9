"""What travels between the Scan room's page and the server."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from limner.scan.settings import FINE_PX, RulingChoice
from limner.studio.shapes import Name, Place, Shape

Factor = Annotated[float, Field(ge=0.2, le=5, allow_inf_nan=False)]
Length = Annotated[float, Field(ge=0, le=5_000, allow_inf_nan=False)]
Stem = Annotated[str, Field(max_length=200)]

MOST_PARTS = 3_000


class Wish(Shape):
    """How a page shall be read; lengths are in pixels of the picture."""

    page: Annotated[int, Field(ge=1, le=500)] = 1
    threshold: Factor = 1.0
    """Ink must be so many times as dark as the scanner thinks right."""
    pen: Factor = 1.0
    """The pen counts as so many times as wide as it looks."""
    single_line: bool = False
    """One stroke for each connected figure."""
    drop_marks: bool = False
    """Leave out small marks far from the drawing."""
    ruling: RulingChoice = "auto"
    """Printed lines, squares and dots are left out where they are found, or kept."""
    join_px: Length = 0.0
    """Ends of strokes less than this apart are joined."""
    splice_px: Length = 0.0
    """Strokes go into others where the way there and back is shorter than this."""
    tolerance_px: Annotated[float, Field(ge=FINE_PX, le=100, allow_inf_nan=False)] = 0.4
    """How far strokes may leave the middle of the ink for the sake of fewer points."""
    shortest_px: Length = 0.0
    """Strokes shorter than this are left out."""
    separate: bool = False
    """Take the page apart into several drawings."""
    gap_px: Length = 0.0
    """Strokes whose boxes are less than this apart belong together."""


class Sending(Wish):
    """How a picture shall be read, and what it is called."""

    name: Name = ""


class Part(Shape):
    """One of the drawings on a page."""

    frame: tuple[float, float, float, float]
    """Smallest box around its points: left, top, right, bottom."""
    strokes: list[int]
    """Numbers of its strokes."""
    points: int


class Found(Shape):
    """What the scan found."""

    strokes: int
    points: int
    ink_length_px: float
    pen_px: float
    """Width of the pen."""
    threshold: str
    """How ink was told from paper: ``otsu`` or ``sauvola``."""
    seconds: float
    warnings: list[str]
    """What was left out or could not be read well."""


class Preview(Shape):
    """A page as strokes, in pixels of the upright picture; the first pixel's centre is (0.5, 0.5)."""

    id: str
    """Of the picture, as long as it lies on the desk."""
    name: str
    page: int
    pages: int
    width: int
    height: int
    strokes: list[list[Place]]
    parts: list[Part]
    """The drawings on the page."""
    found: Found


class Scanned(Preview):
    """A picture that was sent, as strokes and as a document."""

    svg: str


class Acceptance(Shape):
    """What shall go into a corpus."""

    scan: Name
    """The picture's id."""
    wish: Wish = Field(default_factory=Wish)
    parts: Annotated[list[Annotated[int, Field(ge=0)]], Field(max_length=MOST_PARTS)] | None = None
    """Numbers of the drawings that are taken; all unless given."""
    side: Annotated[float, Field(ge=1, le=10_000, allow_inf_nan=False)] | None = 255.0
    """Length of each drawing's longer side in the corpus; null leaves pixels as they are."""
    key: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,32}$")]
    """The page's own name for this acceptance: what comes twice is added once."""


class CorpusFacts(Shape):
    """A corpus in the folder of what is kept."""

    name: str
    drawings: int
    place: str
    """Where it lies, from the folder of what is kept."""


class Accepted(CorpusFacts):
    """A corpus that has grown."""

    added: list[str]


class CorpusList(Shape):
    """The corpora that drawings can be added to."""

    corpora: list[CorpusFacts]


class Undo(Shape):
    """Drawings to be taken out of a corpus again."""

    drawings: Annotated[list[Stem], Field(max_length=MOST_PARTS)]


class Left(Shape):
    """What a corpus holds now."""

    drawings: int


class Gone(Shape):
    """A picture was forgotten."""

    id: str
