"""``limner report``: compare runs."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from limner.cli.arguments import Flag, parse, refuse
from limner.cli.console import say, say_json, table

VERB = "report"


@dataclass(frozen=True)
class ReportArguments:
    """Compare runs: settings that differ, curves beside each other, best figures, last sheets.

    A run may still go on. One alone is shown with the settings that are not the defaults.
    """

    runs: tyro.conf.Positional[
        Annotated[tuple[Path, ...], tyro.conf.arg(metavar="RUN ...", help_behavior_hint="(required)")]
    ] = ()
    """Folders that limner train has written."""
    out: Annotated[Path, tyro.conf.arg(metavar="FILE")] = Path("report.html")
    """The page; it needs no other file."""
    json: Flag = False
    """Print one JSON object."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(ReportArguments, argv, VERB)
    if not args.runs:
        refuse(VERB, "name at least one run")
    from limner.evaluation.experiments.compare_runs import compare_as_json, compare_page, figures_table
    from limner.evaluation.experiments.compared_run import read_runs
    from limner.files import write_text

    runs = read_runs(args.runs)
    write_text(args.out, compare_page(runs, shlex.join(["limner", VERB, *argv])))
    if args.json:
        say_json({**compare_as_json(runs), "report": str(args.out)})
        return
    figures = figures_table(runs)
    say(table([figures.headings, *figures.rows]))
    say(f"{args.out}")
