"""Resolve the features of items: from a file, by a named embedder, or by that of a reference.

Letters: ``n`` items.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from limner.curation.embedder import default_embedder
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
    """Features that others are made comparable with."""

    facts: dict[str, Any]
    """What they are; empty if that is not known."""
    whitening: Whitening | None
    where: str
    """What holds them, for sentences."""


def resolve_features(
    items: Items,
    wanted: str | None,
    find: Find,
    *,
    reference: Reference | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Features:
    """Return the features of items.

    Parameters
    ----------
    items : Items
    wanted : str, optional
        A ``.parquet`` file of features, or the name of an embedder; unless given, what ``reference`` was made
        with, or else the usual one.
    find : callable
    reference : Reference, optional
    seed : int
    progress : callable, optional
        Is told how many items are done, of how many.

    Raises
    ------
    DataError
        If the features cannot be compared with ``reference``, or the file lacks an item.
    """
    if wanted is not None and wanted.lower().endswith(".parquet"):
        path = Path(wanted)
        features = read_features(path).of(items, path)
        if reference is not None:
            _check_alike(features, reference, wanted)
        return features
    embedder = known_embedder(reference, wanted or default_embedder(items), wanted is not None, find)
    whitening = None if reference is None else reference.whitening
    if reference is not None and embedder.whitened and whitening is None:
        raise DataError(
            f"{reference.where} was not made with features {embedder.name}; name those it was made with."
        )
    return embed(items, embedder, whitening=whitening, seed=seed, progress=progress)


def embedder_of(facts: dict[str, Any], find: Find, where: str) -> Embedder:
    """Return the embedder that features were made with.

    Raises
    ------
    DataError
        If it gives other numbers now; ``where`` is named.
    """
    found = find(str(facts["name"]))
    if found.version != facts.get("version"):
        raise DataError(f"{where} was made with features {found.name} of another version; make it again.")
    return found


def known_embedder(reference: Reference | None, name: str, asked: bool, find: Find) -> Embedder:
    """Find the embedder that is asked for; or, unless one is, that which ``reference`` was made with."""
    if reference is None or not reference.facts:
        if reference is not None and not asked:
            raise DataError(f"{reference.where} does not say what features it was made with; name them.")
        return find(name)
    if asked and name != reference.facts["name"]:
        made = reference.facts["name"]
        raise DataError(
            f"{reference.where} was made with features {made}, which {name} cannot be compared with."
        )
    return embedder_of(reference.facts, find, reference.where)


def _check_alike(features: Features, reference: Reference, file: str) -> None:
    mine = (features.facts.get("name"), features.facts.get("version"))
    theirs = (reference.facts.get("name"), reference.facts.get("version"))
    if reference.facts and mine != theirs:
        raise DataError(f"{file} holds features {mine[0]}, and {reference.where} was made with {theirs[0]}.")
    if not _same(features.whitening, reference.whitening):
        raise DataError(
            f"{file} and {reference.where} were made with other principal components; make the features "
            "again with limner curate embed --like."
        )


def _same(a: Whitening | None, b: Whitening | None) -> bool:
    if a is None or b is None:
        return a is b
    return np.array_equal(a.mean, b.mean) and np.array_equal(a.components, b.components)
