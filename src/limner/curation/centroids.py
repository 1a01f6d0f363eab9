"""``Centroids``: cluster centres and their names, and the file with which later drawings are assigned.

Letters: ``n`` items, ``k`` clusters, ``d`` numbers of a row.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from limner.curation.safetensors_io import read_archive, write_archive
from limner.curation.whitening import Whitening
from limner.errors import DataError, cause_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]
    Numbers = NDArray[np.int32]

NAMES_FILE = "names.json"
BLOCK = 4_096


@dataclass(frozen=True, eq=False)
class Centroids:
    """Cluster centres in feature space.

    Parameters
    ----------
    matrix : float32 array of shape ``(k, d)``
    facts : dict
        What the features are; empty where the file does not say.
    whitening : Whitening, optional
    names : dict of int to str
        What a person calls the clusters; several may have one name.
    """

    matrix: Matrix  # (k, d)
    facts: dict[str, Any] = field(default_factory=dict)
    whitening: Whitening | None = None
    names: Mapping[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of clusters."""
        return len(self.matrix)

    def nearest(self, rows: Matrix) -> tuple[Numbers, Matrix]:
        """Return the nearest cluster of each row ``(n, d)``, and the distance from its centre.

        Raises
        ------
        DataError
            If the rows are of another width.
        """
        if rows.shape[1] != self.matrix.shape[1]:
            raise DataError(
                f"The centroids have {self.matrix.shape[1]} numbers each and the features {rows.shape[1]}; "
                "they were made with other features."
            )
        numbers, distances = np.zeros(len(rows), np.int32), np.zeros(len(rows), np.float32)
        for begin in range(0, len(rows), BLOCK):
            some = slice(begin, begin + BLOCK)
            found = distances_between(rows[some], self.matrix)  # (BLOCK, k)
            numbers[some] = found.argmin(axis=1)
            distances[some] = found.min(axis=1)
        return numbers, distances

    def name(self, number: int) -> str:
        """Return the name of a cluster, or its number."""
        return self.names.get(number, str(number))

    def named(self, names: Mapping[int, str]) -> Centroids:
        """Return a copy with names added.

        Raises
        ------
        DataError
            If there is no such cluster.
        """
        if strange := [number for number in names if not 0 <= number < len(self)]:
            raise DataError(
                f"There is no cluster {strange[0]} to name; they count from 0 to {len(self) - 1}."
            )
        return replace(self, names={**self.names, **names})


def distances_between(rows: Matrix, others: Matrix) -> Matrix:
    """Return Euclidean distances ``(n, k)`` of ``(n, d)`` and ``(k, d)``, however rows are blocked."""
    squares = (rows**2).sum(axis=1)[:, None] + (others**2).sum(axis=1)[None] - 2 * rows @ others.T
    return np.asarray(np.sqrt(np.maximum(squares, 0)), np.float32)


def write_centroids(centroids: Centroids, path: Path) -> None:
    """Write ``.safetensors``, or ``.json`` with the centres alone: ``{"centroids": [[...], ...]}``."""
    if path.suffix.lower() == ".json":
        from limner.files import write_text

        write_text(path, json.dumps({"centroids": centroids.matrix.astype(float).tolist()}))
        return
    arrays = {"centroids": centroids.matrix}
    if centroids.whitening is not None:
        arrays |= {"mean": centroids.whitening.mean, "components": centroids.whitening.components}
    names = {str(number): name for number, name in centroids.names.items()}
    write_archive(path, "centroids", arrays, {"features": centroids.facts, "names": names})


def read_centroids(path: Path) -> Centroids:
    """Read centroids, with the names beside them if there is a ``names.json``.

    Parameters
    ----------
    path : Path
        ``.safetensors``; or ``.json`` with ``{"centroids": [[...], ...]}``, as the notebooks of the
        single-line project write them.

    Raises
    ------
    DataError
        If the file is damaged or something else.
    """
    found = _from_json(path) if path.suffix.lower() == ".json" else _from_archive(path)
    beside = path.with_name(NAMES_FILE)
    return found.named(read_names(beside)) if beside.is_file() else found


def read_names(path: Path) -> dict[int, str]:
    """Read names of clusters: JSON or TOML with ``"0" = "drawings"`` and so on.

    Raises
    ------
    DataError
        If it is neither, a key is no number or a name is no text.
    """
    try:
        text = path.read_text(encoding="utf-8")
        values = tomllib.loads(text) if path.suffix.lower() == ".toml" else json.loads(text)
        if not isinstance(values, dict):
            raise ValueError("it holds no table")
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read as names of clusters: {cause_of(error)}.") from error
    for key, name in values.items():
        if not key.isdecimal() or not isinstance(name, str) or not name.strip():
            raise DataError(f'{path}: names of clusters look like "0": "drawings", not {key!r}: {name!r}.')
    return {int(key): name.strip() for key, name in values.items()}


def parse_names(words: Sequence[str]) -> dict[int, str]:
    """Parse names as on the command line: ``0=drawings``.

    Raises
    ------
    DataError
        If a word does not look like that.
    """
    found = {}
    for word in words:
        number, mark, name = word.partition("=")
        if not mark or not number.strip().isdecimal() or not name.strip():
            raise DataError(f"{word!r} names no cluster; write 0=drawings.")
        found[int(number)] = name.strip()
    return found


def _from_json(path: Path) -> Centroids:
    try:
        matrix = np.array(json.loads(path.read_text(encoding="utf-8"))["centroids"], np.float32)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            f'{path} holds no centroids; they look like {{"centroids": [[...], ...]}}.'
        ) from error
    if matrix.ndim != 2 or not matrix.size or not np.isfinite(matrix).all():
        raise DataError(f"{path}: the centroids are no list of rows of numbers.")
    return Centroids(matrix)


def _from_archive(path: Path) -> Centroids:
    arrays, header = read_archive(path, "centroids")
    matrix, mean, components = (arrays.get(name) for name in ("centroids", "mean", "components"))
    try:
        names = {int(number): str(name) for number, name in header["names"].items()}
        facts = dict(header["features"])
        whole = matrix is not None and matrix.ndim == 2 and matrix.size > 0
        if not whole or (mean is not None and (components is None or len(components) != len(mean))):
            raise ValueError("arrays are missing")
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise DataError(f"{path} is damaged: what it says of its centroids does not fit.") from error
    assert matrix is not None  # noqa: S101 - just looked at
    whitening = Whitening(mean, components) if mean is not None and components is not None else None
    return Centroids(matrix, facts, whitening, names)
