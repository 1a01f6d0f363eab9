"""The gallery: an HTML page with drawings as inline SVG, and films as files beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template

import numpy as np

from limner.demo.curve import training_curve
from limner.files import write_text
from limner.strokes.drawing import Drawing
from limner.strokes.svg import number, path_data

TEMPLATE = Path(__file__).with_name("gallery.html")
LINE_SHARE = 0.014
"""Width of a line relative to the side of its drawing."""
SECONDS = 2.4
"""Duration of the animation of a drawing under the pointer."""


@dataclass(frozen=True)
class PictureCard:
    """A frame of the gallery: drawings one above the other, and a caption."""

    drawings: tuple[Drawing, ...]
    caption: str = ""
    given: Drawing | None = None
    """Ink that the model continued; shown in colour."""


@dataclass(frozen=True)
class Exhibit:
    """A section of the page: cards with a title and a sentence."""

    title: str
    text: str
    cards: Sequence[PictureCard]


@dataclass(frozen=True)
class FilmFigure:
    """A GIF file beside the page."""

    name: str
    caption: str


@dataclass(frozen=True)
class Gallery:
    """The content of the page."""

    exhibits: tuple[Exhibit, ...]
    films: tuple[FilmFigure, ...]
    metrics: Path
    """The run's ``metrics.csv``."""
    facts: str
    """Figures of the training, in a sentence."""
    run: str
    """Path of the run, as an argument of commands."""


def write_gallery(path: Path, gallery: Gallery) -> None:
    """Write the page whole or not at all."""
    page = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        facts=escape(gallery.facts),
        exhibits="\n".join(map(_exhibit, gallery.exhibits)),
        films="\n".join(map(_film, gallery.films)),
        curve=training_curve(gallery.metrics),
        run=escape(gallery.run),
    )
    write_text(path, page)


def _exhibit(exhibit: Exhibit) -> str:
    cards = "\n".join(map(_card, exhibit.cards))
    title, text = escape(exhibit.title), escape(exhibit.text)
    return f'<section>\n<h2>{title}</h2>\n<p>{text}</p>\n<div class="wall">\n{cards}\n</div>\n</section>'


def _film(film: FilmFigure) -> str:
    name, caption = escape(film.name), escape(film.caption)
    return f'<figure><img src="{name}" alt="{caption}"><figcaption>{caption}</figcaption></figure>'


def _card(card: PictureCard) -> str:
    pictures = "".join(_picture(drawing, card) for drawing in card.drawings)
    caption = f"<figcaption>{escape(card.caption)}</figcaption>" if card.caption else ""
    return f'<figure tabindex="0">{pictures}{caption}</figure>'


def _picture(drawing: Drawing, card: PictureCard) -> str:
    """Return a drawing as inline SVG with a square viewBox that it fills."""
    x_min, y_min, x_max, y_max = drawing.bounds
    side = max(x_max - x_min, y_max - y_min) or 1.0
    left, top = (x_min + x_max - side) / 2, (y_min + y_max - side) / 2
    box = " ".join(map(number, (left, top, side, side)))
    lines = "".join(_paths(drawing))
    if card.given is not None:
        lines += f'<g class="given">{"".join(_paths(card.given))}</g>'
    name = escape(card.caption or "a drawing")
    width = number(side * LINE_SHARE)
    return f'<svg viewBox="{box}" stroke-width="{width}" role="img" aria-label="{name}">{lines}</svg>'


def _paths(drawing: Drawing) -> Iterator[str]:
    """Yield a path for each stroke, with start and duration of its animation in seconds."""
    lengths = [float(np.hypot(*np.diff(stroke, axis=0).T).sum()) for stroke in drawing]
    pace = SECONDS / (sum(lengths) or 1.0)
    start = 0.0
    for stroke, length in zip(drawing, lengths, strict=True):
        time = f"--at:{number(start)}s;--for:{number(length * pace)}s"
        yield f'<path d="{path_data(stroke)}" pathLength="1" style="{time}"/>'
        start += length * pace
