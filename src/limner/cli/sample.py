"""``limner sample``: draw, with one model or with several."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from limner.cli.arguments import (
    Count,
    Label,
    LookOptions,
    MaxPoints,
    Sampling,
    Seed,
    Weights,
    parse,
    refuse,
)
from limner.cli.console import progress_bar, say
from limner.cli.sampling_options import SamplingOptions
from limner.cli.values import whole
from limner.render.look import Look

if TYPE_CHECKING:
    from limner.sampling.corpora import CorpusRequest

VERB = "sample"
FEW_BATCHES = 2
"""Batches below which no further process is started: that would take longer."""


@dataclass(frozen=True)
class SampleArguments:
    """Draw with a model, or a corpus with several."""

    models: tyro.conf.Positional[
        Annotated[tuple[str, ...], tyro.conf.arg(metavar="MODEL ...", help_behavior_hint="(required)")]
    ] = ()
    """Run folders, .safetensors files, or names of shipped models such as doodles."""
    weights: Weights = "best"
    """Of a run: those of its best validation, or of its last one."""
    number: Count = 1
    """How many drawings, of each model."""
    out: Path = Path("samples.svg")
    """A .svg, .png, .gif, .npz, .parquet, .ndjson, .json or .inkml file, or a folder for one SVG each."""
    label: Label = None
    """The class to draw, for models that are told classes; any of them unless given."""
    look: LookOptions = field(default_factory=Look)
    """What pictures look like."""
    sampling: Sampling = field(default_factory=SamplingOptions)
    """How points are sampled."""
    max_points: MaxPoints = None
    """Cut a drawing there; the longest of the corpus unless given."""
    seed: Seed = 0
    """Random seed."""
    jobs: Annotated[int | None, whole(1, 1024), tyro.conf.arg(help_behavior_hint="")] = None
    """Worker processes for a corpus; as many as there are cores unless given. The result is the same."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(SampleArguments, argv, VERB)
    if not args.models:
        refuse(VERB, "MODEL is missing")
    from limner.cli.outputs import check_output, is_corpus
    from limner.sampling.corpora import CorpusRequest

    check_output(args.out)
    request = CorpusRequest(
        args.models, args.number, args.sampling.changes, args.label, args.seed, args.max_points, args.weights,
        keep_empty=not is_corpus(args.out),
    )  # fmt: skip
    (_draw_corpus if is_corpus(args.out) else _draw_pictures)(args, request)


def _draw_corpus(args: SampleArguments, request: CorpusRequest) -> None:
    from limner.corpus.text import counted
    from limner.recipes.engine import InProcess, Processes, cores
    from limner.sampling.corpora import BATCH, write_corpus

    jobs = args.jobs or (cores() if request.total > FEW_BATCHES * BATCH else 1)
    with progress_bar("Drawing") as progress, Processes(jobs) if jobs > 1 else InProcess() as engine:
        total = write_corpus(request, args.out, engine, progress)
    say(f"{counted(total, 'drawing')} in {args.out}")


def _draw_pictures(args: SampleArguments, request: CorpusRequest) -> None:
    from limner.cli.outputs import class_names, write_output
    from limner.corpus.text import counted
    from limner.recipes.engine import InProcess
    from limner.sampling.corpora import sample_batches

    drawings = [drawing for batch in sample_batches(request, InProcess()) for drawing in batch]
    write_output(drawings, args.out, style=args.look.style(), captions=class_names(drawings))
    say(f"{counted(len(drawings), 'drawing')} in {args.out}")
