"""``limner bench``: measure speed on this machine, as ratios."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated

from limner.cli.arguments import Flag, parse, refuse
from limner.cli.report import say, say_json
from limner.cli.values import whole

VERB = "bench"
USAGE = """usage: limner bench sample [OPTIONS]

Measure speed on this machine, as ratios within one run.

  sample   draw a batch with a model of default size, against drawing one at a time

limner bench sample --help explains its options."""


@dataclass(frozen=True)
class Sample:
    """Sampling: one batch against one drawing at a time, with a model of default size."""

    drawings: Annotated[int, whole(1)] = 100
    """Drawings in the batch."""
    points: Annotated[int, whole(1)] = 250
    """Points of every drawing."""
    json: Flag = False
    """Print one JSON object."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    subjects = {"sample": _sample}
    if argv and argv[0] in subjects:
        subjects[argv[0]](argv[1:])
    elif argv[:1] in (["-h"], ["--help"]):
        say(USAGE)
    else:
        refuse(VERB, f"say what to measure: {' or '.join(subjects)}")


def _sample(argv: list[str]) -> None:
    args = parse(Sample, argv, "bench sample")
    from limner.evaluation.speed import bench_sample

    found = bench_sample(args.drawings, args.points)
    if args.json:
        say_json(asdict(found))
        return
    say(f"{found.drawings} drawings of {found.points} points in one batch   {found.batch_seconds:8.3f} s")
    say(f"the same, one at a time                    {found.single_seconds:8.3f} s  (from {found.singles})")
    say(f"one step of one drawing                    {found.step_ms:8.3f} ms")
    say(f"the batch is {found.ratio:.1f} times as fast")
