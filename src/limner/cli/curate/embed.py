"""``limner curate embed``: compute features of drawings or pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from limner.cli.arguments import CorpusNames, Flag, Seed, parse
from limner.cli.console import say, say_json
from limner.cli.curate.options import (
    FeatureChoice,
    FeatureOptions,
    File,
    get_features,
    noted,
    open_corpus,
)

VERB = "curate embed"


@dataclass(frozen=True)
class EmbedArguments:
    """Compute features of each drawing or page, which lie near each other for what looks alike."""

    corpus: CorpusNames
    """A corpus (npz, ndjson, parquet, SVG, doodles), or pictures: files, folders, patterns."""
    out: Path
    """A .parquet file: id, split, label and features of each."""
    likeness: FeatureOptions = field(default_factory=FeatureChoice)
    """Features to compute."""
    like: File = None
    """A file of features; these are made comparable with it."""
    seed: Seed = 0
    """Random seed of the drawings that principal components are fitted to, if there are very many."""
    json: Flag = False
    """Print one JSON object."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(EmbedArguments, argv, VERB)
    items = open_corpus(VERB, args.corpus)
    from limner.curation.features import check_features_path, read_features, write_features
    from limner.curation.resolve_features import Reference

    check_features_path(args.out)
    like = None
    if args.like is not None:
        known = read_features(args.like)
        like = Reference(known.facts, known.whitening, str(args.like))
    features = get_features(items, args.likeness, args.seed, like)
    write_features(features, args.out)
    n, d = features.matrix.shape
    if args.json:
        facts = {"kind": items.kind, "features": features.facts, **noted(items)}
        say_json({"n": n, "d": d, **facts, "file": str(args.out)})
    else:
        say(f"{n:,} {items.kind}, {d} numbers each ({features.facts['name']}): {args.out}")
