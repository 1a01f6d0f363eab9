"""``limner sample``: draw."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from limner.cli.arguments import (
    Count,
    Label,
    LookOptions,
    MaxPoints,
    ModelName,
    Seed,
    TasteOptions,
    Weights,
    parse,
)
from limner.cli.say import say
from limner.render.look import Look
from limner.sampling.taste import Taste


@dataclass(frozen=True)
class Arguments:
    """Draw with a model."""

    model: ModelName
    """A run folder, a .safetensors file, or the name of a shipped model such as doodles."""
    weights: Weights = "best"
    """Of a run: those of its best validation, or of its last one."""
    number: Count = 1
    """How many drawings."""
    out: Path = Path("samples.svg")
    """A .svg, .png, .gif or .npz file, or a folder for one SVG each."""
    label: Label = None
    """The class to draw, for a model that is told classes; any of them unless given."""
    look: LookOptions = field(default_factory=Look)
    """What pictures look like."""
    taste: TasteOptions = field(default_factory=Taste)
    """How boldly."""
    max_points: MaxPoints = None
    """Cut a drawing there; the longest of the corpus unless given."""
    seed: Seed = 0
    """Another seed, other drawings."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(Arguments, argv, "sample")
    from limner.cli.outputs import check_output, class_names, fit_for, write_output
    from limner.corpus.wording import counted
    from limner.sampling.model import load_model

    check_output(args.out)
    model = load_model(args.model, weights=args.weights)
    drawn = model.sample(
        args.number, taste=args.taste, label=args.label, seed=args.seed, max_points=args.max_points
    )
    drawings = fit_for(args.out, drawn)
    write_output(drawings, args.out, style=args.look.style(), captions=class_names(drawings))
    say(f"{counted(len(drawings), 'drawing')} in {args.out}")
