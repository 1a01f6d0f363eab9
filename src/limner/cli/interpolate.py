"""``limner interpolate``: morph one drawing into another."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from limner.cli.arguments import (
    CorpusName,
    DrawingNames,
    Label,
    LookOptions,
    ModelName,
    Sampling,
    Seed,
    SplitName,
    Weights,
    parse,
    refuse,
)
from limner.cli.console import say
from limner.cli.sampling_options import SamplingOptions
from limner.cli.values import whole
from limner.render.look import Look

VERB = "interpolate"


@dataclass(frozen=True)
class InterpolateArguments:
    """Morph one drawing into another."""

    model: ModelName
    """A run folder, a .safetensors file, or the name of a shipped model."""
    weights: Weights = "best"
    """Of a run: those of its best validation, or of its last one."""
    drawings: DrawingNames = ()
    """Two SVG files, or FILE#WHICH or FILE#SPLIT/WHICH of corpora; else two of the model's own corpus."""
    data: CorpusName = None
    """The corpus to take two drawings from, where none are named."""
    split: SplitName = None
    """The split of it; test if there is one, else valid, else train."""
    steps: Annotated[int, whole(2)] = 10
    """Drawings from the one to the other, both included."""
    way: Literal["slerp", "lerp"] = "slerp"
    """Spherical or linear interpolation between the latents."""
    out: Path = Path("interpolation.svg")
    """A .svg, .png, .gif (a moving morph) or .npz file, or a folder for one SVG each."""
    label: Label = None
    """The class to draw, for a model that is told classes; that of both drawings if they share one."""
    look: LookOptions = field(default_factory=Look)
    """What pictures look like."""
    sampling: Sampling = field(default_factory=lambda: SamplingOptions(temperature=0.1))
    """How points are sampled."""
    seed: Seed = 0
    """Random seed, of the pair too if none is named."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(InterpolateArguments, argv, VERB)
    if len(args.drawings) not in (0, 2):
        refuse(VERB, f"two drawings are needed, not {len(args.drawings)}")
    from limner.cli.inputs import chosen_drawings
    from limner.cli.outputs import check_output, fit_for, write_morph
    from limner.corpus.text import counted
    from limner.sampling.model import load_model

    check_output(args.out)
    model = load_model(args.model, weights=args.weights)
    a, b = chosen_drawings(args.model, args.drawings, args.data, args.split, 2, args.seed)[:2]
    unit = None if args.drawings else 1.0
    path = model.interpolate(
        a,
        b,
        args.steps,
        way=args.way,
        sampling_config=args.sampling.over(model.sampling_config),
        label=args.label,
        seed=args.seed,
        unit=unit,
    )
    drawings = fit_for(args.out, path)
    write_morph(drawings, args.out, args.look.style())
    say(f"{counted(len(drawings), 'drawing')} in {args.out}")
