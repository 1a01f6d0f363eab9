"""``limner experiment``: test published claims."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from limner.cli.arguments import Flag, parse, refuse
from limner.cli.console import say, say_json
from limner.errors import DataError, LimnerError
from limner.evaluation.experiments.registry import EXPERIMENTS, summary_of
from limner.settings import did_you_mean

VERB = "experiment"


@dataclass(frozen=True)
class ExperimentArguments:
    """Test a published claim: train its grid of models and report which claims hold.

    Trainings that are finished are read; Ctrl-C stops gracefully, and the same command resumes.
    """

    name: tyro.conf.Positional[Annotated[str, tyro.conf.arg(metavar="NAME", help_behavior_hint="")]] = ""
    """The experiment; --list names them."""
    out: Path = Path("experiments")
    """Folder of the report, in a folder of its name, and of the runs, which experiments share."""
    data: Annotated[Path | None, tyro.conf.arg(metavar="DIR", help_behavior_hint="")] = None
    """Folder of the corpora; LIMNER_DATA and the download cache are searched, too."""
    budget: Annotated[str, tyro.conf.arg(metavar="N|Nmin", help_behavior_hint="")] = ""
    """Of each training: steps, as 500, or minutes, as 10min; the experiment's own steps unless given."""
    seeds: Annotated[tuple[int, ...], tyro.conf.arg(metavar="SEED ...", help_behavior_hint="")] = ()
    """The experiment's own unless given."""
    threads: Annotated[int | None, tyro.conf.arg(metavar="N", help_behavior_hint="")] = None
    """Threads of each training; chosen by the size of the work unless given."""
    beside: int = 1
    """Trainings that run beside each other, in processes of their own; handful alone can."""
    list: Flag = False
    """Name the experiments."""
    json: Flag = False
    """Print one JSON object."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(ExperimentArguments, argv, VERB)
    if args.list:
        _list_experiments()
        return
    if args.name not in EXPERIMENTS:
        refuse(VERB, f"there is no experiment {args.name!r}; {did_you_mean(args.name, EXPERIMENTS)}")
    steps, minutes = _budget(args.budget)
    from limner.evaluation.experiments.conduct import conduct
    from limner.evaluation.experiments.report import PAGE, VERDICTS
    from limner.evaluation.experiments.run import Budget

    claims = conduct(
        EXPERIMENTS[args.name],
        args.out,
        data=args.data,
        budget=Budget(steps, minutes, args.seeds, args.threads, args.beside),
        say=(lambda _: None) if args.json else say,
        command=shlex.join(["limner", VERB, *argv]),
    )
    page = args.out / args.name / PAGE
    if args.json:
        judged = [{"claim": c.text, "holds": c.holds, "found": c.found} for c in claims]
        say_json({"experiment": args.name, "claims": judged, "report": str(page)})
        return
    for claim in claims:
        say(f"{VERDICTS[claim.holds]:<6} {claim.text}\n       {claim.found}")
    say(f"{page}")


def _list_experiments() -> None:
    """Print a line for each experiment; one whose package cannot be imported says so."""
    for name in EXPERIMENTS:
        try:
            summary = summary_of(name)
        except LimnerError as error:
            summary = str(error)
        say(f"{name:<22} {summary}")


def _budget(text: str) -> tuple[int | None, float | None]:
    """Return steps or minutes, whichever a budget names."""
    if not text:
        return None, None
    number, unit = (text[:-3], "min") if text.endswith("min") else (text, "")
    try:
        if unit:
            minutes = float(number)
            if minutes > 0:
                return None, minutes
        elif int(number) > 0:
            return int(number), None
    except ValueError:
        pass
    raise DataError(f"--budget {text!r} is neither steps, as 500, nor minutes, as 10min.")
