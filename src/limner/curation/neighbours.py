"""Nearest neighbours of a drawing or a page.

Letters: ``n`` items, ``d`` numbers of a row.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.corpus import Corpus, Split
from limner.corpus.select import named_drawing
from limner.curation.centroids import distances_between
from limner.curation.embedding import embed
from limner.curation.items import DrawingItems, PictureItems, is_pictures
from limner.curation.resolve_features import embedder_of
from limner.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.curation.features import Features
    from limner.curation.items import Items
    from limner.curation.resolve_features import Find

    Matrix = NDArray[np.float32]


def sought_row(name: str, items: Items, features: Features, find: Find) -> tuple[Matrix, int | None]:
    """Return the features of the query, ``(d,)``, and its index if it is one of the items.

    Parameters
    ----------
    name : str
        An id of an item; else an SVG file, ``FILE#key`` of a corpus, or a picture.
    items : Items
    features : Features
        Of these items.
    find : callable
        Gives the embedder that they were made with, by its name; needed for what is not one of the items.

    Raises
    ------
    DataError
        If there is nothing of that name.
    """
    place = place_of(name, items)
    if place is not None:
        return features.matrix[place], place
    one = one_item(name)
    place = _same_item(one, items)
    if place is not None:
        return features.matrix[place], place
    embedder = embedder_of(features.facts, find, "The file of features")
    return embed(one, embedder, whitening=features.whitening).matrix[0], None


def place_of(name: str, items: Items) -> int | None:
    """Return the index of an item by its id; ``FILE#key`` may name the file by its whole path."""
    file, mark, key = name.rpartition("#")
    for wanted in (name, f"{Path(file).name}{mark}{key}"):
        if wanted in items.ids:
            return items.ids.index(wanted)
    return None


def _same_item(one: Items, items: Items) -> int | None:
    """Return the index of a drawing that was named in another way, such as by its index in a split."""
    if one.kind != "drawings" or items.kind != "drawings" or one.drawing(0).source not in items.ids:
        return None
    place = items.ids.index(str(one.drawing(0).source))
    mine, theirs = one.drawing(0).strokes, items.drawing(place).strokes
    same = len(mine) == len(theirs) and all(map(np.array_equal, mine, theirs))
    return place if same else None


def one_item(name: str) -> Items:
    """Open a single drawing or picture."""
    if is_pictures(name):
        return PictureItems.of([name])
    drawing = named_drawing(name)
    if not drawing.n_points:
        raise DataError(f"{name} has no points.")
    return DrawingItems.of(
        Corpus({"test": Split.from_arrays([drawing.to_stroke3()], sources=[drawing.source or name])})
    )


def nearest(features: Features, row: Matrix, k: int, without: int | None = None) -> list[tuple[int, float]]:
    """Return indices and distances of the ``k`` nearest items, the nearest first.

    Parameters
    ----------
    features : Features
    row : float32 array of shape ``(d,)``
    k : int
    without : int, optional
        A place that does not count, such as that of what is sought.
    """
    away = distances(features, row)
    order = [i for i in np.argsort(away, kind="stable").tolist() if i != without]
    return [(i, float(away[i])) for i in order[:k]]


def distances(features: Features, row: Matrix) -> Matrix:
    """Return distances from a row ``(d,)`` to every item; ``(n,)``.

    Raises
    ------
    DataError
        If the row is of another width.
    """
    if row.shape != features.matrix.shape[1:]:
        raise DataError(
            f"What is sought has {len(row)} numbers and the features {features.matrix.shape[1]}; "
            "they were made in different ways."
        )
    return distances_between(features.matrix, row[None])[:, 0]
