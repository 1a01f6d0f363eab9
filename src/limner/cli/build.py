"""``limner build``: make a corpus file, by a recipe."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import tyro

from limner.cli.arguments import CorpusNames, Flag, parse, refuse
from limner.cli.console import complain_list, progress_bar, say, say_json, table
from limner.cli.values import whole
from limner.corpus.formats.format import Pen

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from limner.recipes.build import BuildReport
    from limner.recipes.engine import Engine

VERB = "build"


@dataclass(frozen=True)
class BuildArguments:
    """Make a corpus file of drawings in any format, or of pictures; bad ones are left out and reported."""

    sources: CorpusNames = ()
    """Files and folders, or the name doodles; pictures, if the recipe begins with scan."""
    out: Annotated[Path | None, tyro.conf.arg(metavar="PATH", help_behavior_hint="(required)")] = None
    """A .npz file (stroke-3 for any sketch-rnn), a .parquet file (with labels and sources), a folder of
    .parquet shards, with which an interrupted build goes on, or .ndjson, .json or .inkml."""
    recipe: Annotated[str | None, tyro.conf.arg(metavar="RECIPE", help_behavior_hint="")] = None
    """What is done to the drawings: a TOML file, or a name of --list-recipes; nothing unless given."""
    choices: Annotated[Path | None, tyro.conf.arg(metavar="FILE.csv", help_behavior_hint="")] = None
    """What was chosen on a map: what is dropped goes, if anything is kept all else goes, labels are given."""
    recognized_only: Flag = False
    """Leave out drawings that the QuickDraw game did not recognise."""
    pen: Pen = "lift"
    """What 1 means in the third column of stroke-3: the pen lifts after the point, or it is down."""
    seed: Annotated[int | None, whole(0, 2**63 - 1), tyro.conf.arg(help_behavior_hint="")] = None
    """Random seed of splits and copies; the recipe's own unless given."""
    engine: Literal["local", "ray"] = "local"
    """Where the work is done: in processes of this machine, or on Ray."""
    address: Annotated[str | None, tyro.conf.arg(metavar="HOST:PORT", help_behavior_hint="")] = None
    """A Ray cluster, whose machines all see the same disk; a Ray of its own on this machine unless given."""
    jobs: Annotated[int | None, whole(1), tyro.conf.arg(help_behavior_hint="")] = None
    """Worker processes; as many as are worth starting unless given."""
    list_recipes: Flag = False
    """Name the recipes that come with limner, and leave."""
    copy_recipe: Annotated[str | None, tyro.conf.arg(metavar="NAME", help_behavior_hint="")] = None
    """Write NAME.toml, a recipe that comes with limner, here or as --out says, to change it; and leave."""
    json: Flag = False
    """Print one JSON object."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(BuildArguments, argv, VERB)
    if args.list_recipes:
        _list_recipes(args.json)
    elif args.copy_recipe is not None:
        _copy_recipe(args.copy_recipe, args.out)
    else:
        _build(args)


def _build(args: BuildArguments) -> None:
    if args.out is None:
        refuse(VERB, "--out is missing")
    if not args.sources:
        refuse(VERB, "CORPUS is missing")
    from limner.recipes.build import build

    with progress_bar("Building") as progress, _engine(args) as engine:
        report = build(
            args.sources,
            args.out,
            recipe=args.recipe,
            choices=args.choices,
            seed=args.seed,
            recognized_only=args.recognized_only,
            pen=args.pen,
            engine=engine,
            jobs=args.jobs,
            progress=progress,
        )
    if args.json:
        say_json(asdict(report))
    else:
        _tell(report, args.out)
    complain_list(list(report.failures.values()))


def _engine(args: BuildArguments) -> AbstractContextManager[Engine | None]:
    """Return the requested engine; None for the default of this machine."""
    if args.engine == "local":
        if args.address is not None:
            refuse(VERB, "--address is for --engine ray")
        return nullcontext()
    from limner.recipes.shards.ray_engine import RayEngine

    return RayEngine(args.jobs, args.address)


def _tell(report: BuildReport, out: Path) -> None:
    head = ("step", "drawings", "strokes", "points", "dropped")
    rows = [
        (s.step, f"{s.drawings:,}", f"{s.strokes:,}", f"{s.points:,}", f"{sum(s.dropped.values()) or ''}")
        for s in report.steps
    ]
    if len(rows) > 1:
        say(table([head, *rows]))
    say(table([("split", "drawings"), *((name, str(n)) for name, n in report.splits.items())]))
    say(f"N_max {report.n_max}, scale factor {report.scale_factor:.4f}: {out}")
    for reason, n in report.reasons.items():
        say(f"left out {n}: {reason}")
    for note in report.notes:
        say(f"note: {note}")
    say(f"report: {report.files['report']}")


def _list_recipes(as_json: bool) -> None:
    from limner.recipes.recipe import shipped_recipes

    if as_json:
        say_json(shipped_recipes())
    else:
        say(table([("recipe", "what it makes"), *shipped_recipes().items()]))


def _copy_recipe(name: str, out: Path | None) -> None:
    from limner.recipes.recipe import copy_recipe

    say(str(copy_recipe(name, out)))
