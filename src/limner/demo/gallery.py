"""The gallery: one HTML page with its drawings inside, and animations beside it.

``limner demo`` and ``limner learn`` both show what they do on such a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from limner.files import write_text
from limner.render.page import fill_template
from limner.render.thumbnail import PEN_SHARE, thumbnail
from limner.strokes.drawing import Drawing
from limner.strokes.svg.writer import number

TEMPLATE = Path(__file__).with_name("gallery.html")
SECONDS = 2.4
"""Time in which a drawing is drawn under the pointer."""
RELOAD_SECONDS = 5
"""Time after which a page that still grows is looked at again."""
DENSE = 9.0
"""Length of the ink, in longer sides of the drawing, from which on it is drawn with a finer pen."""
FINE_PEN_SHARE = 0.6 * PEN_SHARE
GIVEN = 'class="given"'

StageState = Literal["waiting", "working", "done", "stopped"]
WallKind = Literal["", "large", "roomy", "small", "pale", "pages"]


@dataclass(frozen=True)
class ExhibitCard:
    """A card of an exhibit: drawings one above the other, and a caption."""

    drawings: tuple[Drawing, ...]
    caption: str = ""
    given: Drawing | None = None
    """The beginning that the model continued; shown in colour."""
    beside: tuple[str, ...] = ()
    """Pictures that are HTML already, before the drawings."""

    @property
    def pictures(self) -> list[str]:
        """Return the pictures as HTML, drawings as SVG elements."""
        return [*self.beside, *(_picture(drawing, self) for drawing in self.drawings)]


@dataclass(frozen=True)
class GalleryFilm:
    """A GIF file beside the page."""

    name: str
    caption: str


@dataclass(frozen=True)
class ShellCommand:
    """A command to type, and what it does."""

    about: str
    line: str


@dataclass(frozen=True)
class GalleryLink:
    """A file beside the page that says more."""

    name: str
    text: str


@dataclass(frozen=True)
class Exhibit:
    """Cards, films, a chart, sentences or commands below a title and a sentence."""

    title: str
    text: str
    cards: Sequence[ExhibitCard] = ()
    wall: WallKind = ""
    """How cards are laid out: drawings of the usual size, large, roomy, small, pale, or pages beside strokes."""
    films: Sequence[GalleryFilm] = ()
    chart: str = ""
    """An ``<svg>`` element."""
    notes: Sequence[str] = ()
    links: Sequence[GalleryLink] = ()
    commands: Sequence[ShellCommand] = ()


@dataclass(frozen=True)
class GalleryStage:
    """A part of the work that the page is about."""

    name: str
    text: str
    """What comes of it, or came."""
    state: StageState = "waiting"


@dataclass(frozen=True)
class Gallery:
    """The contents of the page."""

    title: str
    text: str
    exhibits: tuple[Exhibit, ...]
    stages: tuple[GalleryStage, ...] = ()
    """Where the work is; nothing for a page that was written once."""
    written: str = ""
    """When it was, for a page that still grows: such a page looks again by itself."""


def write_gallery(path: Path, gallery: Gallery) -> None:
    """Write the page, whole or not at all."""
    reload_ms = 1000 * RELOAD_SECONDS if gallery.written else 0
    write_text(path, fill_template(TEMPLATE, gallery=gallery, reload_ms=reload_ms))


def _picture(drawing: Drawing, card: ExhibitCard) -> str:
    given = card.given.strokes if card.given is not None else ()
    strokes, attributes = [*drawing, *given], [*_times(drawing), *[GIVEN] * len(given)]
    pen_share = FINE_PEN_SHARE if any(map(_is_dense, card.drawings)) else PEN_SHARE
    return thumbnail(strokes, attributes, name=card.caption or "a drawing", pen_share=pen_share)


def _is_dense(drawing: Drawing) -> bool:
    left, top, right, bottom = drawing.bounds
    return drawing.ink_length > DENSE * max(right - left, bottom - top)


def _times(drawing: Drawing) -> Iterator[str]:
    """Yield for each stroke its start and duration, in seconds, when it is drawn under the pointer."""
    lengths = [float(np.hypot(*np.diff(stroke, axis=0).T).sum()) for stroke in drawing]
    seconds_per_length = SECONDS / (sum(lengths) or 1.0)
    start = 0.0
    for length in lengths:
        duration = length * seconds_per_length
        yield f'pathLength="1" style="--at:{number(start)}s;--for:{number(duration)}s"'
        start += duration
