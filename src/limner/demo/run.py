"""Make toy drawings, learn them, draw, and show it all."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from limner.corpus.corpus import Corpus
from limner.corpus.load import load_corpus
from limner.corpus.select import beginning_of, select_drawings
from limner.demo.gallery import Exhibit, ExhibitCard, Gallery, GalleryFilm, write_gallery
from limner.errors import LimnerError
from limner.files import explained, make_folder, remove_empty, write_bytes
from limner.render.gif import morph_to_gif, sheet_to_gif
from limner.render.style import DEFAULT_STYLE, Style
from limner.render.write import write_drawings
from limner.sampling.model import Model, load_model
from limner.strokes.drawing import Drawing
from limner.training.presets import PRESETS
from limner.training.run import TrainingOutcome, train

CORPUS = "doodles"
COLUMNS = 8
PICKED = 400
"""Drawings among which one of each kind is looked for: 25 are expected of each of the sixteen kinds."""
SECONDS = 245.0
"""Default time limit of the training, about four minutes."""
SHORT = 0.6
"""Share of it below which the page says that the time was short."""
LICENCE = "CC0-1.0; trained on toy drawings that limner makes itself"


@dataclass(frozen=True)
class Pictures:
    """What the demo shows."""

    taught: list[Drawing]
    drawn: list[Drawing]
    pairs: list[tuple[Drawing, Drawing]]
    beginning: Drawing
    completed: list[Drawing]
    morph: list[Drawing]
    latent_size: int


def run_demo(
    out: Path, *, seconds: float = SECONDS, max_steps: int | None = None, seed: int = 0,
    style: Style = DEFAULT_STYLE, say: Callable[[str], None],
) -> TrainingOutcome:  # fmt: skip
    """Run the whole road into the folder ``out``.

    Parameters
    ----------
    out : Path
        Gets ``index.html``, ``samples.svg``, ``samples.png``, ``drawing.gif``, ``morph.gif`` and the run.
    seconds : float
        Time limit for the training.
    max_steps : int, optional
        Of the training; the preset's unless given.
    seed : int
        Of everything.
    style : Style
        Of the pictures and animations beside the page.
    say : callable
        Called with a sentence about each stage before it begins.

    Raises
    ------
    LimnerError
        If ``out`` holds a run already, or cannot be written.
    """
    run = out / "run"
    if run.exists():
        raise LimnerError(f"{run} exists already; name another folder, or remove it first.")
    if out.is_file():
        raise LimnerError(f"{out} is a file; name a folder for the demo.")
    with explained(out):
        made = make_folder(out)
    try:
        return _run_into(out, run, seconds, max_steps, seed, style, say)
    except BaseException:
        remove_empty(made)
        raise


def _run_into(
    out: Path, run: Path, seconds: float, max_steps: int | None, seed: int, style: Style,
    say: Callable[[str], None],
) -> TrainingOutcome:  # fmt: skip
    say("Making 10,000 toy drawings ...")
    corpus = load_corpus(CORPUS)
    say(f"Learning them, for {seconds / 60:.1f} minutes at most ...")
    preset = PRESETS["demo"]
    config = replace(preset, seed=seed, max_steps=max_steps or preset.max_steps)
    begun = time.monotonic()
    outcome = train(corpus, run, config, corpus_names=[CORPUS], seconds=seconds, licence=LICENCE)
    learnt_s = time.monotonic() - begun
    say("Drawing ...")
    write_exhibition(out, load_model(run), corpus, outcome, seed, learnt_s, style)
    return outcome


def write_exhibition(
    out: Path, model: Model, corpus: Corpus, outcome: TrainingOutcome, seed: int, learnt_s: float,
    style: Style = DEFAULT_STYLE,
) -> None:  # fmt: skip
    """Draw with a model that was trained for ``learnt_s`` seconds; write the pictures and the gallery."""
    pictures = draw_all(model, corpus, seed)
    write_drawings(pictures.drawn, out / "samples.svg", style=style, columns=COLUMNS)
    write_drawings(pictures.drawn, out / "samples.png", style=style, columns=COLUMNS)
    write_bytes(out / "drawing.gif", sheet_to_gif(pictures.drawn[:COLUMNS], style=style, columns=4))
    write_bytes(out / "morph.gif", morph_to_gif(pictures.morph, style=style))
    write_gallery(out / "index.html", _gallery(pictures, corpus, outcome, out / "run", learnt_s))


def time_sentence(learnt_s: float) -> str:
    """Return how long a model was trained, and, if that was much shorter than usual, what follows from it."""
    minutes = max(1, round(learnt_s / 60))
    span = f"{learnt_s:.0f} seconds" if learnt_s < 50 else f"{minutes} minute{'' if minutes == 1 else 's'}"
    if learnt_s > SHORT * SECONDS:
        return f"It learned for {span}."
    return f"It learned for only {span}: with the usual {SECONDS / 60:.0f} minutes it draws better."


def draw_all(model: Model, corpus: Corpus, seed: int) -> Pictures:
    """Sample, reconstruct, complete and morph."""
    few = _of_each_kind(corpus, "test", seed)[:COLUMNS]
    redrawn = model.reconstruct(few, temperature=0.1, seed=seed, unit=1.0)
    beginning, cut = beginning_of(few[0], 0.4)
    return Pictures(
        taught=_of_each_kind(corpus, "train", seed),
        drawn=model.sample(6 * COLUMNS, temperature=0.25, seed=seed),
        pairs=list(zip(few, redrawn, strict=True)),
        beginning=beginning,
        completed=model.complete(beginning, COLUMNS, temperature=0.4, seed=seed, lift=not cut, unit=1.0),
        morph=model.interpolate(few[2], few[6], 2 * COLUMNS, temperature=0.1, seed=seed, unit=1.0),
        latent_size=model.card.config.latent_size,
    )


def _of_each_kind(corpus: Corpus, split: str, seed: int) -> list[Drawing]:
    """Pick a drawing of each label."""
    return list({drawing.label: drawing for drawing in select_drawings(corpus, split, PICKED, seed)}.values())


def _exhibits(pictures: Pictures, n: int) -> tuple[Exhibit, ...]:
    """Return the exhibits of a model that was trained on ``n`` drawings."""
    return (
        Exhibit(
            "What it drew",
            "Nobody drew these: the model made them up, point by point. Point at one to see it drawn.",
            [ExhibitCard((drawing,), drawing.label or "") for drawing in pictures.drawn],
        ),
        Exhibit(
            "What it was taught",
            f"One of each kind; there were {n:,} doodles, made by small recipes with a shaky hand.",
            [ExhibitCard((drawing,), drawing.label or "") for drawing in pictures.taught],
        ),
        Exhibit(
            "What it keeps of a drawing",
            "Above, a doodle that it has never seen; below, what it draws from the "
            f"{pictures.latent_size} numbers that it kept of it.",
            [ExhibitCard(pair, pair[0].label or "") for pair in pictures.pairs],
        ),
        Exhibit(
            "How it goes on",
            "The coloured beginning was given; the rest is what the model made of it.",
            [
                ExhibitCard((drawing,), drawing.label or "", given=pictures.beginning)
                for drawing in pictures.completed
            ],
        ),
        Exhibit(
            "Between two drawings",
            "From the first to the last in even steps through the model's idea of a drawing.",
            [ExhibitCard((drawing,)) for drawing in pictures.morph],
        ),
    )


def _gallery(
    pictures: Pictures, corpus: Corpus, outcome: TrainingOutcome, run: Path, learnt_s: float
) -> Gallery:
    return Gallery(
        exhibits=_exhibits(pictures, len(corpus.splits["train"])),
        films=(
            GalleryFilm("drawing.gif", "Eight drawings, stroke by stroke"),
            GalleryFilm("morph.gif", "From one drawing to another"),
        ),
        metrics=run / "metrics.csv",
        facts=(
            f"The model learned in {outcome.step:,} steps and was best after {outcome.best_step:,} "
            f"(L_R + w L_KL = {outcome.best_cost:.3f}, N_max {outcome.n_max}). {time_sentence(learnt_s)}"
        ),
        run=str(run),
    )
