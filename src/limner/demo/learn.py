"""``learn``: from pictures, SVG files or a corpus to a model that draws in the same hand, in one go."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from shutil import rmtree
from typing import Any, get_args

from limner.corpus.corpus import Corpus
from limner.corpus.load import load_corpus
from limner.corpus.text import counted
from limner.demo.growing_page import GrowingPage, looking_on
from limner.demo.learn_exhibits import CURVE_TEXT, learnt_exhibit, left_out_exhibit, pages_exhibit
from limner.demo.learn_page import DRAWING, LEARNING, READING, READY, new_page
from limner.demo.learn_pictures import show_base, show_hand, show_meanwhile
from limner.demo.learn_record import NAME as RECORD_NAME
from limner.demo.learn_record import LearnOutcome, LearnRecord, record_to_go_on
from limner.demo.make_ready import make_ready
from limner.demo.material import Material, find_material
from limner.demo.training_view import TrainingView
from limner.errors import LimnerError
from limner.files import explained, make_folder, remove_empty, whole_place
from limner.progress import Progress, no_progress
from limner.render.style import DEFAULT_STYLE, Style
from limner.sampling.model import Model, load_model
from limner.training.api import TrainOptions, train
from limner.training.config import KeepBy
from limner.training.presets import PRESETS, find_preset
from limner.training.run import TrainingOutcome
from limner.training.run_folder import CHECKPOINT_NAME
from limner.training.status import read_status

HAND, WITHOUT = "hand", "fast"
"""The preset for a handful of drawings, and the one that stands in."""
MINUTES = 10.0
LEAST_SECONDS = 20.0
"""Training time of a run that is gone on with, at least."""


def learn(
    sources: str | Path | Sequence[str | Path], out: str | Path, *, minutes: float = MINUTES,
    preset: str | None = None, recipe: str | Path | None = None, seed: int = 0, style: Style = DEFAULT_STYLE,
    say: Callable[[str], object] = lambda _: None, progress: Progress = no_progress, quiet: bool = True,
) -> LearnOutcome:  # fmt: skip
    """Learn to draw in the hand of some drawings, and show on a page what came of every step.

    Parameters
    ----------
    sources : str, Path or sequence of them
        Pictures, SVG files and corpora, or folders of them.
    out : str or Path
        A new folder, or one whose work was interrupted. It gets ``index.html``, ``strokes/`` of pictures,
        ``corpus.parquet`` with its report, the run ``run``, ``samples.png``, ``samples.svg`` and
        ``drawing.gif``.
    minutes : float
        Time limit of the training.
    preset : str, optional
        Settings of the training; those for a handful of drawings unless given.
    recipe : str or Path, optional
        How drawings are made ready; what fits unless given, see :func:`limner.demo.material.find_material`.
    seed : int
        Of everything.
    style : Style
        Of the pictures beside the page.
    say : callable
        Called with a sentence about what begins.
    progress : callable
        Is told how many pictures, and then how many bytes, have been read.
    quiet : bool
        Whether the training shows no progress.

    Raises
    ------
    LimnerError
        If there is nothing to learn from, or the folder cannot be used.
    """
    names = [sources] if isinstance(sources, (str, Path)) else list(sources)
    folder = Path(out)
    material = find_material(names, recipe)
    preset = preset or (HAND if HAND in PRESETS else WITHOUT)
    find_preset(preset)
    places = tuple(str(whole_place(name)) for name in material.names)
    record = LearnRecord(places, material.recipe.name, preset, seed, minutes)
    old = record_to_go_on(folder, record)
    record = record if old is None else replace(old, minutes=minutes)
    _check_apart(folder, material)
    with explained(folder):
        made = make_folder(folder)
    work = _Learning(folder, material, record, style, say, progress, quiet=quiet)
    return work.go(made)


def _check_apart(out: Path, material: Material) -> None:
    """Refuse a folder within the drawings: what is written there would be learnt from, too."""
    for name in material.names:
        if Path(name).is_dir() and Path(name).resolve() in (out.resolve(), *out.resolve().parents):
            raise LimnerError(f"{out} lies within {name}; name a folder outside of it with --out.")


@dataclass
class _Learning:
    """The work, stage by stage."""

    out: Path
    material: Material
    record: LearnRecord
    style: Style
    say: Callable[[str], object]
    progress: Progress
    quiet: bool
    page: GrowingPage = field(init=False)

    def __post_init__(self) -> None:
        self.page = new_page(self.out, self.material, self.record)

    @property
    def corpus(self) -> Path:
        """The corpus file."""
        return self.out / "corpus.parquet"

    @property
    def strokes(self) -> Path:
        """The folder of the pages as strokes."""
        return self.out / "strokes"

    @property
    def run(self) -> Path:
        """The run folder."""
        return self.out / "run"

    def go(self, made: list[Path]) -> LearnOutcome:
        """Go through all stages; what has been done already is not done again."""
        self.say(f"{self.page.text} Open {self.page.path} in a browser: it grows while this works.")
        try:
            self._make_ready()
            corpus = self._show_material()
            training = ended_already(self.run) or self._learn(len(corpus))
            return self._draw(corpus, training)
        except KeyboardInterrupt:
            self.page.break_off("Interrupted; the same command goes on.")
            raise
        except BaseException as error:
            self.page.break_off(str(error))
            if not self.record.drawings:
                self._clear()
                remove_empty(made)
            raise

    def _keep(self, **changes: Any) -> None:
        self.record = replace(self.record, **changes)
        self.record.write(self.out)

    def _clear(self) -> None:
        """Remove the files of a work that came to nothing."""
        rmtree(self.strokes, ignore_errors=True)
        for path in (self.page.path, self.out / RECORD_NAME, *self.out.glob(f"{self.corpus.stem}.*")):
            path.unlink(missing_ok=True)

    def _make_ready(self) -> None:
        """Read the drawings, if that is not done already."""
        if self.record.drawings:
            return
        self._keep()
        made_ready = make_ready(
            self.material, self.strokes, self.corpus, seed=self.record.seed, page=self.page,
            progress=self.progress,
        )  # fmt: skip
        self._keep(**asdict(made_ready))

    def _show_material(self) -> Corpus:
        """Show what is learnt from, told from the files."""
        corpus = load_corpus(self.corpus)
        if self.record.pages:
            self.page.show(pages_exhibit(self.strokes))
            text = f"{counted(self.record.pages, 'page')} read as strokes"
            lost = len(self.record.unread)
            self.page.stage(READING, f"{text}, {lost} could not be read." if lost else f"{text}.", "done")
        self.page.show(left_out_exhibit(self.corpus, self.record.unread))
        self.page.show(learnt_exhibit(corpus))
        self.page.stage(READY, f"{counted(len(corpus), 'drawing')} to learn from.", "done")
        return corpus

    # Learning -------------------------------------------------------------------------------------

    def _learn(self, n: int) -> TrainingOutcome:
        """Train, or go on with it."""
        seconds = max(60 * self.record.minutes - self.record.trained_s, LEAST_SECONDS)
        resume = (self.run / CHECKPOINT_NAME).is_file()
        self.say(f"Learning {counted(n, 'drawing')} for {seconds / 60:.1f} minutes at most ...")
        self.page.stage(LEARNING, "It begins.")
        show_base(self.page, self.record.seed)
        view = TrainingView(self.page, LEARNING, self.run, seconds, CURVE_TEXT, self._draw_meanwhile)
        begun = time.monotonic()
        with looking_on(view.look):
            run = train(
                self.corpus, self.run, preset=self.record.preset, resume=resume, minutes=seconds / 60,
                quiet=self.quiet, **({} if resume else options_for(self.record)),
            )  # fmt: skip
        view.show_curve()
        self._keep(trained_s=self.record.trained_s + time.monotonic() - begun)
        if run.outcome is None:
            raise LimnerError(f"{run.folder} was not trained.")
        return run.outcome

    def _draw_meanwhile(self, model: Model, step: int) -> None:
        show_meanwhile(self.page, model, step, self.record.seed)

    # Drawing --------------------------------------------------------------------------------------

    def _draw(self, corpus: Corpus, training: TrainingOutcome) -> LearnOutcome:
        """Draw with what was learnt, and finish the page."""
        state = "stopped" if training.interrupted else "done"
        self.page.stage(LEARNING, self._ending(training), state)
        self.say("Drawing ...")
        self.page.stage(DRAWING, "It draws.")
        show_hand(self.page, self.out, load_model(self.run), corpus, self.record, self.style)
        self._keep(finished=not training.interrupted)
        self.page.stage(DRAWING, "It draws: see below. The last section says what to type next.", "done")
        self.page.end()
        return self._outcome(training)

    def _ending(self, training: TrainingOutcome) -> str:
        minutes = (
            f"{self.record.trained_s / 60:.0f} minutes" if self.record.trained_s > 90 else "a short time"
        )
        text = f"{training.step:,} steps in {minutes}; kept are the weights of step {training.best_step:,}."
        return f"Interrupted after {text} The same command goes on." if training.interrupted else text

    def _outcome(self, training: TrainingOutcome) -> LearnOutcome:
        record = self.record
        return LearnOutcome(
            page=str(self.page.path), run=str(self.run), corpus=str(self.corpus), pages=record.pages,
            unread=record.unread, drawings=record.drawings, recipe=record.recipe, preset=record.preset,
            minutes=round(record.trained_s / 60, 2), step=training.step, best_step=training.best_step,
            interrupted=training.interrupted,
        )  # fmt: skip


def ended_already(run: Path) -> TrainingOutcome | None:
    """Return how a training ended that has run to its end; None if there is still something to do."""
    status = read_status(run)
    if status is None or status.state != "finished" or status.best_step is None:
        return None
    cost = math.nan if status.best_cost is None else status.best_cost
    rule: KeepBy = next((name for name in get_args(KeepBy) if name == status.kept_by), "last")
    return TrainingOutcome(status.step, status.best_step, cost, rule, n_max=0, interrupted=False)


def options_for(record: LearnRecord) -> TrainOptions:
    """Return the settings over the preset's: ``fast`` begins with what a line is."""
    begun: TrainOptions = {"train": {"init_from": "doodles"}} if record.preset == WITHOUT else {}
    return {**begun, "seed": record.seed}
