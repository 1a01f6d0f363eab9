"""The step that leaves out duplicates.

Letters: ``n`` drawings, ``d`` numbers that describe one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from limner.recipes.steps.base import Verdict, WholeStep, check_share
from limner.strokes.segments import offsets_from_lengths, ranges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.recipes.columns import Columns

    PartPaths = NDArray[np.int64]

TABLES = 12  # ways of sorting drawings into cells
AXES = 8  # of the numbers that describe a drawing, that a way looks at
CELL = 8  # width of a cell, in distances that are looked for
ASTRAY = 2  # places that may lie anywhere
CROWD = 64  # drawings of a cell that each one is compared with, those that follow it


@dataclass(frozen=True)
class DeduplicateStep(WholeStep):
    """Leave out drawings that have the shape of an earlier one, wherever they stand."""

    name = "deduplicate"
    needs = frozenset({"shape", "sketch"})

    near: float = 0.0
    """How far places along the ink may lie apart, as a share of the longer side; 0 for equal points only."""

    def __post_init__(self) -> None:
        check_share(near=self.near)

    def choose(self, columns: Columns, left: NDArray[np.bool_], seed: int, index: int) -> Verdict:
        """Drop duplicates."""
        del seed, index
        dropped = {"equal to an earlier drawing": _equal(columns.more["shape"], left)}
        if self.near > 0:
            still = np.flatnonzero(left & ~next(iter(dropped.values())))
            similar = np.zeros(len(columns), np.bool_)
            similar[still] = near_earlier(columns.more["sketch"][still], round(self.near * 255))
            dropped["of the shape of an earlier drawing"] = similar
        return Verdict(dropped)


def near_earlier(sketches: NDArray[np.generic], distance: int) -> NDArray[np.bool_]:
    """Return which drawings lie near an earlier one that is kept.

    Two are near if all but two of their places are. Drawings are sorted into cells in several ways, each by
    some of their numbers, and compared within the cells; two that lie just within the distance may be missed.

    Parameters
    ----------
    sketches : uint8 array of shape ``(n, d)``
        See :func:`limner.strokes.fingerprint.shape_signatures`.
    distance : int
        By which no number of a place may differ by more.

    Returns
    -------
    bool array of shape ``(n,)``
    """
    values = sketches.astype(np.int16)
    rng = np.random.default_rng(0)
    width = CELL * max(distance, 1)
    found = [np.zeros((0, 2), np.int64)]
    for _ in range(TABLES):
        axes = rng.choice(values.shape[1], AXES, replace=False)
        cells = (values[:, axes] + rng.integers(0, width, AXES)) // width
        pairs = _pairs(cells)
        away = np.abs(values[pairs[:, 0]] - values[pairs[:, 1]]) > distance
        places = (away[:, ::2] | away[:, 1::2]).sum(axis=1)
        found.append(pairs[places <= ASTRAY])
    return _dominated(np.unique(np.concatenate(found), axis=0), len(values))


def _equal(shapes: NDArray[np.generic], left: NDArray[np.bool_]) -> NDArray[np.bool_]:
    mask = left.copy()
    places = np.flatnonzero(left)
    mask[places[np.unique(shapes[places], return_index=True)[1]]] = False
    return mask


def _pairs(cells: NDArray[np.integer]) -> PartPaths:
    """Return pairs of drawings of one cell, the earlier one first; ``(k, 2)``."""
    order = np.lexsort((np.arange(len(cells)), *cells.T))
    fresh = np.concatenate([[True], (np.diff(cells[order], axis=0) != 0).any(axis=1)])[: len(order)]
    sizes = np.diff(np.append(np.flatnonzero(fresh), len(order)))
    behind = (
        np.concatenate([np.arange(size)[::-1] for size in sizes]) if len(sizes) else np.zeros(0, np.int64)
    )
    behind = np.minimum(behind, CROWD)
    first = np.repeat(np.arange(len(order)), behind)
    return np.column_stack([order[first], order[ranges(np.arange(len(order)) + 1, behind)]])


def _dominated(pairs: PartPaths, n: int) -> NDArray[np.bool_]:
    """Return which drawings are paired with an earlier one that is kept, decided in order."""
    gone = np.zeros(n, np.bool_)
    pairs = pairs[np.argsort(pairs[:, 1], kind="stable")]
    cuts = (
        offsets_from_lengths(np.bincount(pairs[:, 1], minlength=n))
        if len(pairs)
        else np.zeros(n + 1, np.int64)
    )
    for late in np.unique(pairs[:, 1]).tolist():
        gone[late] = not gone[pairs[cuts[late] : cuts[late + 1], 0]].all()
    return gone
