"""``limner curate export-projector``: files for TensorBoard's projector."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from limner.cli.arguments import CorpusNames, Flag, Seed, parse
from limner.cli.console import progress_bar, say, say_json
from limner.cli.curate.options import FeatureChoice, FeatureOptions, File, get_features, open_corpus

VERB = "curate export-projector"


@dataclass(frozen=True)
class ExportProjectorArguments:
    """Write files for TensorBoard's projector, which shows the features in three dimensions."""

    corpus: CorpusNames
    """A corpus (npz, ndjson, parquet, SVG, doodles), or pictures: files, folders, patterns."""
    out: Path
    """A folder: tensors.tsv, metadata.tsv, sprite.png, projector_config.pbtxt."""
    clusters: File = None
    """The folder or table of limner curate cluster, for the metadata."""
    likeness: FeatureOptions = field(default_factory=FeatureChoice)
    """Features to export."""
    seed: Seed = 0
    """Random seed of principal components."""
    json: Flag = False
    """Print one JSON object."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(ExportProjectorArguments, argv, VERB)
    items = open_corpus(VERB, args.corpus)
    from limner.curation.clusters import read_clusters
    from limner.curation.projector import sprite_size, write_projector

    sprite_size(len(items.ids))
    clusters = None if args.clusters is None else read_clusters(args.clusters).of(items.ids, args.clusters)
    features = get_features(items, args.likeness, args.seed)
    with progress_bar("Drawing") as progress:
        figures = write_projector(items, features, args.out, clusters, progress)
    if args.json:
        say_json({**figures, "out": str(args.out)})
    else:
        say(f"{figures['n']:,} {items.kind}: tensorboard --logdir {args.out}")
