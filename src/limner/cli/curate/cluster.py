"""``limner curate cluster``: sort drawings or pages into clusters of what is alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import tyro

from limner.cli.arguments import CorpusNames, Flag, LookOptions, Seed, parse
from limner.cli.console import progress_bar, say, say_json, table
from limner.cli.curate.options import (
    FeatureChoice,
    FeatureOptions,
    File,
    get_features,
    noted,
    open_corpus,
)
from limner.cli.values import whole
from limner.render.look import Look

if TYPE_CHECKING:
    from limner.curation.centroids import Centroids
    from limner.curation.clusters import Clusters
    from limner.curation.features import Features
    from limner.curation.resolve_features import Reference

VERB = "curate cluster"


@dataclass(frozen=True)
class ClusterArguments:
    """Sort drawings or pages into clusters: a table, centroids for later ones, and a sheet of each cluster.

    Name the clusters in names.json, or with --name, and sort again with --centroids.
    """

    corpus: CorpusNames
    """A corpus (npz, ndjson, parquet, SVG, doodles), or pictures: files, folders, patterns."""
    out: Path
    """A folder: clusters.csv, centroids.safetensors, names.json, sheets/."""
    k: Annotated[int, whole(1), tyro.conf.arg(aliases=["-k"])] = 16
    """Clusters, for k-means."""
    method: Literal["kmeans", "hdbscan"] = "kmeans"
    """hdbscan finds out by itself how many there are."""
    smallest: Annotated[int, whole(2)] = 10
    """Size of the smallest cluster, for hdbscan."""
    centroids: File = None
    """Clusters that were found before: .safetensors, or .json with {"centroids": [[...], ...]}."""
    names: File = None
    """What the clusters are called: JSON or TOML with "0": "drawings" and so on; names.json beside the
    centroids unless given."""
    name: Annotated[tuple[str, ...], tyro.conf.arg(metavar="0=drawings ...", help_behavior_hint="")] = ()
    """The same, here."""
    likeness: FeatureOptions = field(default_factory=FeatureChoice)
    """Features that distances are measured in."""
    look: LookOptions = field(default_factory=Look)
    """Ground and lines of the sheets."""
    seed: Seed = 0
    """Random seed."""
    json: Flag = False
    """Print one JSON object."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(ClusterArguments, argv, VERB)
    items = open_corpus(VERB, args.corpus)
    from limner.curation.cluster_folder import check_free, write_cluster_folder

    if args.centroids is None:
        check_free(args.out)
        features = get_features(items, args.likeness, args.seed)
        clusters, centroids = _found(features, args)
    else:
        from limner.curation.clustering import assign

        centroids = _known(args.centroids, args)
        features = get_features(items, args.likeness, args.seed, _like(centroids, args.centroids))
        clusters = assign(features, centroids)
    with progress_bar("Drawing sheets") as progress:
        write_cluster_folder(items, features, clusters, centroids, args.out, progress, args.look.style())
    _tell(clusters, features, args, noted(items))


def _found(features: Features, args: ClusterArguments) -> tuple[Clusters, Centroids]:
    from limner.curation.clustering import find_clusters

    return find_clusters(
        features, args.k, args.method, smallest=args.smallest, seed=args.seed, names=_names(args)
    )


def _known(path: Path, args: ClusterArguments) -> Centroids:
    from limner.curation.centroids import read_centroids

    return read_centroids(path).named(_names(args))


def _like(centroids: Centroids, path: Path) -> Reference:
    from limner.curation.resolve_features import Reference

    return Reference(centroids.facts, centroids.whitening, str(path))


def _names(args: ClusterArguments) -> dict[int, str]:
    from limner.curation.centroids import parse_names, read_names

    return {**(read_names(args.names) if args.names else {}), **parse_names(args.name)}


def _tell(
    clusters: Clusters, features: Features, args: ClusterArguments, notes: dict[str, list[str]]
) -> None:
    if args.json:
        say_json(
            {
                "n": len(features),
                "clusters": [
                    {"cluster": number, "name": clusters.name(number), "n": size}
                    for number, size in clusters.sizes.items()
                ],
                "features": features.facts,
                **notes,
                "out": str(args.out),
            }
        )
        return
    rows = [(str(number), clusters.name(number), str(size)) for number, size in clusters.sizes.items()]
    say(table([("cluster", "name", "n"), *rows]))
    say(f"{args.out}: look at sheets/, write names into names.json, sort again with --centroids")
