"""Drawings that a weights file remembers, beside the weights: a hand goes on as they do.

Letters: ``n`` drawings, ``P`` points of all of them together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from limner.errors import DataError

PREFIX = "remembered."
"""Begins the names of their tensors."""
MOST_DRAWINGS = 300
"""Drawings that are remembered, at equal distances among more: each point keeps some kilobytes at work."""
FARTHEST = 1e4
"""Largest offset, in model units."""


@dataclass(frozen=True)
class RememberedDrawings:
    """Drawings and their classes."""

    rows: Sequence[NDArray[np.float32]]
    """stroke-3 in model units, ``(points, 3)`` each; n of them."""
    labels: Sequence[int]
    """Numbers of their classes, for a network that is conditioned on classes."""

    @property
    def arrays(self) -> dict[str, NDArray[np.float32] | NDArray[np.int64]]:
        """The tensors of a weights file, by name."""
        return {
            f"{PREFIX}rows": np.concatenate(self.rows).astype(np.float32),
            f"{PREFIX}lengths": np.array([len(row) for row in self.rows], np.int64),
            f"{PREFIX}labels": np.array(self.labels, np.int64),
        }


def remembered_in(tensors: Mapping[str, Tensor], classes: int, where: str) -> RememberedDrawings | None:
    """Return the drawings that a weights file remembers; None if there are none.

    Parameters
    ----------
    tensors : mapping
        All tensors of the file.
    classes : int
        Of the network.
    where : str
        The file, for the error.

    Raises
    ------
    DataError
        If they are damaged.
    """
    if not any(name.startswith(PREFIX) for name in tensors):
        return None
    try:
        rows, lengths, labels = (tensors[PREFIX + name].numpy() for name in ("rows", "lengths", "labels"))
        _check(rows, lengths, labels, max(classes, 1))
    except (KeyError, ValueError) as error:
        raise DataError(f"{where} remembers drawings that are damaged.") from error
    ends = [0, *np.cumsum(lengths).tolist()]
    return RememberedDrawings([rows[a:b].astype(np.float32) for a, b in pairwise(ends)], labels.tolist())


def network_tensors(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the tensors of a weights file that are the network's, in float32."""
    return {name: value.float() for name, value in tensors.items() if not name.startswith(PREFIX)}


def _check(
    rows: NDArray[np.generic], lengths: NDArray[np.generic], labels: NDArray[np.generic], classes: int
) -> None:
    if rows.ndim != 2 or rows.shape[1] != 3 or lengths.shape != labels.shape or lengths.ndim != 1:
        raise ValueError("shapes")
    if not 0 < len(lengths) <= MOST_DRAWINGS or lengths.dtype.kind != "i" or labels.dtype.kind != "i":
        raise ValueError("counts")
    whole, numbers = lengths.astype(np.int64), labels.astype(np.int64)
    if (whole < 1).any() or (whole > len(rows)).any() or whole.sum() != len(rows):
        raise ValueError("lengths")
    if (numbers < 0).any() or (numbers >= classes).any():
        raise ValueError("labels")
    if not (np.abs(rows.astype(np.float32)) <= FARTHEST).all():
        raise ValueError("offsets")


def evenly(n: int) -> list[int]:
    """Return the numbers of at most :data:`MOST_DRAWINGS` of ``n`` drawings, at equal distances."""
    return list(range(0, n, -(-n // MOST_DRAWINGS)))
