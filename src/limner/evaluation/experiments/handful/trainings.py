"""Trainings of hands: each trained and judged once, in a folder of its own."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from limner.evaluation.experiments.handful.hands import Hand
from limner.evaluation.experiments.handful.judging import Judging, shown
from limner.evaluation.experiments.handful.starts import Start, untrained
from limner.files import write_text
from limner.render.style import Style
from limner.render.write import write_drawings
from limner.sampling.model import Model, load_model
from limner.sampling.remember import with_memory
from limner.training.api import train
from limner.training.clock import counting_processor_time
from limner.training.run_folder import CHECKPOINT_NAME

TRAINED, JUDGED, SHEET, MEMORY = "trained.json", "judged.json", "samples.png", "memory"
STYLE = Style(stroke_width=0.012)
SHOWN, COLUMNS = 24, 6
"""Drawings on a sheet, and in a row of it."""


@dataclass(frozen=True)
class TrainingLimits:
    """How long every training may take."""

    minutes: float = 10.0
    """Of the processor: those of one thread are minutes on a machine without other work."""
    steps: int | None = None
    """At most, however many a preset says."""
    threads: int = 1

    @property
    def words(self) -> str:
        """The limits, as part of a folder's name."""
        return f"{self.minutes:g}min" + (f"-{self.steps}steps" if self.steps else "")


@dataclass(frozen=True, eq=False)
class HandTraining:
    """A training that is to be done and judged."""

    hand: Hand
    start: Start
    seed: int
    out: Path
    limits: TrainingLimits
    judging: Judging

    @property
    def folder(self) -> Path:
        """The run's folder; other limits make another run, as schedules are fitted to the time."""
        words = f"-seed{self.seed}-{self.limits.words}" if self.start.preset else ""
        return self.out / self.hand.folder / f"{self.start.name}{words}"


@dataclass(frozen=True)
class HandResult:
    """A line of the table."""

    hand: str
    group: str
    size: int
    start: str
    seed: int
    figures: dict[str, float]
    sheet: Path


def trainings_of(
    hands: Sequence[Hand],
    starts: Sequence[Start],
    *,
    seeds: Sequence[int],
    out: Path,
    limits: TrainingLimits,
    judging: Judging,
) -> Iterator[HandTraining]:
    """Yield all trainings, first seeds first, so that an early end compares; then what is not trained.

    Parameters
    ----------
    hands : sequence of Hand
    starts : sequence of Start
    seeds : sequence of int
        Those of each hand unless given.
    out : Path
        Folder of the runs.
    limits : TrainingLimits
    judging : Judging
    """
    wanted = [(hand, tuple(seeds) or hand.seeds) for hand in hands]
    trained = [start for start in starts if start.preset]
    for k in range(max((len(each) for _, each in wanted), default=0)):
        for hand, each in wanted:
            for start in trained if k < len(each) else ():
                yield HandTraining(hand, start, each[k], out, limits, judging)
    for hand, start in product(hands, starts):
        if not start.preset:
            yield HandTraining(hand, start, 0, out, limits, judging)


def finish(training: HandTraining) -> list[HandResult]:
    """Train and judge, or read what earlier calls did of it; once more with a memory, if it is to be.

    Raises
    ------
    LimnerError
        If the training fails.
    KeyboardInterrupt
        After Ctrl-C, once the interrupted training is saved; the next call resumes it.
    """
    trained = _trained(training)
    ways = (False, True) if training.start.remembers else (False,)
    return [_judged(training, trained, memory=memory) for memory in ways]


def _judged(training: HandTraining, trained: dict[str, float], *, memory: bool) -> HandResult:
    folder = training.folder / MEMORY if memory else training.folder
    path, basis = folder / JUDGED, {**training.judging.basis(), **trained}
    figures = _kept(path, basis)
    if figures is None:
        model = (
            load_model(training.folder)
            if training.start.preset
            else untrained(training.start.model, training.hand)
        )
        model = Model(model.network, model.card)  # what a hand remembers is judged apart
        model = with_memory(model, training.hand.drawings()) if memory else model
        figures, drawings = training.judging.judge(model, training.hand)
        folder.mkdir(exist_ok=True)
        write_drawings(shown(drawings, SHOWN), folder / SHEET, style=STYLE, columns=COLUMNS)
        write_text(path, json.dumps({"basis": basis, "figures": figures}, indent=1) + "\n")
    name = f"{training.start.name}, {MEMORY}" if memory else training.start.name
    hand = training.hand
    return HandResult(
        hand.name, hand.group, hand.size, name, training.seed, figures | trained, folder / SHEET
    )


def _trained(training: HandTraining) -> dict[str, float]:
    """Train, or go on; return its steps, and minutes by the clock and of the processor."""
    path = training.folder / TRAINED
    before: dict[str, Any] = {
        "minutes": 0.0,
        "processor": 0.0,
        "steps": 0,
        "done": training.start.preset is None,
    }
    if path.is_file():
        before |= json.loads(path.read_text(encoding="utf-8"))
    if not before["done"]:
        before = _go_on(training, before)
        training.folder.mkdir(parents=True, exist_ok=True)
        write_text(path, json.dumps(before) + "\n")
        if not before["done"]:
            raise KeyboardInterrupt
    training.folder.mkdir(parents=True, exist_ok=True)
    return {name: value for name, value in before.items() if name != "done"}


def _go_on(training: HandTraining, before: dict[str, Any]) -> dict[str, Any]:
    clock, work = time.monotonic(), time.process_time()
    options: dict[str, Any] = {**training.start.settings, "seed": training.seed}
    options["train"] = _with_threads(training)
    if training.limits.steps is not None:
        options["max_steps"] = training.limits.steps
    with counting_processor_time():
        run = train(
            training.hand.corpus(), training.folder, preset=str(training.start.preset), quiet=True,
            resume=(training.folder / CHECKPOINT_NAME).is_file(),
            minutes=max(training.limits.minutes - before["processor"], 0.01), **options,
        )  # fmt: skip
    outcome = run.outcome
    return {
        "minutes": before["minutes"] + (time.monotonic() - clock) / 60,
        "processor": before["processor"] + (time.process_time() - work) / 60,
        "steps": 0 if outcome is None else outcome.step,
        "done": outcome is None or not outcome.interrupted,
    }


def _with_threads(training: HandTraining) -> dict[str, Any]:
    return {**training.start.settings.get("train", {}), "threads": training.limits.threads}


def _kept(path: Path, basis: dict[str, Any]) -> dict[str, float] | None:
    """Read earlier figures; None if they have another basis, or the file is missing or damaged."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return dict(values["figures"]) if values["basis"] == json.loads(json.dumps(basis)) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
