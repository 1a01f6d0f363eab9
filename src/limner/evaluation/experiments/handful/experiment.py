"""The experiment: every hand learned in every way, a few at a time, and a report that grows with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from limner.evaluation.experiments.handful.hands import Hand, read_hands
from limner.evaluation.experiments.handful.judging import Judging
from limner.evaluation.experiments.handful.report import HandfulReport, real_figures
from limner.evaluation.experiments.handful.starts import STARTS, Start
from limner.evaluation.experiments.handful.trainings import HandResult, TrainingLimits, finish, trainings_of
from limner.evaluation.experiments.handful.verdicts import verdicts
from limner.evaluation.experiments.plan import Claim
from limner.evaluation.experiments.run import RUNS, Budget
from limner.files import explained
from limner.recipes.engine import InProcess, Processes

MINUTES = 10.0
"""Of each training, unless there is a budget."""


@dataclass(frozen=True)
class Handful:
    """See :mod:`limner.evaluation.experiments.handful`; it fulfils ``LargeExperiment``."""

    name: str = "handful"
    question: str = "What does a person get from a handful of drawings?"
    about: str = (
        "Five classes that sketches never saw, sheep, single lines and the pages of a sketchbook, with a few "
        "drawings to learn from and others that were set aside to judge by. Each is learned from nothing "
        "(fast), beginning with doodles, and by the preset hand; untrained is sketches as it is, which "
        "learns nothing of the hand. Both are judged once more with a memory of the drawings."
    )
    read: Callable[[Path | None, Path], Sequence[Hand]] = read_hands
    starts: tuple[Start, ...] = STARTS
    judging: Judging = field(default_factory=Judging)

    def conduct(
        self, out: Path, *, data: Path | None, budget: Budget, say: Callable[[str], None], command: str
    ) -> list[Claim]:
        """Train and judge everything; what earlier calls finished is read.

        The report is written again after each training, so that it stands whenever the experiment is ended.

        Parameters
        ----------
        out : Path
            Gets a folder of the experiment's name: the report, and the runs below it.
        data : Path, optional
            Folder of the corpora.
        budget : Budget
        say : callable
            Called with a line of text after each training.
        command : str
            The command line, which the report quotes.

        Returns
        -------
        list of Claim
        """
        folder = out / self.name
        with explained(out):
            folder.mkdir(parents=True, exist_ok=True)
        hands = self.read(data, folder / "corpora")
        real, results = real_figures(hands, self.judging), list[HandResult]()
        claims = verdicts(results)
        for done, count, found in self._finished(hands, folder / RUNS, budget, say):
            results += found
            claims = verdicts(results)
            for result in found:
                say(f"{done} of {count}: {_summary(result)}")
            about = (self.question, self.about)
            HandfulReport(hands, results, claims, real, folder, command, *about).write()
        return claims

    def _finished(
        self, hands: Sequence[Hand], out: Path, budget: Budget, say: Callable[[str], None]
    ) -> Iterator[tuple[int, int, list[HandResult]]]:
        """Yield the number of each finished training, how many there are, and its results."""
        for sentence in (start.missing for start in self.starts):
            if sentence:
                say(sentence)
        starts = [start for start in self.starts if start.missing is None]
        limits = TrainingLimits(budget.minutes or MINUTES, budget.steps, budget.threads or 1)
        trainings = list(
            trainings_of(hands, starts, seeds=budget.seeds, out=out, limits=limits, judging=self.judging)
        )  # fmt: skip
        with Processes(budget.beside) if budget.beside > 1 else InProcess() as engine:
            for k, found in enumerate(engine.map(finish, trainings), 1):
                yield k, len(trainings), found


def _summary(result: HandResult) -> str:
    found = result.figures
    share = f", recognised {found['recognised']:.0%}" if "recognised" in found else ""
    return (
        f"{result.hand}, {result.size:,} drawings, {result.start}, seed {result.seed}: NLL per point "
        f"{found['nll']:.3f}{share}"
    )


HANDFUL = Handful()
