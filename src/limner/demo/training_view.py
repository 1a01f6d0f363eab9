"""A training as a page shows it while it goes on, told from the files of its run."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from limner.demo.curve import training_curve
from limner.demo.gallery import Exhibit
from limner.demo.growing_page import GrowingPage
from limner.evaluation.experiments.results import Curves
from limner.sampling.model import Model, load_model
from limner.training.run_folder import METRICS_NAME
from limner.training.status import read_status

CURVE = "How it learned"
DRAW_SECONDS = 15.0
"""Time between two drawings of a model in training, at least: drawing takes time from learning."""


class TrainingView:
    """Shows on a page how far a training is, its curve, and what the model draws after each validation.

    Parameters
    ----------
    page : GrowingPage
    stage : str
        The stage of the page that the training is.
    run : Path
        Its folder.
    seconds : float
        Its time limit.
    curve_text : str
        What the chart shows.
    draw : callable
        Called with the model of the last validation and its step; adds what it draws to the page.
    """

    def __init__(
        self, page: GrowingPage, stage: str, run: Path, seconds: float, curve_text: str,
        draw: Callable[[Model, int], None],
    ) -> None:  # fmt: skip
        self.page, self.stage, self.run, self.seconds = page, stage, run, seconds
        self.curve_text, self.draw = curve_text, draw
        self._began: float | None = None
        """When its first figures were seen: before that it makes itself ready."""
        self._drawn_step, self._drawn_at = 0, -DRAW_SECONDS

    def look(self) -> None:
        """Look at the run, and write the page if the training goes on."""
        status = read_status(self.run)
        if status is None or status.state != "running":
            return
        self.show_curve()
        self._draw(status.step)
        self.page.stage(self.stage, self._how_far())

    def show_curve(self) -> None:
        """Put the curve of the training on the page, as far as it goes."""
        metrics = self.run / METRICS_NAME
        curve = training_curve(metrics) if metrics.is_file() else ""
        if curve:
            self.page.show(Exhibit(CURVE, self.curve_text, chart=curve))

    def _draw(self, step: int) -> None:
        """Draw with the weights of a validation that has not been drawn with, if it is time."""
        now = time.monotonic()
        if step <= self._drawn_step or now - self._drawn_at < DRAW_SECONDS:
            return
        self.draw(load_model(self.run, weights="last"), step)
        self._drawn_step, self._drawn_at = step, time.monotonic()

    def _how_far(self) -> str:
        metrics = self.run / METRICS_NAME
        step = Curves.read(metrics).steps if metrics.is_file() else 0
        if not step:
            return "It begins."
        now = time.monotonic()
        self._began = now if self._began is None else self._began
        return f"Step {step:,}; {time_left(self.seconds - (now - self._began))}."


def time_left(seconds: float) -> str:
    """Return what is left of a time, roughly, as the end of a sentence."""
    if seconds < 5:
        return "about to end"
    return f"{seconds:.0f} seconds left" if seconds < 90 else f"{seconds / 60:.0f} minutes left"
