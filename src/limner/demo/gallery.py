"""The gallery: one HTML page with its drawings inside, and animations beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from limner.demo.curve import training_curve
from limner.files import write_text
from limner.render.page import fill_template
from limner.render.thumbnail import thumbnail
from limner.strokes.drawing import Drawing
from limner.strokes.svg.writer import number

TEMPLATE = Path(__file__).with_name("gallery.html")
SECONDS = 2.4
"""Time in which a drawing is drawn under the pointer."""
GIVEN = 'class="given"'


@dataclass(frozen=True)
class ExhibitCard:
    """A card of an exhibit: drawings one above the other, and a caption."""

    drawings: tuple[Drawing, ...]
    caption: str = ""
    given: Drawing | None = None
    """The beginning that the model continued; shown in colour."""

    @property
    def pictures(self) -> list[str]:
        """Return the drawings as SVG elements."""
        return [_picture(drawing, self) for drawing in self.drawings]


@dataclass(frozen=True)
class Exhibit:
    """Cards with a title and a sentence."""

    title: str
    text: str
    cards: Sequence[ExhibitCard]


@dataclass(frozen=True)
class GalleryFilm:
    """A GIF file beside the page."""

    name: str
    caption: str


@dataclass(frozen=True)
class Gallery:
    """The contents of the page."""

    exhibits: tuple[Exhibit, ...]
    films: tuple[GalleryFilm, ...]
    metrics: Path
    """The run's ``metrics.csv``."""
    facts: str
    """How the training went, in a sentence."""
    run: str
    """The run as a command names it."""


def write_gallery(path: Path, gallery: Gallery) -> None:
    """Write the page, whole or not at all."""
    write_text(path, fill_template(TEMPLATE, gallery=gallery, curve=training_curve(gallery.metrics)))


def _picture(drawing: Drawing, card: ExhibitCard) -> str:
    given = card.given.strokes if card.given is not None else ()
    strokes, attributes = [*drawing, *given], [*_times(drawing), *[GIVEN] * len(given)]
    return thumbnail(strokes, attributes, name=card.caption or "a drawing")


def _times(drawing: Drawing) -> Iterator[str]:
    """Yield for each stroke its start and duration, in seconds, when it is drawn under the pointer."""
    lengths = [float(np.hypot(*np.diff(stroke, axis=0).T).sum()) for stroke in drawing]
    seconds_per_length = SECONDS / (sum(lengths) or 1.0)
    start = 0.0
    for length in lengths:
        duration = length * seconds_per_length
        yield f'pathLength="1" style="--at:{number(start)}s;--for:{number(duration)}s"'
        start += duration
