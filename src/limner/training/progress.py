"""How a training tells where it stands: a bar on a terminal, else a line now and then, both on stderr."""

from __future__ import annotations

import sys
from typing import Any

import pytorch_lightning as pl
from pytorch_lightning.callbacks import Callback, RichProgressBar
from rich.console import Console

from limner.training.clock import Clock
from limner.training.processes import is_first

FIRST_SECONDS, LINE_SECONDS = 5.0, 30.0
"""From the start to the first line, and from one line to the next."""


class Bar(RichProgressBar):
    """A progress bar that counts steps, those before a resume included; there are no epochs here."""

    def say(self, sentence: str) -> None:
        """Print a sentence above the bar, or where it will be."""
        if not is_first():
            return
        console = self.progress.console if self.progress is not None else Console(stderr=True)
        console.print(sentence, soft_wrap=True, markup=False, highlight=False)

    def _get_train_description(self, current_epoch: int) -> str:
        return "Training"

    def on_train_batch_end(self, trainer: pl.Trainer, *rest: Any) -> None:
        """Show the step."""
        super().on_train_batch_end(trainer, *rest)
        if self.progress is not None and self.train_progress_bar_id is not None:
            step, last = trainer.global_step, trainer.max_steps
            self.progress.update(self.train_progress_bar_id, completed=step, total=last)


class Lines(Callback):
    """A line now and then: step, loss, time left.

    Parameters
    ----------
    clock : Clock
        Of the training.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._first_step = 0
        self._due = FIRST_SECONDS

    def say(self, sentence: str) -> None:
        """Print a sentence."""
        _print(sentence)

    def on_train_start(self, trainer: pl.Trainer, *_: Any) -> None:
        """Remember where it begins."""
        self._first_step, self._due = trainer.global_step, FIRST_SECONDS

    def on_train_batch_end(self, trainer: pl.Trainer, _module: pl.LightningModule, *rest: Any) -> None:
        """Print a line if it is time."""
        elapsed = self.clock.elapsed
        if elapsed < self._due or not trainer.is_global_zero:
            return
        self._due = elapsed + LINE_SECONDS
        step, last = trainer.global_step, trainer.max_steps
        left = elapsed / max(1, step - self._first_step) * (last - step)
        if self.clock.seconds is not None:
            left = min(left, self.clock.seconds - elapsed)
        loss = float(rest[0]["loss"])
        self.say(f"training: step {step:,} of {last:,}, loss {loss:.4f}, {duration(left)} left")


class Silence(Callback):
    """Nothing of progress; sentences are printed."""

    def say(self, sentence: str) -> None:
        """Print a sentence."""
        _print(sentence)


def _print(sentence: str) -> None:
    """Print on stderr, in one of several processes that train together."""
    if is_first():
        print(sentence, file=sys.stderr, flush=True)  # noqa: T201


def teller(clock: Clock, *, quiet: bool = False) -> Bar | Lines | Silence:
    """Choose what shows progress here."""
    if quiet:
        return Silence()
    return Bar(console_kwargs={"stderr": True}) if Console(stderr=True).is_terminal else Lines(clock)


def duration(seconds: float) -> str:
    """Write a time roughly: ``40 s``, ``12 min``, ``3 h 20 min``."""
    if seconds < 90:
        return f"{max(0, round(seconds))} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"
