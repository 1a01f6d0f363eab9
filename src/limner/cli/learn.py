"""``limner learn``: from drawings to a model in the same hand, in one go."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import tyro

from limner.cli.arguments import Flag, LookOptions, Seed, parse, refuse
from limner.cli.console import complain_list, progress_bar, say, say_aside, say_json
from limner.cli.main import INTERRUPTED
from limner.cli.values import positive
from limner.render.look import Look

VERB = "learn"


@dataclass(frozen=True)
class LearnArguments:
    """Learn to draw in somebody's hand: read drawings, make them ready, train, draw, and show it all.

    The page stands early and grows. Ctrl-C ends the training in good order; the same command goes on.
    """

    sources: tyro.conf.Positional[
        Annotated[tuple[str, ...], tyro.conf.arg(metavar="DRAWINGS ...", help_behavior_hint="(required)")]
    ] = ()
    """Scans and photographs, SVG files, corpora, or folders of them."""
    out: Path = Path("mine")
    """A folder for the page index.html, the model run, a sheet, a film, the corpus and its report."""
    minutes: Annotated[float, positive()] = 10.0
    """Time limit of the training; reading comes before it, drawing after it."""
    recipe: Annotated[str | None, tyro.conf.arg(metavar="RECIPE", help_behavior_hint="")] = None
    """How drawings are made ready: a TOML file, or a name of limner build --list-recipes; sketchbook for
    pictures, svg for SVG files, and corpora as they are, unless given."""
    preset: Annotated[str | None, tyro.conf.arg(metavar="NAME", help_behavior_hint="")] = None
    """Settings of the training, as of limner train; those for a handful of drawings unless given."""
    seed: Seed = 0
    """Of everything."""
    look: LookOptions = field(default_factory=Look)
    """What the pictures beside the page look like."""
    json: Flag = False
    """Print one JSON object."""


def main(argv: list[str]) -> int:
    """Run the verb."""
    args = parse(LearnArguments, argv, VERB)
    if not args.sources:
        refuse(VERB, "DRAWINGS are missing: a folder of scans or SVG files, or a corpus")
    from limner.demo.learn import learn

    with progress_bar("Reading") as progress:
        outcome = learn(
            args.sources, args.out, minutes=args.minutes, preset=args.preset, recipe=args.recipe,
            seed=args.seed, style=args.look.style(), say=say_aside if args.json else say, progress=progress,
            quiet=args.json,
        )  # fmt: skip
    if args.json:
        say_json(outcome.figures())
    else:
        say(f"Open {outcome.page}. The model is {outcome.run}.")
    complain_list(list(outcome.unread.values()))
    return INTERRUPTED if outcome.interrupted else 0
