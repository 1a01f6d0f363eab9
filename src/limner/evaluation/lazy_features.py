"""Features of drawings, each computed when a figure first needs it, and only once.

Letters: ``n`` drawings, ``D`` features.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from limner.evaluation.feature_cache import FeatureCache
from limner.evaluation.feature_extractor import FeatureExtractor, FeatureMatrix
from limner.strokes.drawing import Drawing

BATCH = 100
"""Drawings between two reports of progress."""

Progress = Callable[[str, int, int], object]
"""Called with what is being done, how much of it is done, and of how much."""


class LazyFeatures:
    """The features of drawings, ``(n, D)``, indexed like a numpy array by one axis.

    Most figures compare random subsets of some hundred drawings out of thousands; only the drawings that an
    index selects are passed to the extractor.

    Parameters
    ----------
    drawings : sequence of Drawing
    extractor : FeatureExtractor
    progress : callable
        See :data:`Progress`.
    cache : FeatureCache, optional
        Asked before the extractor.
    """

    def __init__(
        self,
        drawings: Sequence[Drawing],
        extractor: FeatureExtractor,
        progress: Progress,
        cache: FeatureCache | None = None,
    ) -> None:
        self._drawings, self._extractor, self._progress = drawings, extractor, progress
        self._cache = cache
        self._computed = np.zeros(len(drawings), bool)
        self._rows: FeatureMatrix = np.zeros((len(drawings), 0), np.float32)

    def __len__(self) -> int:
        """Return the number of drawings."""
        return len(self._drawings)

    def __getitem__(self, index: NDArray[np.intp] | slice) -> FeatureMatrix:
        """Return the rows that an integer array or a slice selects."""
        selected = np.arange(len(self))[index]
        self._compute(np.unique(selected))
        return self._rows[selected]

    def all(self) -> FeatureMatrix:
        """Return all rows, ``(n, D)``."""
        return self[:]

    def _compute(self, indices: NDArray[np.intp]) -> None:
        missing = self._recall(indices[~self._computed[indices]])
        for first in range(0, len(missing), BATCH):
            batch = missing[first : first + BATCH]
            drawings = [self._drawings[k] for k in batch]
            rows = self._extractor.features(drawings)
            self._store(batch, rows)
            if self._cache is not None:
                self._cache.add(drawings, rows)
            self._progress("Looking at drawings", min(first + BATCH, len(missing)), len(missing))

    def _recall(self, indices: NDArray[np.intp]) -> NDArray[np.intp]:
        """Store the rows that the cache holds; return the indices of the others."""
        if self._cache is None or not len(indices):
            return indices
        cached = self._cache.find([self._drawings[k] for k in indices])
        known = np.array([row is not None for row in cached], bool)
        if known.any():
            self._store(indices[known], np.stack([row for row in cached if row is not None]))
        unknown: NDArray[np.intp] = indices[~known]
        return unknown

    def _store(self, indices: NDArray[np.intp], rows: FeatureMatrix) -> None:
        if not self._rows.shape[1]:
            self._rows = np.zeros((len(self), rows.shape[1]), np.float32)
        self._rows[indices], self._computed[indices] = rows, True
