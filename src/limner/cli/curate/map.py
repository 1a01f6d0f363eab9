"""``limner curate map``: lay drawings or pages out on a page to choose from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import tyro

from limner.cli.arguments import CorpusNames, Flag, Seed, parse
from limner.cli.console import progress_bar, say, say_json
from limner.cli.curate.options import (
    FeatureChoice,
    FeatureOptions,
    File,
    get_features,
    noted,
    open_corpus,
)
from limner.cli.values import positive, whole

if TYPE_CHECKING:
    from limner.curation.clusters import Clusters
    from limner.curation.features import Features

VERB = "curate map"


@dataclass(frozen=True)
class MapArguments:
    """Lay drawings or pages out so that what is alike lies together: a page to look at and choose from.

    The page opens from a disk and asks nothing of the network. What is chosen there is saved as
    choices.csv, for limner curate filter --choices and for the step choose of a recipe.
    """

    corpus: CorpusNames
    """A corpus (npz, ndjson, parquet, SVG, doodles), or pictures: files, folders, patterns."""
    out: Path
    """A folder: index.html, and map.parquet with id, x, y, cluster and label."""
    clusters: File = None
    """The folder or table of limner curate cluster, for the colours; k-means unless given."""
    k: Annotated[int | None, whole(1), tyro.conf.arg(aliases=["-k"], help_behavior_hint="")] = None
    """Clusters, where none are given: 12, or fewer of few drawings."""
    way: Literal["tsne", "umap"] = "tsne"
    """umap needs the package umap-learn."""
    perplexity: Annotated[float, positive()] = 30.0
    """Perplexity of t-SNE: about how many neighbours count."""
    title: str = ""
    """Above the map; the name of the corpus unless given."""
    likeness: FeatureOptions = field(default_factory=FeatureChoice)
    """Features that the map is laid out by."""
    seed: Seed = 0
    """Random seed."""
    json: Flag = False
    """Print one JSON object."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(MapArguments, argv, VERB)
    items = open_corpus(VERB, args.corpus)
    from limner.curation.map_page import MapWords, write_map, write_positions
    from limner.curation.projection_2d import check_method, project_2d
    from limner.curation.threads import threads_for

    check_method(args.way)
    with threads_for(len(items.ids)):
        features = get_features(items, args.likeness, args.seed)
        with progress_bar("Laying out") as progress:
            clusters = _clusters(features, args)
            places = project_2d(
                features.matrix, args.way, perplexity=args.perplexity, seed=args.seed, progress=progress
            )
    way = {"tsne": "t-SNE", "umap": "UMAP"}[args.way]
    facts = f"{len(features):,} {items.kind}, {way} of their {features.facts['name']}"
    words = MapWords(args.title or Path(args.corpus[0]).stem, facts)
    write_positions(features, places, clusters, args.out / "map.parquet")
    with progress_bar("Drawing") as progress:
        write_map(items, places, clusters, words, args.out / "index.html", progress)
    if args.json:
        sizes = {clusters.name(number): size for number, size in clusters.sizes.items()}
        figures = {"features": features.facts, "clusters": sizes, **noted(items)}
        say_json({"n": len(features), **figures, "out": str(args.out)})
    else:
        say(f"{facts}: open {args.out / 'index.html'}")


def _clusters(features: Features, args: MapArguments) -> Clusters:
    if args.clusters is not None:
        from limner.curation.clusters import read_clusters

        return read_clusters(args.clusters).of(features.ids, args.clusters)
    from limner.curation.clustering import default_clusters, find_clusters

    return find_clusters(features, args.k or default_clusters(len(features)), seed=args.seed)[0]
