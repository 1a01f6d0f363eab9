"""``limner experiment``: run a published claim again."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from limner.cli.arguments import Flag, parse, refuse
from limner.cli.console import say, say_json
from limner.errors import DataError
from limner.settings import did_you_mean

VERB = "experiment"
NAMES = {
    "attention-convergence": "attention against the plain decoder: who reaches the best loss sooner",
    "augmentation": "stretching, dropping points, moving strokes: what they gain on a few hundred drawings",
    "cells": "lstm, layer norm and HyperLSTM with as many weights and steps",
    "focal-elu": "focal loss and ELU in a transformer: lifts learnt sooner, fewer spikes",
    "joint-head": "heads that know pen and offset together, for both kinds of network",
    "kl-tradeoff": "three weights of L_KL and the decoder alone: what L_R and L_KL make of them",
    "latent-arithmetic": "a - b + c in a model of sixteen classes, recognised or not, beside controls",
    "length": "short and long drawings, early and late points: lstm against transformer",
    "slml-part4": "short strokes, layer norm, recurrent dropout, dropped points on a sketchbook's drawings",
    "temperature": "samples at several temperatures: precision, recall, recognition, structure",
}


@dataclass(frozen=True)
class Arguments:
    """Run a published claim again: train its grid and say which claims hold.

    What was trained already is not trained again; Ctrl-C stops in good order, the same command goes on.
    """

    name: tyro.conf.Positional[Annotated[str, tyro.conf.arg(metavar="NAME", help_behavior_hint="")]] = ""
    """The experiment; --list names them."""
    out: Path = Path("experiments")
    """Folder of the report, in a folder of its name, and of the runs, which experiments share."""
    data: Annotated[Path | None, tyro.conf.arg(metavar="DIR", help_behavior_hint="")] = None
    """Where the corpora lie; LIMNER_DATA and the download cache are searched too."""
    budget: Annotated[str, tyro.conf.arg(metavar="N|Nmin", help_behavior_hint="")] = ""
    """Of each training: steps, as 500, or minutes, as 10min; the experiment's own steps unless given."""
    seeds: Annotated[tuple[int, ...], tyro.conf.arg(metavar="SEED ...", help_behavior_hint="")] = ()
    """The experiment's own unless given."""
    threads: Annotated[int | None, tyro.conf.arg(metavar="N", help_behavior_hint="")] = None
    """Threads of each training; chosen by the size of the work unless given."""
    list: Flag = False
    """Name the experiments."""
    json: Flag = False
    """Print one JSON object."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(Arguments, argv, VERB)
    if args.list:
        for name, about in NAMES.items():
            say(f"{name:<22} {about}")
        return
    if args.name not in NAMES:
        refuse(VERB, f"there is no experiment {args.name!r}; {did_you_mean(args.name, NAMES)}")
    steps, minutes = _budget(args.budget)
    from limner.evaluation.experiments.report import PAGE, VERDICTS, write_report
    from limner.evaluation.experiments.run import Budget, run_experiment
    from limner.evaluation.experiments.shipped import EXPERIMENTS

    experiment = EXPERIMENTS[args.name]
    budget = Budget(steps, minutes, args.seeds, args.threads)
    results = run_experiment(
        experiment, args.out, data=args.data, budget=budget, say=(lambda _: None) if args.json else say
    )
    claims = write_report(experiment, results, args.out, shlex.join(["limner", VERB, *argv]))
    page = args.out / args.name / PAGE
    if args.json:
        found = [{"claim": c.text, "holds": c.holds, "found": c.found} for c in claims]
        say_json({"experiment": args.name, "claims": found, "report": str(page)})
        return
    for claim in claims:
        say(f"{VERDICTS[claim.holds]:<6} {claim.text}\n       {claim.found}")
    say(f"{page}")


def _budget(text: str) -> tuple[int | None, float | None]:
    """Read steps or minutes."""
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
