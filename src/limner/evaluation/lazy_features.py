"""Features of drawings, each computed when a figure first needs it, and only once.

Letters: ``n`` drawings, ``D`` features.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

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
    """

    def __init__(self, drawings: Sequence[Drawing], extractor: FeatureExtractor, progress: Progress) -> None:
        self._drawings, self._extractor, self._progress = drawings, extractor, progress
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
        missing = indices[~self._computed[indices]]
        for first in range(0, len(missing), BATCH):
            batch = missing[first : first + BATCH]
            rows = self._extractor.features([self._drawings[k] for k in batch])
            if not self._rows.shape[1]:
                self._rows = np.zeros((len(self), rows.shape[1]), np.float32)
            self._rows[batch], self._computed[batch] = rows, True
            self._progress("Looking at drawings", min(first + BATCH, len(missing)), len(missing))
