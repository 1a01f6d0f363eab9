"""Conduct an experiment of either kind: a grid of trainings, or one that does everything its own way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, runtime_checkable

from limner.evaluation.experiments.plan import Claim, Experiment
from limner.evaluation.experiments.report import write_report
from limner.evaluation.experiments.run import Budget, run_experiment


@runtime_checkable
class LargeExperiment(Protocol):
    """An experiment whose trainings are no grid; it trains, measures and reports itself.

    Trainings that are finished are read, and the report is ``out/NAME/index.html``.
    """

    @property
    def name(self) -> str:
        """On the command line."""

    @property
    def question(self) -> str:
        """The question, in one line."""

    def conduct(
        self, out: Path, *, data: Path | None, budget: Budget, say: Callable[[str], None], command: str
    ) -> list[Claim]:
        """Train, measure and report; return the claims as they were judged."""


def conduct(
    experiment: Experiment | LargeExperiment,
    out: Path,
    *,
    data: Path | None,
    budget: Budget,
    say: Callable[[str], None],
    command: str,
) -> list[Claim]:
    """Conduct an experiment and write its report.

    Parameters
    ----------
    experiment : Experiment or LargeExperiment
    out : Path
        Gets a folder of the experiment's name.
    data : Path, optional
        Folder of the corpora; the folder ``LIMNER_DATA`` and the download cache are searched, too.
    budget : Budget
    say : callable
        Called with lines of text about what is being done.
    command : str
        The command line, which the report quotes.

    Raises
    ------
    LimnerError
        If a corpus is not found or a training fails.
    KeyboardInterrupt
        After Ctrl-C, once the interrupted training is saved; the same call resumes it.
    """
    if isinstance(experiment, Experiment):
        results = run_experiment(experiment, out, data=data, budget=budget, say=say)
        return write_report(experiment, results, out, command)
    return experiment.conduct(out, data=data, budget=budget, say=say, command=command)
