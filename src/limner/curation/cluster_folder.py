"""The output folder of ``limner curate cluster``: table, centroids, names to edit, a sheet a cluster."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from limner.curation.centroids import NAMES_FILE, read_names, write_centroids
from limner.curation.clusters import OUTSIDE, TABLE_FILE, write_clusters
from limner.curation.contact import contact_sheet, representatives
from limner.errors import LimnerError
from limner.files import write_bytes, write_text
from limner.render.png import png_bytes

if TYPE_CHECKING:
    from limner.curation.centroids import Centroids
    from limner.curation.clusters import Clusters
    from limner.curation.features import Features
    from limner.curation.items import Items, Progress

CENTROIDS_FILE = "centroids.safetensors"
SHEETS = "sheets"


def check_free(folder: Path) -> None:
    """Refuse a folder whose clusters a person has named: new clusters would inherit the names.

    Raises
    ------
    LimnerError
        If there are names other than numbers.
    """
    names = folder / NAMES_FILE
    if names.is_file() and any(name != str(number) for number, name in read_names(names).items()):
        raise LimnerError(
            f"{names} names the clusters that are there; give another folder, or sort by them with "
            f"--centroids {folder / CENTROIDS_FILE}."
        )


def write_cluster_folder(
    items: Items,
    features: Features,
    clusters: Clusters,
    centroids: Centroids,
    folder: Path,
    progress: Progress | None = None,
) -> None:
    """Write ``clusters.csv``, ``centroids.safetensors``, ``names.json`` and ``sheets/cluster-00.png``, ...

    ``names.json`` is for a person to edit: ``{"0": "drawings", ...}``.

    Parameters
    ----------
    items, features, clusters, centroids
        Of the same items.
    folder : Path
        Files of these names in it are replaced; sheets of clusters that are gone go.
    progress : callable, optional
        Is told how many sheets are drawn.
    """
    write_clusters(clusters, features, folder / TABLE_FILE)
    write_centroids(centroids, folder / CENTROIDS_FILE)
    names = {str(number): centroids.name(number) for number in range(len(centroids))}
    write_text(folder / NAMES_FILE, json.dumps(names, ensure_ascii=False, indent=2) + "\n")
    written = set()
    for done, (number, size) in enumerate(clusters.sizes.items(), start=1):
        named = "in no cluster" if number == OUTSIDE else f"cluster {number}"
        if clusters.name(number) not in (str(number), "none"):
            named += f", {clusters.name(number)}"
        indices = representatives(clusters.distances, clusters.numbers == number)
        sheet = contact_sheet(items, indices, f"{named}: {size:,} {items.kind}")
        file = folder / SHEETS / ("no-cluster.png" if number == OUTSIDE else f"cluster-{number:02d}.png")
        write_bytes(file, png_bytes(sheet))
        written.add(file)
        if progress:
            progress(done, len(clusters.sizes))
    for file in (folder / SHEETS).glob("cluster-*.png"):
        if file not in written:
            file.unlink()
