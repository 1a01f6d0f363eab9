"""What the demo shows of the toys and of the model that learnt them."""

from __future__ import annotations

import shlex
from pathlib import Path

from limner.corpus.corpus import Corpus
from limner.corpus.select import beginning_of, select_drawings
from limner.demo.gallery import Exhibit, ExhibitCard, GalleryFilm, ShellCommand
from limner.demo.growing_page import GrowingPage
from limner.files import write_bytes
from limner.render.gif import morph_to_gif, sheet_to_gif
from limner.render.style import Style
from limner.render.write import write_drawings
from limner.sampling.model import Model
from limner.strokes.drawing import Drawing

COLUMNS = 8
PICKED = 400
"""Drawings among which one of each kind is looked for: 25 are expected of each of the sixteen kinds."""
TEMPERATURE = 0.25
SOME = 2 * COLUMNS
"""Samples of a model in training."""

DREW, TAUGHT, REDRAWN = "What it drew", "What it was taught", "What it keeps of a drawing"
AFTER, MORPH, WORK, NEXT = "How it goes on", "Between two drawings", "The hand at work", "Go on"
ABOUT_DRAWN = "Nobody drew these: the model made them up, point by point. Point at one to see it drawn."
CURVE_TEXT = (
    "L_R, how much each point surprised the model, over the steps of the training; lower is better. "
    "Grey: the doodles it was taught. Coloured: doodles that were kept from it."
)


def show_exhibition(
    page: GrowingPage, out: Path, model: Model, corpus: Corpus, seed: int, style: Style
) -> None:
    """Draw with a model that was trained; write the pictures, and show all on the page."""
    drawn = model.sample(6 * COLUMNS, temperature=TEMPERATURE, seed=seed)
    page.show(drawn_exhibit(drawn, ABOUT_DRAWN))
    page.write()
    write_drawings(drawn, out / "samples.svg", style=style, columns=COLUMNS)
    write_drawings(drawn, out / "samples.png", style=style, columns=COLUMNS)
    few = of_each_kind(corpus, "test", seed)[:COLUMNS]
    page.show(redrawn_exhibit(model, few, seed))
    page.show(after_exhibit(model, few[0], seed))
    morph = model.interpolate(few[2], few[6], 2 * COLUMNS, temperature=0.1, seed=seed, unit=1.0)
    page.show(morph_exhibit(morph))
    write_bytes(out / "drawing.gif", sheet_to_gif(drawn[:COLUMNS], style=style, columns=4))
    write_bytes(out / "morph.gif", morph_to_gif(morph, style=style))
    page.show(work_exhibit())
    page.show(next_exhibit(out / "run"))


def drew_exhibit(model: Model, seed: int, text: str) -> Exhibit:
    """Draw with a model in training, and return the exhibit."""
    return drawn_exhibit(model.sample(SOME, temperature=TEMPERATURE, seed=seed), text)


def drawn_exhibit(drawings: list[Drawing], text: str) -> Exhibit:
    """Return the exhibit of samples."""
    return Exhibit(DREW, text, [ExhibitCard((drawing,), drawing.label or "") for drawing in drawings])


def taught_exhibit(corpus: Corpus, seed: int) -> Exhibit:
    """Return the exhibit of the toys."""
    return Exhibit(
        TAUGHT,
        f"One of each kind; there are {len(corpus.splits['train']):,} doodles, made by small recipes with a "
        "shaky hand.",
        [ExhibitCard((one,), one.label or "") for one in of_each_kind(corpus, "train", seed)],
    )


def redrawn_exhibit(model: Model, few: list[Drawing], seed: int) -> Exhibit:
    """Redraw toys that were kept from the model, and return the exhibit."""
    redrawn = model.reconstruct(few, temperature=0.1, seed=seed, unit=1.0)
    return Exhibit(
        REDRAWN,
        "Above, a doodle that it has never seen; below, what it draws from the "
        f"{model.card.config.latent_size} numbers that it kept of it.",
        [ExhibitCard(pair, pair[0].label or "") for pair in zip(few, redrawn, strict=True)],
    )


def after_exhibit(model: Model, drawing: Drawing, seed: int) -> Exhibit:
    """Complete the beginning of a toy, and return the exhibit."""
    beginning, cut = beginning_of(drawing, 0.4)
    completed = model.complete(beginning, COLUMNS, temperature=0.4, seed=seed, lift=not cut, unit=1.0)
    return Exhibit(
        AFTER,
        "The coloured beginning was given; the rest is what the model made of it.",
        [ExhibitCard((one,), one.label or "", given=beginning) for one in completed],
    )


def morph_exhibit(morph: list[Drawing]) -> Exhibit:
    """Return the exhibit of a morph."""
    return Exhibit(
        MORPH,
        "From the first to the last in even steps through the model's idea of a drawing.",
        [ExhibitCard((drawing,)) for drawing in morph],
    )


def work_exhibit() -> Exhibit:
    """Return the exhibit of the films beside the page."""
    return Exhibit(
        WORK,
        "Strokes in the order in which the model makes them, and a slow walk from one drawing to another.",
        films=(
            GalleryFilm("drawing.gif", "Eight drawings, stroke by stroke"),
            GalleryFilm("morph.gif", "From one drawing to another"),
        ),
    )


def next_exhibit(run: Path) -> Exhibit:
    """Return the exhibit of what to type next."""
    name = shlex.quote(str(run))
    return Exhibit(
        NEXT,
        "",
        commands=(
            ShellCommand("other drawings", f"limner sample {name} -n 16 --out more.svg"),
            ShellCommand("several completions of a beginning", f"limner complete {name} --out ways.svg"),
            ShellCommand("from one drawing to another", f"limner interpolate {name} --out morph.gif"),
            ShellCommand("your own hand, from a folder of drawings", "limner learn sketchbook/ --out mine"),
        ),
    )


def of_each_kind(corpus: Corpus, split: str, seed: int) -> list[Drawing]:
    """Pick a drawing of each label."""
    return list({drawing.label: drawing for drawing in select_drawings(corpus, split, PICKED, seed)}.values())
