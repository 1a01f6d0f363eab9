"""What is drawn while a hand is learned, and after it: on the page, and in files beside it."""

from __future__ import annotations

from pathlib import Path

from limner.corpus.corpus import Corpus
from limner.demo.base_drawings import load_base, sampling_for
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
from limner.sampling.model import Model

COLUMNS = 8
DRAWN, BASE_DRAWN = 3 * COLUMNS, 2 * COLUMNS
"""Samples of the hand, and of the base."""
ABOUT_DRAWN = "Nobody drew these: it made them up, point by point. Point at one to see it drawn."


def show_base(page: GrowingPage, seed: int) -> None:
    """Show what the base draws, as far as this installation has it."""
    base = load_base()
    if base is not None:
        drawn = base.sample(BASE_DRAWN, seed=seed, sampling_config=sampling_for(base), label="anything")
        page.show(before_exhibit(drawn))
        page.write()


def show_meanwhile(page: GrowingPage, model: Model, step: int, seed: int) -> None:
    """Show a few drawings of a model in training."""
    drawn = model.sample(COLUMNS, seed=seed, sampling_config=sampling_for(model))
    page.show(now_exhibit(drawn, f"So far, after {step:,} steps."))


def show_hand(
    page: GrowingPage, out: Path, model: Model, corpus: Corpus, record: LearnRecord, style: Style
) -> None:
    """Show what was learned; write ``samples.svg``, ``samples.png`` and ``drawing.gif`` into a folder."""
    drawn = model.sample(DRAWN, seed=record.seed, sampling_config=sampling_for(model))
    page.show(now_exhibit(drawn, ABOUT_DRAWN))
    page.write()
    for name in ("samples.svg", "samples.png"):
        write_drawings(drawn, out / name, style=style, columns=COLUMNS)
    write_bytes(out / "drawing.gif", sheet_to_gif(drawn[:COLUMNS], style=style, columns=4))
    page.show(work_exhibit())
    page.show(beginnings_exhibit(model, corpus, record.seed))
    page.show(next_exhibit(out, out / "corpus.parquet", record.minutes))
