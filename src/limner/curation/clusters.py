"""``Clusters``: the cluster of each item, and the table that holds it.

Letters: ``n`` items.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from limner.curation.tables import read_table, write_table
from limner.errors import DataError, quote_list

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from limner.curation.features import Features

TABLE_FILE = "clusters.csv"
HEADER = ("source", "split", "label", "cluster", "name", "distance")

OUTSIDE = -1
"""The cluster of what lies in none."""


@dataclass(frozen=True, eq=False)
class Clusters:
    """The cluster of each item.

    Parameters
    ----------
    ids : tuple of n str
    numbers : int32 array of shape ``(n,)``
        -1 for an item that lies in none.
    distances : float32 array of shape ``(n,)``
        From the middle of its cluster, or of the nearest one.
    names : mapping of int to str
        What the clusters are called.
    """

    ids: tuple[str, ...]
    numbers: NDArray[np.int32]  # (n,)
    distances: NDArray[np.float32]  # (n,)
    names: Mapping[int, str]

    @property
    def sizes(self) -> dict[int, int]:
        """Return the size of each cluster, by number."""
        found, counts = np.unique(self.numbers, return_counts=True)
        return dict(zip(found.tolist(), counts.tolist(), strict=True))

    def name(self, number: int) -> str:
        """Return the name of a cluster, or its number; ``none`` for those in no cluster."""
        return "none" if number == OUTSIDE else self.names.get(number, str(number))

    def members(self, wanted: Sequence[str]) -> NDArray[np.bool_]:
        """Return the mask of the items in clusters of these numbers or names; ``(n,)``.

        Raises
        ------
        DataError
            If there is no such cluster.
        """
        known = {number: {str(number), self.name(number)} for number in self.sizes}
        for word in wanted:
            if not any(word in words for words in known.values()):
                there = quote_list([self.name(number) for number in known])
                raise DataError(f"There is no cluster {word}; there are {there}.")
        numbers = [number for number, words in known.items() if words & set(wanted)]
        return np.isin(self.numbers, numbers)

    def of(self, ids: Sequence[str], path: Path) -> Clusters:
        """Return the clusters of these items, in their order.

        Raises
        ------
        DataError
            If one of them is missing; ``path`` is named.
        """
        index = {name: i for i, name in enumerate(self.ids)}
        missing = [name for name in ids if name not in index]
        if missing:
            raise DataError(f"{path} says nothing of {missing[0]}; cluster this corpus first.")
        at = [index[name] for name in ids]
        return Clusters(tuple(ids), self.numbers[at], self.distances[at], self.names)


def write_clusters(clusters: Clusters, features: Features, path: Path) -> None:
    """Write a CSV table with ``source``, ``split``, ``label``, ``cluster``, ``name`` and ``distance``.

    It is a table for the step ``choose`` of a recipe too.
    """
    numbers, distances = clusters.numbers.tolist(), clusters.distances.tolist()
    names = [clusters.name(number) for number in numbers]
    away = [f"{distance:.5f}" for distance in distances]
    write_table(
        path,
        HEADER,
        zip(features.ids, features.splits, features.labels, numbers, names, away, strict=True),
    )


def read_clusters(path: Path) -> Clusters:
    """Read a table of :func:`write_clusters`; a folder stands for the ``clusters.csv`` in it.

    Raises
    ------
    DataError
        If the file cannot be read, columns are missing, or a cluster or a distance is no number.
    """
    file = path / TABLE_FILE if path.is_dir() else path
    rows = read_table(file, ("source", "cluster", "name", "distance"))
    try:
        numbers = np.array([int(row["cluster"]) for row in rows], np.int32)
        distances = np.array([float(row["distance"]) for row in rows], np.float32)
    except (ValueError, OverflowError) as error:
        raise DataError(f"{file}: a cluster or a distance is no number: {error}.") from error
    if numbers.min() < OUTSIDE or not np.isfinite(distances).all():
        raise DataError(f"{file}: clusters count from 0, and -1 is none; distances are finite.")
    pairs = zip(numbers.tolist(), (row["name"] for row in rows), strict=True)
    names = {number: name for number, name in pairs if number != OUTSIDE and name not in ("", str(number))}
    return Clusters(tuple(row["source"] for row in rows), numbers, distances, names)
