"""Make toy drawings, learn them, draw, and show it all on a page that stands early and grows."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from limner.corpus.corpus import Corpus
from limner.corpus.load import load_corpus
from limner.demo.base_drawings import BY_CLASS, GOES_ON, show_base
from limner.demo.exhibition import (
    AFTER,
    CURVE_TEXT,
    DREW,
    MORPH,
    NEXT,
    REDRAWN,
    TAUGHT,
    WORK,
    drew_exhibit,
    show_exhibition,
    taught_exhibit,
)
from limner.demo.growing_page import GrowingPage, looking_on
from limner.demo.training_view import CURVE, TrainingView
from limner.errors import LimnerError
from limner.files import explained, make_folder, remove_empty
from limner.render.style import DEFAULT_STYLE, Style
from limner.sampling.model import Model, load_model
from limner.training.presets import PRESETS
from limner.training.run import TrainingOutcome, train

CORPUS = "doodles"
SECONDS = 245.0
"""Default time limit of the training, about four minutes."""
SHORT = 0.6
"""Share of it below which the page says that the time was short."""
LICENCE = "CC0-1.0; trained on toy drawings that limner makes itself"
TITLE = "A machine learns to doodle"
STAGES = ("A base that knows how people draw", "Toy drawings", "Learning", "Drawing")
BEGUN, TOYS, LEARNING, DRAWING = STAGES
ORDER = (DREW, BY_CLASS, GOES_ON, TAUGHT, REDRAWN, AFTER, MORPH, WORK, CURVE, NEXT)


def run_demo(
    out: Path, *, seconds: float = SECONDS, max_steps: int | None = None, seed: int = 0,
    style: Style = DEFAULT_STYLE, say: Callable[[str], None],
) -> TrainingOutcome:  # fmt: skip
    """Run the whole road into the folder ``out``.

    The page stands before the training begins, with what the base draws, and grows with each validation.

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
    page = GrowingPage(out / "index.html", TITLE, "", stages=STAGES, order=ORDER)
    try:
        return _Demo(out, page, seconds, max_steps, seed, style, say).go()
    except KeyboardInterrupt:
        page.break_off("Interrupted.")
        raise
    except BaseException as error:
        page.break_off(str(error))
        if not run.exists():  # nothing came of it
            page.path.unlink(missing_ok=True)
            remove_empty(made)
        raise


@dataclass(frozen=True)
class _Demo:
    out: Path
    page: GrowingPage
    seconds: float
    max_steps: int | None
    seed: int
    style: Style
    say: Callable[[str], None]

    def go(self) -> TrainingOutcome:
        """Go through all stages."""
        self._show_base()
        self.say("Making 10,000 toy drawings ...")
        self.page.stage(TOYS, "They are being made.")
        corpus = load_corpus(CORPUS)
        n = len(corpus.splits["train"])
        self.page.show(taught_exhibit(corpus, self.seed))
        self.page.stage(TOYS, f"{n:,} of sixteen kinds, made by small recipes with a shaky hand.", "done")
        outcome, learnt_s = self._learn(corpus)
        self.page.stage(LEARNING, f"{facts_sentence(outcome)} {time_sentence(learnt_s)}", "done")
        self.say("Drawing ...")
        self.page.stage(DRAWING, "It draws.")
        show_exhibition(self.page, self.out, load_model(self.out / "run"), corpus, self.seed, self.style)
        self.page.stage(DRAWING, "All below was made on this computer a moment ago.", "done")
        self.page.end()
        return outcome

    def _show_base(self) -> None:
        """Let the page stand, with what the base draws."""
        self.say(f"Open {shlex.quote(str(self.page.path))} in a browser: the page grows while this works.")
        self.page.stage(BEGUN, "It draws what it knows already.")
        if show_base(self.page.show, self.seed):
            self.page.stage(BEGUN, "What it draws, and how it goes on, stands below.", "done")
        else:
            self.page.stage(BEGUN, "This installation has none; the toys are learnt from nothing.", "done")

    def _learn(self, corpus: Corpus) -> tuple[TrainingOutcome, float]:
        """Train; return the outcome, and how long it took."""
        self.say(f"Learning {len(corpus):,} toy drawings, for {self.seconds / 60:.1f} minutes at most ...")
        self.page.stage(LEARNING, "It begins, from nothing.")
        preset = PRESETS["demo"]
        config = replace(preset, seed=self.seed, max_steps=self.max_steps or preset.max_steps)
        view = TrainingView(self.page, LEARNING, self.out / "run", self.seconds, CURVE_TEXT, self._draw)
        begun = time.monotonic()
        with looking_on(view.look):
            outcome = train(
                corpus, self.out / "run", config, corpus_names=[CORPUS], seconds=self.seconds, licence=LICENCE
            )
        view.show_curve()
        return outcome, time.monotonic() - begun

    def _draw(self, model: Model, step: int) -> None:
        self.page.show(drew_exhibit(model, self.seed, f"So far, after {step:,} steps: nobody drew these."))


def facts_sentence(outcome: TrainingOutcome) -> str:
    """Return how a training ended."""
    return (
        f"The model learned in {outcome.step:,} steps and was best after {outcome.best_step:,} "
        f"(L_R + w L_KL = {outcome.best_cost:.3f}, N_max {outcome.n_max})."
    )


def time_sentence(learnt_s: float) -> str:
    """Return how long a model was trained, and, if that was much shorter than usual, what follows from it."""
    minutes = max(1, round(learnt_s / 60))
    span = f"{learnt_s:.0f} seconds" if learnt_s < 50 else f"{minutes} minute{'' if minutes == 1 else 's'}"
    if learnt_s > SHORT * SECONDS:
        return f"It learned for {span}."
    return f"It learned for only {span}: with the usual {SECONDS / 60:.0f} minutes it draws better."
