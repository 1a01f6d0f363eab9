"""The gallery: one HTML page with its drawings inside, and films beside it."""

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
from limner.strokes.svg.writer import number, path_data

TEMPLATE = Path(__file__).with_name("gallery.html")
LINE_SHARE = 0.014  # width of a line, relative to the side of its drawing
SECONDS = 2.4  # that a drawing takes when it is drawn again under the pointer


@dataclass(frozen=True)
class Card:
    """A frame on the wall: drawings one above the other, and a caption."""

    drawings: tuple[Drawing, ...]
    caption: str = ""
    given: Drawing | None = None
    """Ink that was there before the model went on; shown in colour."""


@dataclass(frozen=True)
class Exhibit:
    """Some cards with a title and a sentence."""

    title: str
    text: str
    cards: Sequence[Card]


@dataclass(frozen=True)
class Film:
    """A GIF file beside the page."""

    name: str
    caption: str


@dataclass(frozen=True)
class Gallery:
    """What the page shows."""

    exhibits: tuple[Exhibit, ...]
    films: tuple[Film, ...]
    metrics: Path
    """The run's ``metrics.csv``."""
    facts: str
    """How the training went, in a sentence."""
    run: str
    """The run as a command names it."""


def write_gallery(path: Path, gallery: Gallery) -> None:
    """Write the page."""
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


def _film(film: Film) -> str:
    name, caption = escape(film.name), escape(film.caption)
    return f'<figure><img src="{name}" alt="{caption}"><figcaption>{caption}</figcaption></figure>'


def _card(card: Card) -> str:
    pictures = "".join(_picture(drawing, card) for drawing in card.drawings)
    caption = f"<figcaption>{escape(card.caption)}</figcaption>" if card.caption else ""
    return f'<figure tabindex="0">{pictures}{caption}</figure>'


def _picture(drawing: Drawing, card: Card) -> str:
    """Draw one drawing in a square that it fills."""
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
    """Give a path a stroke, with when and for how long (seconds) it is drawn under the pointer."""
    lengths = [float(np.hypot(*np.diff(stroke, axis=0).T).sum()) for stroke in drawing]
    pace = SECONDS / (sum(lengths) or 1.0)
    begin = 0.0
    for stroke, length in zip(drawing, lengths, strict=True):
        time = f"--at:{number(begin)}s;--for:{number(length * pace)}s"
        yield f'<path d="{path_data(stroke)}" pathLength="1" style="{time}"/>'
        begin += length * pace
