"""``limner curate neighbours``: find what looks most like a drawing."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import tyro

from limner.cli.arguments import CorpusNames, Flag, LookOptions, Seed, parse
from limner.cli.console import say, say_json, table
from limner.cli.curate.options import (
    FeatureChoice,
    FeatureOptions,
    find,
    get_features,
    noted,
    open_corpus,
)
from limner.cli.values import whole
from limner.render.look import Look

VERB = "curate neighbours"


@dataclass(frozen=True)
class NeighboursArguments:
    """Find what looks most like a drawing or a page."""

    corpus: CorpusNames
    """Where to look: a corpus (npz, ndjson, parquet, SVG, doodles), or pictures."""
    of: Annotated[str, tyro.conf.arg(metavar="DRAWING")]
    """What to look for: an id, an SVG file, FILE#WHICH of a corpus, or a picture."""
    k: Annotated[int, whole(1), tyro.conf.arg(aliases=["-k"])] = 12
    """How many."""
    out: Annotated[Path | None, tyro.conf.arg(metavar="FILE", help_behavior_hint="")] = None
    """A sheet: .svg or .png for drawings, .png for pictures."""
    likeness: FeatureOptions = field(default_factory=FeatureChoice)
    """Features that distances are measured in."""
    look: LookOptions = field(default_factory=Look)
    """Ground and lines of the sheets."""
    seed: Seed = 0
    """Random seed of principal components."""
    json: Flag = False
    """Print one JSON object."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(NeighboursArguments, argv, VERB)
    items = open_corpus(VERB, args.corpus)
    from limner.curation.neighbour_sheet import check_sheet, write_sheet
    from limner.curation.neighbours import nearest, sought_row

    if args.out is not None:
        check_sheet(items, args.out)
    features = get_features(items, args.likeness, args.seed)
    row, place = sought_row(args.of, items, features, lambda name: find(name, args.likeness))
    found = nearest(features, row, args.k, place)
    if args.out is not None:
        write_sheet(items, args.of, place, found, args.out, args.look.style())
    if args.json:
        near = [{"source": items.ids[i], "label": items.labels[i], "distance": d} for i, d in found]
        facts = {"features": features.facts, **noted(items)}
        say_json({"of": args.of, **facts, "neighbours": near})
        return
    rows = [(f"{d:.3f}", items.ids[i], items.labels[i] or "") for i, d in found]
    say(table([("distance", "source", "label"), *rows]))
    if args.out is not None:
        say(f"sheet: {args.out}")
