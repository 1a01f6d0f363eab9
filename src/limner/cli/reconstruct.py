"""``limner reconstruct``: encode drawings and draw them again."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from limner.cli.arguments import (
    CorpusName,
    Count,
    DrawingNames,
    Flag,
    LookOptions,
    ModelName,
    Sampling,
    Seed,
    SplitName,
    Weights,
    parse,
)
from limner.cli.console import say
from limner.cli.sampling_options import SamplingOptions
from limner.render.look import Look


@dataclass(frozen=True)
class ReconstructArguments:
    """Encode drawings and draw them again, the original beside its reconstruction in another ink."""

    model: ModelName
    """A run folder, a .safetensors file, or the name of a shipped model."""
    weights: Weights = "best"
    """Of a run: those of its best validation, or of its last one."""
    drawings: DrawingNames = ()
    """SVG files, FILE#WHICH or FILE#SPLIT/WHICH of corpora; else some of the model's own corpus."""
    data: CorpusName = None
    """The corpus to take drawings from, where none are named."""
    split: SplitName = None
    """The split of it; test if there is one, else valid, else train."""
    number: Count = 8
    """How many drawings to take."""
    out: Path = Path("reconstructions.svg")
    """A .svg, .png, .gif or .npz file, or a folder for one SVG each."""
    only: Flag = False
    """Write the reconstructions alone."""
    look: LookOptions = field(default_factory=Look)
    """What pictures look like."""
    sampling: Sampling = field(default_factory=lambda: SamplingOptions(temperature=0.1))
    """How points are sampled."""
    seed: Seed = 0
    """Random seed."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(ReconstructArguments, argv, "reconstruct")
    from limner.cli.inputs import chosen_drawings
    from limner.cli.outputs import check_output, fit_for, is_corpus, write_output
    from limner.corpus.text import counted
    from limner.render.sheet_layout import good_columns
    from limner.sampling.model import load_model

    check_output(args.out)
    model = load_model(args.model, weights=args.weights)
    originals = chosen_drawings(args.model, args.drawings, args.data, args.split, args.number, args.seed)
    unit = None if args.drawings else 1.0
    redrawn = model.reconstruct(
        originals, sampling_config=args.sampling.over(model.sampling_config), seed=args.seed, unit=unit
    )
    if args.only or is_corpus(args.out):
        redrawn = fit_for(args.out, redrawn)
        write_output(redrawn, args.out, style=args.look.style())
    else:
        pairs = [drawing for pair in zip(originals, redrawn, strict=True) for drawing in pair]
        columns = good_columns(len(pairs), together=2)
        captions = ["original", "redrawn"] * len(originals)
        given = tuple(n for original in originals for n in (original.n_points, 0))
        style = args.look.style(colour_by="hands", given_points=given)
        write_output(pairs, args.out, style=style, captions=captions, columns=columns, common_scale=True)
    say(f"{counted(len(redrawn), 'reconstruction')} in {args.out}")
