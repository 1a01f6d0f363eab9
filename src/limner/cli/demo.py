"""``limner demo``: from drawings to a model in a few minutes, without any download."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import tyro

from limner.cli.arguments import LookOptions, Seed, parse
from limner.cli.console import say
from limner.cli.main import INTERRUPTED
from limner.cli.values import positive, whole
from limner.render.look import Look


@dataclass(frozen=True)
class DemoArguments:
    """Make toy drawings, learn them, and open a gallery of what was learnt."""

    out: Path = Path("demo")
    """A folder for the gallery, the pictures and the run."""
    seconds: Annotated[float, positive()] = 245.0
    """Time limit for the training."""
    max_steps: Annotated[int | None, whole(1), tyro.conf.arg(help_behavior_hint="")] = None
    """Steps of the training; as the time allows unless given."""
    seed: Seed = 0
    """Of everything."""
    look: LookOptions = field(default_factory=Look)
    """What the pictures beside the page look like."""


def main(argv: list[str]) -> int:
    """Run the verb."""
    args = parse(DemoArguments, argv, "demo")
    from limner.demo.run import run_demo

    outcome = run_demo(
        args.out,
        seconds=args.seconds,
        max_steps=args.max_steps,
        seed=args.seed,
        style=args.look.style(),
        say=say,
    )
    say(f"Open {args.out / 'index.html'} in a browser. The model is {args.out / 'run'}.")
    return INTERRUPTED if outcome.interrupted else 0
