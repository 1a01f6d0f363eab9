"""Curation from Python: what ``limner curate`` does, in the same words.

features = limner.curate.embed(corpus)
clusters = limner.curate.cluster(features, k=8)
limner.curate.map(corpus, "map", features=features, clusters=clusters)
few = limner.curate.filter(corpus, clusters.members(["0", "3"]))

Letters: ``n`` drawings of the corpus, split after split, ``d`` features.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from limner.curation.clustering import default_clusters, find_clusters
from limner.curation.embedding import embed as embed_items
from limner.curation.items import DrawingItems
from limner.curation.map_page import MapWords, write_map, write_positions
from limner.curation.neighbours import nearest
from limner.curation.projection_2d import project_2d
from limner.curation.selection import select_drawings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from limner.corpus.corpus import Corpus
    from limner.curation.clusters import Clusters
    from limner.curation.features import Features


def embed(corpus: Corpus, features: str = "shape", *, seed: int = 0) -> Features:
    """Compute features of all drawings, which lie near each other for what looks alike.

    Parameters
    ----------
    corpus : Corpus
    features : str
        As ``limner curate embed --features``: ``shape``, ``model:RUN``, ``torchvision:resnet34``, ...
    seed : int
        Of the drawings that principal components are fitted to, if there are very many.

    Raises
    ------
    LimnerError
        If there are no such features.
    """
    from limner.interchange.extractors import find_embedder

    return embed_items(DrawingItems.of(corpus), find_embedder(features), seed=seed)


def cluster(features: Features, k: int = 16, *, seed: int = 0) -> Clusters:
    """Cluster drawings by k-means, the largest cluster first.

    Raises
    ------
    LimnerError
        If there are fewer drawings than clusters.
    """
    return find_clusters(features, k, seed=seed)[0]


def neighbours(features: Features, index: int, k: int = 10) -> list[tuple[int, float]]:
    """Return indices and distances of the ``k`` drawings nearest to drawing ``index``, the nearest first."""
    return nearest(features, features.matrix[index], k, index)


def map(  # noqa: A001 - the verb's own word
    corpus: Corpus,
    out: str | Path,
    *,
    features: Features | None = None,
    clusters: Clusters | None = None,
    title: str = "Drawings",
    seed: int = 0,
) -> Path:
    """Write a map of the drawings: a page to look at and choose from, and ``map.parquet`` beside it.

    Parameters
    ----------
    corpus : Corpus
    out : str or Path
        A folder.
    features, clusters : Features and Clusters, optional
        Those of :func:`embed` and :func:`cluster` unless given.
    title : str
    seed : int

    Returns
    -------
    Path
        Of the page.
    """
    features = embed(corpus, seed=seed) if features is None else features
    if clusters is None:
        clusters = cluster(features, default_clusters(len(features)), seed=seed)
    positions = project_2d(features.matrix, seed=seed)
    page = Path(out) / "index.html"
    write_positions(features, positions, clusters, page.with_name("map.parquet"))
    words = MapWords(title, f"{len(features):,} drawings, t-SNE of their {features.facts['name']}")
    write_map(DrawingItems.of(corpus), positions, clusters, words, page)
    return page


def filter(  # noqa: A001 - the verb's own word
    corpus: Corpus, mask: NDArray[np.bool_], *, labels: Mapping[str, str] | None = None
) -> Corpus:
    """Return a corpus of the drawings under a mask of shape ``(n,)``, each in its split.

    Parameters
    ----------
    corpus : Corpus
    mask : bool array of shape ``(n,)``
    labels : mapping of str to str, optional
        New labels by id, see :func:`limner.curation.items.ids_of`.

    Raises
    ------
    ValueError
        If the mask is of another shape.
    """
    items = DrawingItems.of(corpus)
    if mask.shape != (len(items.ids),):
        raise ValueError(f"a mask of shape {mask.shape} does not fit {len(items.ids)} drawings")
    return select_drawings(items, np.asarray(mask, bool), labels or {})
