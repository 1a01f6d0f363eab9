"""Features of items, wherever they come from: a file, an embedder, or one that others were made with.

Letters: ``n`` items.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from limner.curation.embedder import usual_name
from limner.curation.embedding import embed
from limner.curation.features import read_features
from limner.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable

    from limner.curation.embedder import Embedder
    from limner.curation.features import Features
    from limner.curation.items import Items, Progress
    from limner.curation.whitening import Whitening

    Find = Callable[[str], Embedder]
    """Gives an embedder by its name."""


@dataclass(frozen=True)
class Reference:
    """Features that others shall be comparable with."""

    facts: dict[str, Any]
    """What they are; empty if that is not known."""
    whitening: Whitening | None
    where: str
    """What holds them, for sentences."""


def obtain(
    items: Items,
    wanted: str | None,
    find: Find,
    *,
    like: Reference | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Features:
    """Give the features of items.

    Parameters
    ----------
    items : Items
    wanted : str, optional
        A ``.parquet`` file of features, or the name of an embedder; unless given, what ``like`` was made
        with, or else the usual one.
    find : callable
    like : Reference, optional
    seed : int
    progress : callable, optional
        Is told how many items are done, of how many.

    Raises
    ------
    DataError
        If the features cannot be compared with ``like``, or the file lacks an item.
    """
    if wanted is not None and wanted.lower().endswith(".parquet"):
        path = Path(wanted)
        features = read_features(path).of(items, path)
        if like is not None:
            _check_alike(features, like, wanted)
        return features
    embedder = known_embedder(like, wanted or usual_name(items), wanted is not None, find)
    whitening = None if like is None else like.whitening
    if like is not None and embedder.whitened and whitening is None:
        raise DataError(
            f"{like.where} was not made with features {embedder.name}; name those it was made with."
        )
    return embed(items, embedder, whitening=whitening, seed=seed, progress=progress)


def embedder_of(facts: dict[str, Any], find: Find, where: str) -> Embedder:
    """Find the embedder that features were made with.

    Raises
    ------
    DataError
        If it gives other numbers now; ``where`` is named.
    """
    found = find(str(facts["name"]))
    if found.version != facts.get("version"):
        raise DataError(f"{where} was made with features {found.name} of another version; make it anew.")
    return found


def known_embedder(like: Reference | None, name: str, asked: bool, find: Find) -> Embedder:
    """Find the embedder that is asked for; or, unless one is, that which ``like`` was made with."""
    if like is None or not like.facts:
        if like is not None and not asked:
            raise DataError(f"{like.where} does not say what features it was made with; name them.")
        return find(name)
    if asked and name != like.facts["name"]:
        made = like.facts["name"]
        raise DataError(f"{like.where} was made with features {made}, which {name} cannot be compared with.")
    return embedder_of(like.facts, find, like.where)


def _check_alike(features: Features, like: Reference, file: str) -> None:
    mine = (features.facts.get("name"), features.facts.get("version"))
    theirs = (like.facts.get("name"), like.facts.get("version"))
    if like.facts and mine != theirs:
        raise DataError(f"{file} holds features {mine[0]}, and {like.where} was made with {theirs[0]}.")
    if not _same(features.whitening, like.whitening):
        raise DataError(
            f"{file} and {like.where} were made with other principal components; make the features again "
            "with limner curate embed --like."
        )


def _same(a: Whitening | None, b: Whitening | None) -> bool:
    if a is None or b is None:
        return a is b
    return np.array_equal(a.mean, b.mean) and np.array_equal(a.components, b.components)
