"""``limner complete``: finish a partial drawing in several ways."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import tyro

from limner.cli.arguments import (
    CorpusName,
    Count,
    Flag,
    Label,
    LookOptions,
    MaxPoints,
    ModelName,
    Sampling,
    Seed,
    SplitName,
    Weights,
    parse,
)
from limner.cli.console import say
from limner.cli.sampling_options import SamplingOptions
from limner.cli.values import between, positive
from limner.render.look import Look

CORPUS_SHARE = 0.4


@dataclass(frozen=True)
class CompleteArguments:
    """Finish a partial drawing in several ways; its ink stays as it is."""

    model: ModelName
    """A run folder, a .safetensors file, or the name of a shipped model."""
    weights: Weights = "best"
    """Of a run: those of its best validation, or of its last one."""
    drawing: tyro.conf.Positional[
        Annotated[str | None, tyro.conf.arg(metavar="[DRAWING]", help_behavior_hint="")]
    ] = None
    """An SVG file, or FILE#WHICH or FILE#SPLIT/WHICH of a corpus; else one of the model's own corpus."""
    data: CorpusName = None
    """The corpus to take a drawing from, where none is named."""
    split: SplitName = None
    """The split of it; test if there is one, else valid, else train."""
    share: Annotated[float | None, positive(1), tyro.conf.arg(help_behavior_hint="")] = None
    """Keep this share of the drawing's points as the beginning; all of an SVG, 0.4 of a corpus's drawing."""
    number: Count = 8
    """How many completions."""
    out: Path = Path("completions.svg")
    """A .svg, .png, .gif or .npz file, or a folder for one SVG each."""
    same_stroke: Flag = False
    """The pen was not lifted: go on with the last stroke."""
    unit: Annotated[float | None, between(1e-15, 1e15), tyro.conf.arg(help_behavior_hint="")] = None
    """Units of the drawing that make one unit of the model's corpus; guessed from its size unless given."""
    label: Label = None
    """The class to draw, for a model that is told classes; that of the drawing if it has one, else any."""
    look: LookOptions = field(default_factory=Look)
    """What pictures look like."""
    sampling: Sampling = field(default_factory=SamplingOptions)
    """How points are sampled."""
    max_points: MaxPoints = None
    """Cut a drawing there, its beginning included; the longest of the corpus unless given, and a third of
    that may always follow."""
    seed: Seed = 0
    """Random seed."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(CompleteArguments, argv, "complete")
    from limner.cli.inputs import chosen_drawings
    from limner.cli.outputs import check_output, is_corpus, write_output
    from limner.corpus.select import beginning_of, is_svg_name
    from limner.sampling.model import load_model

    check_output(args.out)
    model = load_model(args.model, weights=args.weights)
    names = () if args.drawing is None else (args.drawing,)
    whole = chosen_drawings(args.model, names, args.data, args.split, 1, args.seed)[0]
    is_svg = args.drawing is not None and is_svg_name(args.drawing)
    beginning, cut = beginning_of(whole, args.share or (1.0 if is_svg else CORPUS_SHARE))
    drawings = model.complete(
        beginning,
        args.number,
        sampling_config=args.sampling.over(model.sampling_config),
        label=args.label,
        seed=args.seed,
        max_points=args.max_points,
        lift=not (args.same_stroke or cut),
        unit=args.unit,
    )
    if is_corpus(args.out):
        write_output(drawings, args.out)
    else:
        captions = ["beginning"] + [""] * len(drawings)
        style = args.look.style(colour_by="hands", given_points=beginning.n_points)
        write_output([beginning, *drawings], args.out, style=style, captions=captions, common_scale=True)
    say(outcome(sum(d.n_points > beginning.n_points for d in drawings), len(drawings), args.out))


def outcome(grown: int, n: int, out: Path) -> str:
    """Describe how many of ``n`` completions add strokes: to a finished drawing a model adds none."""
    from limner.corpus.text import counted

    if grown == n:
        return f"{counted(n, 'completion')} in {out}"
    advice = "try a smaller --share, a higher --temperature or another --seed"
    if not grown:
        return f"The model ended at once every time, so {out} shows the beginning alone; {advice}."
    return f"{counted(n, 'completion')} in {out}; in {n - grown} of them the model ended at once; {advice}."
