"""``limner data tokens``: fit the vocabulary of a corpus."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import tyro

from limner.cli.arguments import CorpusNames, Flag, Seed, parse, refuse
from limner.cli.console import say, say_json
from limner.cli.values import not_negative, whole
from limner.corpus.text import counted

if TYPE_CHECKING:
    from limner.models.sketchformer.tokenizer.tokenizer import TokenSettings

VERB = "data tokens"
Sizes = Annotated[tuple[Annotated[int, whole(1)], ...], tyro.conf.arg(metavar="N ...", help_behavior_hint="")]


@dataclass(frozen=True)
class Tokens:
    """Fit the vocabulary of a corpus: dictionaries of offsets by k-means, or a grid over the page."""

    corpus: CorpusNames
    """Files or folders (npz, ndjson, parquet, SVG), or the name doodles."""
    out: Path
    """A .safetensors file for tables, scale and settings."""
    preset: Literal["sketchformer", "slml", "grid"] = "sketchformer"
    """sketchformer: one dictionary of 1000 offsets, and a separator behind strokes; slml: two, of 960 offsets
    for points that are drawn on from and 40 for last points of strokes; grid: 100 x 100 cells of the page."""
    sizes: Sizes = ()
    """Other sizes: tokens of the dictionary, or of the two of slml, or cells along each side of the grid."""
    tolerance: Annotated[float, not_negative(1e6)] = 0.0
    """Tolerance of Ramer-Douglas-Peucker simplification beforehand, in the units of the drawings."""
    seed: Seed = 0
    """Random seed of k-means."""
    json: Flag = False
    """Print one JSON object."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(Tokens, argv, VERB)
    if not args.corpus:
        refuse(VERB, "CORPUS is missing")
    if args.out.suffix.lower() != ".safetensors":
        refuse(VERB, f"--out must end in .safetensors, and it is {args.out}")
    settings = _settings(args)
    from limner.corpus.load import load_corpora
    from limner.corpus.select import split_name
    from limner.models.sketchformer.tokenizer.fit import fit_tokenizer
    from limner.models.sketchformer.tokenizer.round_trip import round_trip
    from limner.training.vocabulary_file import save_tokenizer

    corpus = load_corpora(args.corpus)
    judged = split_name(corpus, None)
    learnt = "train" if "train" in corpus.splits else judged
    tokenizer = fit_tokenizer(list(corpus.splits[learnt]), settings, corpus.scale_factor)
    found = round_trip(tokenizer, list(corpus.splits[judged]))
    save_tokenizer(tokenizer, args.out)
    if args.json:
        facts = {**asdict(settings), "words": settings.words, "vocabulary": tokenizer.vocabulary}
        say_json({"out": str(args.out), "scale": tokenizer.scale, **facts, "split": judged, **asdict(found)})
        return
    drawings, points = counted(found.drawings, "drawing"), counted(found.points, "point")
    say(f"{settings.words} words and 4 others in {args.out}, of the {learnt} split")
    say(f"there and back, {drawings} of the {judged} split, {points}:")
    say(f"error (mean)  {found.mean:9.4f}  units of the corpus  {found.mean_relative:8.3%} of the drawing")
    say(f"error (p95)   {found.p95:9.4f}  units of the corpus  {found.p95_relative:8.3%} of the drawing")


def _settings(args: Tokens) -> TokenSettings:
    """Return the preset with other sizes."""
    from limner.models.sketchformer.tokenizer.tokenizer import PRESETS

    settings = replace(PRESETS[args.preset], tolerance=args.tolerance, seed=args.seed)
    wanted = 2 if args.preset == "slml" else 1
    if len(args.sizes) not in (0, wanted):
        refuse(VERB, f"--sizes of {args.preset} takes {wanted}, not {len(args.sizes)}")
    if not args.sizes:
        return settings
    return replace(settings, count=args.sizes[0], lifts=args.sizes[-1] if wanted == 2 else settings.lifts)
