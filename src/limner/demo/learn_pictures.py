"""What is drawn while a hand is learned, and after it: on the page, and in files beside it."""

from __future__ import annotations

from pathlib import Path

from limner.corpus.corpus import Corpus
from limner.demo.base_drawings import draw, load_base
from limner.demo.growing_page import GrowingPage
from limner.demo.learn_exhibits import (
    before_exhibit,
    beginnings_exhibit,
    next_exhibit,
    now_exhibit,
    work_exhibit,
)
from limner.demo.learn_record import LearnRecord
from limner.files import write_bytes
from limner.render.gif import sheet_to_gif
from limner.render.style import Style
from limner.render.write import write_drawings
from limner.sampling.model import Model, load_model
from limner.training.api import Run

COLUMNS = 8
DRAWN, BASE_DRAWN = 3 * COLUMNS, 2 * COLUMNS
"""Samples of the hand, and of the base."""
TIME_SHARE = 0.95
"""Share of the time limit from which on it was the time that ended a training."""
ABOUT_DRAWN = "Nobody drew these: it made them up, point by point. Point at one to see it drawn."


def show_base(page: GrowingPage, seed: int) -> None:
    """Show what the base draws, as far as this installation has it."""
    base = load_base()
    if base is not None:
        drawn = draw(base, BASE_DRAWN, label="anything", seed=seed)
        page.show(before_exhibit(drawn))
        page.write()


def show_meanwhile(page: GrowingPage, model: Model, step: int, seed: int) -> None:
    """Show a few drawings of a model in training."""
    drawn = draw(model, COLUMNS, seed=seed)
    page.show(now_exhibit(drawn, f"So far, after {step:,} steps."))


def show_hand(
    page: GrowingPage, out: Path, corpus: Corpus, record: LearnRecord, step: int, style: Style
) -> None:
    """Show what was learned in ``step`` steps; write ``samples.svg``, ``samples.png`` and ``drawing.gif``."""
    model = load_model(out / "run")
    drawn = draw(model, DRAWN, seed=record.seed)
    page.show(now_exhibit(drawn, ABOUT_DRAWN))
    page.write()
    for name in ("samples.svg", "samples.png"):
        write_drawings(drawn, out / name, style=style, columns=COLUMNS)
    write_bytes(out / "drawing.gif", sheet_to_gif(drawn[:COLUMNS], style=style, columns=4))
    page.show(work_exhibit())
    page.show(beginnings_exhibit(model, corpus, record.seed))
    late = record.trained_s > TIME_SHARE * 60 * record.minutes
    longer = 2 * record.minutes if late and step < Run(out / "run").config.max_steps else None
    page.show(next_exhibit(out, out / "corpus.parquet", record.names, longer=longer))
