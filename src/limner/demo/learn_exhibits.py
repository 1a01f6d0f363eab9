"""What a page shows of a hand that is learnt: its pages, drawings and samples.

Everything is told from the files that lie beside the page, so that a page can be written again.
"""

from __future__ import annotations

import base64
import io
import json
import shlex
from collections import Counter
from collections.abc import Sequence
from html import escape
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from limner.corpus.corpus import Corpus
from limner.corpus.select import beginning_of
from limner.corpus.small_corpus import SMALL
from limner.corpus.text import counted
from limner.demo.base_drawings import BASE, FUTURES, go_on
from limner.demo.gallery import Exhibit, ExhibitCard, GalleryFilm, GalleryLink, ShellCommand, WallKind
from limner.sampling.model import Model
from limner.scan.picture import read_pages
from limner.strokes.drawing import Drawing
from limner.strokes.simplify import simplify_strokes
from limner.strokes.svg.writer import number, path_data

NOW, BEFORE = "What it draws now", "What it drew before"
BEGINNINGS, WORK = "How it goes on from your beginnings", "The hand at work"
PAGES, LEFT_OUT, LEARNT = "Your pages, as they were read", "What was left out, and why", "What it learns from"
NEXT = "What to type next"

SHOWN_PAGES, SHOWN_DRAWINGS, BEGUN = 6, 24, 3
FEW = 8
"""Drawings up to which they are shown large."""
SHARE = 0.35
"""Share of its points that a drawing is begun with."""
PICTURE_PX = 360
INKS = 8
"""Colours of strokes, one after another."""
CURVE_TEXT = (
    "How much each point surprised the model (L_R), over the steps of the training; lower is better. "
    "Grey: the drawings it learned from. Coloured: those that were set aside, where there are some; when "
    "that line rises, it learns by heart."
)


_OF_SPLITS = "Drawings without a split"
"""Begins a note on what the next exhibit shows."""


def pages_exhibit(strokes: Path) -> Exhibit:
    """Show pages beside their strokes.

    Parameters
    ----------
    strokes : Path
        A folder that :func:`limner.scan.batch.scan_files` wrote into.
    """
    pages, before = [], Counter[str]()
    for page in _read_json(strokes / "report.json")["pages"]:
        pages.append((page, before[page["file"]]))  # and its number within the file
        before[page["file"]] += 1
    shown = [pages[k] for k in _evenly(len(pages), SHOWN_PAGES)]
    return Exhibit(
        PAGES,
        f"{counted(len(pages), 'page')}"
        + (f", {len(shown)} of them here" if len(shown) < len(pages) else "")
        + ". On the left the picture, on the right its strokes: each has a colour.",
        [_page_card(strokes, page, index) for page, index in shown],
        wall="pages",
        links=(
            GalleryLink(f"{strokes.name}/contact.png", "all pages"),
            GalleryLink(f"{strokes.name}/report.json", "their figures"),
        ),
    )


def left_out_exhibit(out: Path, unread: dict[str, str]) -> Exhibit:
    """List what became of the pages and drawings, with the reasons.

    Parameters
    ----------
    out : Path
        The corpus, beside which its report lies.
    unread : dict of str to str
        Pictures that could not be read, each with a sentence.
    """
    report = _read_json(out.with_name(f"{out.stem}.report.json"))
    read, failures = report["steps"][0]["drawings"], [*unread.values(), *report["failures"].values()]
    gone = [f"{n:,} left out: {reason}" for reason, n in report["reasons"].items()]
    text = f"{counted(report['kept'], 'drawing')} came out of {read:,} that were read"
    name = report["recipe"]["name"]
    text += f", by the recipe {name}." if report["recipe"]["step"] else "; nothing was changed about them."
    return Exhibit(
        LEFT_OUT,
        text if gone or failures else f"{text} Nothing was left out.",
        notes=[*failures, *gone, *(note for note in report["notes"] if not note.startswith(_OF_SPLITS))],
        links=(GalleryLink(Path(report["files"]["report"]).name, "the whole report, drawing by drawing"),),
    )


def learnt_exhibit(corpus: Corpus) -> Exhibit:
    """Show drawings of a corpus, and say what to expect of so few."""
    train = corpus.splits["train"]
    aside = len(corpus) - len(train)
    shown = [corpus.drawing("train", k) for k in _evenly(len(train), SHOWN_DRAWINGS)]
    text = f"{counted(len(train), 'drawing')}, and {aside:,} more that are set aside to judge by."
    if not aside:
        text = f"{counted(len(train), 'drawing')}; none is set aside to judge by."
    few = f"{text} Expect lines like these and pieces of what they show; more drawings teach it more."
    cards = _cards(shown)
    wall: WallKind = "large" if len(shown) <= FEW else "small"
    return Exhibit(LEARNT, few if len(corpus) < SMALL else text, cards, wall=wall)


def now_exhibit(drawings: list[Drawing], text: str) -> Exhibit:
    """Show samples of the hand."""
    return Exhibit(NOW, text, _cards(drawings), wall="roomy")


def before_exhibit(drawings: list[Drawing]) -> Exhibit:
    """Show samples of the base."""
    return Exhibit(
        BEFORE,
        f"The base, {BASE}, told nothing: how people draw, before it has seen anything of yours.",
        [ExhibitCard((one,)) for one in drawings],
        wall="pale",
    )


def beginnings_exhibit(model: Model, corpus: Corpus, seed: int) -> Exhibit:
    """Begin drawings of the corpus, set aside ones where there are some, and let the model go on."""
    split = next(name for name in ("test", "valid", "train") if len(corpus.splits.get(name, ())))
    cards = []
    for k in _evenly(len(corpus.splits[split]), BEGUN):
        beginning, cut = beginning_of(corpus.drawing(split, k), SHARE)
        drawn = go_on(model, beginning, FUTURES, seed=seed, cut=cut)
        cards += [ExhibitCard((one,), given=beginning) for one in drawn]
    which = "a drawing that it learned from" if split == "train" else "a drawing that was set aside"
    return Exhibit(
        BEGINNINGS, f"The coloured beginning is that of {which}; the rest it made up.", cards, wall="large"
    )


def work_exhibit() -> Exhibit:
    """Show the film beside the page."""
    film = GalleryFilm("drawing.gif", "Eight drawings, stroke by stroke")
    sheets = (
        GalleryLink("samples.png", "a sheet of drawings"),
        GalleryLink("samples.svg", "the same as SVG"),
    )
    return Exhibit(WORK, "Strokes in the order in which it makes them.", films=(film,), links=sheets)


def next_exhibit(out: Path, corpus: Path, sources: Sequence[str], *, longer: float | None) -> Exhibit:
    """List what to type next, for these very paths.

    Parameters
    ----------
    out, corpus : Path
        The folder, and the corpus within it.
    sources : sequence of str
        What was learned from.
    longer : float, optional
        Minutes to go on for, where time has ended the training; it ended by itself unless given.
    """
    run, folder, drawings = (shlex.quote(str(path)) for path in (out / "run", out, corpus))
    begun = shlex.quote(f"{corpus}#0")
    lines = {
        "more drawings; also .png, or a folder": f"limner sample {run} -n 16 --out more.svg",
        "watch it draw": f"limner sample {run} -n 8 --out film.gif",
        "go on from the beginning of a drawing": f"limner complete {run} {begun} -n 8 --out ways.svg",
        "a page for a plotter": f"limner plot {run} -n 9 --paper A4 --out page.svg",
        "draw together with it in the browser": f"limner studio {run} --runs {folder}",
    }
    if longer is None:
        again = shlex.quote(f"{out}-again")
        lines["with more drawings beside these"] = f"limner learn {shlex.join(sources)} --out {again}"
    else:
        lines["train longer"] = f"limner train {drawings} --out {run} --resume --minutes {longer:g}"
    return Exhibit(
        NEXT,
        "The model is the folder run; every command of limner takes it.",
        commands=[ShellCommand(about, line) for about, line in lines.items()],
    )


def _cards(drawings: list[Drawing]) -> list[ExhibitCard]:
    """Return a card of each drawing, with its class if there are several."""
    several = len({drawing.label for drawing in drawings}) > 1
    return [ExhibitCard((one,), one.label or "" if several else "") for one in drawings]


def _page_card(strokes: Path, page: dict[str, Any], index: int) -> ExhibitCard:
    notes = "".join(f"; {warning}" for warning in page["warnings"])
    caption = f"{Path(page['svg']).stem}: {counted(page['strokes'], 'stroke')}{notes}"
    drawing = Drawing.from_svg(strokes / page["svg"])
    return ExhibitCard((), caption, beside=(_photo(Path(page["file"]), index), _on_page(drawing, page)))


def _photo(file: Path, index: int) -> str:
    """Return a page of a picture as HTML that holds it, small."""
    grey = next(islice(read_pages(file), index, None))
    image = Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))
    image.thumbnail((PICTURE_PX, PICTURE_PX))
    data = io.BytesIO()
    image.save(data, "JPEG", quality=82)
    text = base64.b64encode(data.getvalue()).decode("ascii")
    return f'<img src="data:image/jpeg;base64,{text}" alt="{escape(file.name)}">'


def _on_page(drawing: Drawing, page: dict[str, Any]) -> str:
    """Return strokes as an SVG element in the frame of their page."""
    width, height = page["width"], page["height"]
    unit = max(width, height) / PICTURE_PX
    pen = number(max(page["pen_px"] * 0.7, 1.6 * unit), 2)
    paths = [
        f'<path class="s{k % INKS}" d="{path_data(stroke, 1)}"/>'
        for k, stroke in enumerate(simplify_strokes(drawing.strokes, unit / 3))
    ]
    head = f'<svg viewBox="0 0 {width} {height}" stroke-width="{pen}" role="img" aria-label="its strokes">'
    return f"{head}{''.join(paths)}</svg>"


def _evenly(n: int, most: int) -> list[int]:
    """Return at most ``most`` of ``n`` indices, evenly spread."""
    return sorted({k * n // most for k in range(most)}) if n > most else list(range(n))


def _read_json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
