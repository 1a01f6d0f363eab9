"""``limner bench``: measure speed on this machine, as ratios."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from limner.cli.arguments import Flag, parse, refuse
from limner.cli.console import say, say_aside, say_json
from limner.cli.values import whole
from limner.models.config import CellName

if TYPE_CHECKING:
    from limner.evaluation.speed.train import CellSpeed

VERB = "bench"
USAGE = """usage: limner bench sample [OPTIONS]

Measure speed on this machine, as ratios within one run.

  sample   draw a batch with a model of default size, against one at a time, and against no cached states
  train    train the recurrent cells, against plain cells, torch's own and the matrix products alone
  scan     read a page as strokes, against telling ink from paper and thinning alone
  build    make a corpus of lines of JSON, against reading the JSON alone

limner bench SUBJECT --help explains its options."""


@dataclass(frozen=True)
class SampleBenchArguments:
    """Sampling: one batch against one drawing at a time, and with cached states against recomputing all
    earlier points for each new one, with models of default size.
    """

    drawings: Annotated[int, whole(1)] = 100
    """Drawings in the batch."""
    points: Annotated[int, whole(1)] = 250
    """Points of every drawing."""
    json: Flag = False
    """Print one JSON object."""


@dataclass(frozen=True)
class TrainBenchArguments:
    """Training: each recurrent cell through the engine, plain, and torch's LSTM; sizes of the paper."""

    cells: tuple[CellName, ...] = ("lstm", "layer_norm", "hyper")
    """Cells of the decoder; hyper has an LSTM encoder, the others the same cell."""
    corpus: Annotated[Path | None, tyro.conf.arg(metavar="FILE", help_behavior_hint="")] = None
    """Drawings for batches sorted by length; without it there are only full batches of noise."""
    encoder_size: Annotated[int, whole(1)] = 256
    """Units of the encoder's cells."""
    decoder_size: Annotated[int, whole(1)] = 512
    """Units of the decoder's cell."""
    batch_size: Annotated[int, whole(1)] = 100
    """Drawings in a batch."""
    points: Annotated[int, whole(1)] = 250
    """Points of every drawing of noise."""
    steps: Annotated[int, whole(1)] = 5
    """Steps that are timed at a time."""
    rounds: Annotated[int, whole(1)] = 3
    """Times that each cell has its turn; figures are medians."""
    json: Flag = False
    """Print one JSON object."""


@dataclass(frozen=True)
class ScanBenchArguments:
    """Scanning: a page on one core, against telling ink from paper and thinning alone."""

    image: Annotated[Path | None, tyro.conf.arg(metavar="IMAGE", help_behavior_hint="")] = None
    """A picture of a drawing; without it a page of doodles is drawn, 2000 x 2600 pixels."""
    rounds: Annotated[int, whole(1)] = 3
    """Times that each has its turn; figures are medians."""
    json: Flag = False
    """Print one JSON object."""


@dataclass(frozen=True)
class BuildBenchArguments:
    """Building: QuickDraw's lines to a corpus of parquet, and the same with ten times as many."""

    lines: Annotated[Path | None, tyro.conf.arg(metavar="FILE", help_behavior_hint="")] = None
    """An .ndjson file, whose drawings are repeated; doodles unless given."""
    drawings: Annotated[int, whole(1)] = 20_000
    """Drawings of the smaller file."""
    recipe: str = "quickdraw"
    """What is done to them."""
    jobs: tuple[Annotated[int, whole(1)], ...] = (1, 2)
    """Numbers of processes to try."""
    json: Flag = False
    """Print one JSON object."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    subjects = {"sample": _sample, "train": _train, "scan": _scan, "build": _build}
    if argv and argv[0] in subjects:
        subjects[argv[0]](argv[1:])
    elif argv[:1] in (["-h"], ["--help"]):
        say(USAGE)
    else:
        refuse(VERB, f"say what to measure: {' or '.join(subjects)}")


def _sample(argv: list[str]) -> None:
    args = parse(SampleBenchArguments, argv, "bench sample")
    from limner.evaluation.speed.memory import BATCH, cached_speedup
    from limner.evaluation.speed.sample import bench_sample

    speed, cached = bench_sample(args.drawings, args.points), cached_speedup(args.points)
    if args.json:
        say_json({**asdict(speed), "cached_speedup": cached})
        return
    say(f"{speed.drawings} drawings of {speed.points} points in one batch   {speed.batch_seconds:8.3f} s")
    say(f"the same, one at a time                    {speed.single_seconds:8.3f} s  (from {speed.singles})")
    say(f"one step of one drawing                    {speed.step_ms:8.3f} ms")
    say(f"the batch is {speed.ratio:.1f} times as fast")
    for kind, ratio in cached.items():
        say(f"{kind}: {ratio:.1f} times as fast as recomputing all points for each ({BATCH} drawings)")


def _train(argv: list[str]) -> None:
    args = parse(TrainBenchArguments, argv, "bench train")
    from limner.evaluation.speed.step import StepWorkload
    from limner.evaluation.speed.train import bench_train

    corpus = None if args.corpus is None else str(args.corpus)
    timings = bench_train(
        args.cells,
        StepWorkload(args.encoder_size, args.decoder_size, batch_size=args.batch_size, points=args.points),
        corpus=corpus,
        steps=args.steps,
        rounds=args.rounds,
        tell=say_aside,
    )
    if args.json:
        say_json(asdict(timings))
        return
    say(_HEADS)
    for cell in timings.cells:
        say(_line(cell))
    for name, one in timings.bound.items():
        say(f"bound of {name}: {one['gflop']:.0f} GFLOP in {one['seconds']:.2f} s")


_HEADS = (
    f"{'cell':12}{'':10}{'dropout':9}{'':6}{'batches':9}{'s/step':>8}"
    f"{'sketches/s':>12}{'x plain':>9}{'of bound':>10}{'MB':>7}"
)


def _line(cell: CellSpeed) -> str:
    """Return a row of figures."""
    ratio = "" if cell.speedup_over_reference is None else f"{cell.speedup_over_reference:.2f}"
    share = "" if cell.share_of_bound is None else f"{cell.share_of_bound:.0%}"
    route, dropout = "engine" if cell.engine else "", "yes" if cell.recurrent_dropout else "no"
    return (
        f"{cell.cell:12}{route:10}{dropout:9}{cell.precision:6}{cell.batches:9}{cell.seconds:8.3f}"
        f"{cell.sketches_per_s:12.0f}{ratio:>9}{share:>10}{cell.peak_rss_mb:7.0f}"
    )


def _scan(argv: list[str]) -> None:
    args = parse(ScanBenchArguments, argv, "bench scan")
    from limner.evaluation.speed.scan import bench_scan

    speed = bench_scan(args.image, args.rounds)
    if args.json:
        say_json(asdict(speed))
        return
    page = f"{speed.width} x {speed.height} pixels"
    say(f"{page}, {speed.strokes} strokes   {speed.seconds:8.3f} s   {speed.pages_per_s:6.2f} pages/s")
    say(f"{page}, thinned alone  {speed.bare_seconds:8.3f} s   {speed.bare_pages_per_s:6.2f} pages/s")
    say(f"strokes take {speed.ratio:.1f} times as long as thinning; {speed.peak_rss_mb:.0f} MB at most")


def _build(argv: list[str]) -> None:
    args = parse(BuildBenchArguments, argv, "bench build")
    from limner.evaluation.speed.build import bench_build

    built = bench_build(args.drawings, lines=args.lines, recipe=args.recipe, jobs=args.jobs, tell=say_aside)
    if args.json:
        say_json(asdict(built))
        return
    say(f"{'':14}{'drawings':>10}{'s':>9}{'drawings/s':>12}{'x JSON':>8}{'MB':>7}")
    for run in built.runs:
        name = f"{run.jobs} process{'' if run.jobs == 1 else 'es'}" if run.jobs else "JSON alone"
        speed = f"{run.seconds:9.2f}{run.drawings_per_s:12,.0f}{run.json_ratio:8.2f}"
        say(f"{name:14}{run.drawings:10,}{speed}{run.peak_rss_mb:7.0f}")
