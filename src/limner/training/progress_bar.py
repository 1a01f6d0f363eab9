"""Shows the progress of a training on stderr: a bar on a terminal, otherwise a line now and then."""

from __future__ import annotations

import sys
from typing import Any

import pytorch_lightning as pl
from pytorch_lightning.callbacks import Callback, RichProgressBar
from rich.console import Console

from limner.training.clock import Clock
from limner.training.ranks import is_rank_zero

FIRST_SECONDS, LINE_SECONDS = 5.0, 30.0
"""Time from the start to the first line, and between two lines."""


class ProgressBar(RichProgressBar):
    """A progress bar that counts steps, including those before a resume; there are no epochs.

    All three reporters here also print sentences, with :meth:`message`.
    """

    def message(self, sentence: str) -> None:
        """Print a sentence above the bar, or where it will be."""
        if not is_rank_zero():
            return
        console = self.progress.console if self.progress is not None else Console(stderr=True)
        console.print(sentence, soft_wrap=True, markup=False, highlight=False)

    def _get_train_description(self, current_epoch: int) -> str:
        return "Training"

    def on_train_batch_end(self, trainer: pl.Trainer, *rest: Any) -> None:
        """Update the step."""
        super().on_train_batch_end(trainer, *rest)
        if self.progress is not None and self.train_progress_bar_id is not None:
            step, last = trainer.global_step, trainer.max_steps
            self.progress.update(self.train_progress_bar_id, completed=step, total=last)


class ProgressLines(Callback):
    """Prints a line now and then: step, loss, time left.

    Parameters
    ----------
    clock : Clock
        Of the training.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._first_step = 0
        self._due = FIRST_SECONDS

    def message(self, sentence: str) -> None:
        """Print a sentence."""
        _print(sentence)

    def on_train_start(self, trainer: pl.Trainer, *_: Any) -> None:
        """Remember the first step."""
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
        self.message(f"training: step {step:,} of {last:,}, loss {loss:.4f}, {duration(left)} left")


class SilentProgress(Callback):
    """Shows no progress; sentences are printed all the same."""

    def message(self, sentence: str) -> None:
        """Print a sentence."""
        _print(sentence)


def _print(sentence: str) -> None:
    """Print on stderr, in the first of several processes."""
    if is_rank_zero():
        print(sentence, file=sys.stderr, flush=True)  # noqa: T201


def make_reporter(clock: Clock, *, quiet: bool = False) -> ProgressBar | ProgressLines | SilentProgress:
    """Return what shows progress: nothing, a bar on a terminal, or lines."""
    if quiet:
        return SilentProgress()
    return (
        ProgressBar(console_kwargs={"stderr": True})
        if Console(stderr=True).is_terminal
        else ProgressLines(clock)
    )


def duration(seconds: float) -> str:
    """Format a time roughly: ``40 s``, ``12 min``, ``3 h 20 min``."""
    if seconds < 90:
        return f"{max(0, round(seconds))} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"
