"""Features of drawings, each looked at when a figure first asks for it, and never twice.

Letters: ``n`` drawings, ``D`` features.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from limner.evaluation.protocol.encoder import FeatureExtractor, Rows
from limner.strokes.drawing import Drawing

AT_ONCE = 100
"""Drawings between two words of progress."""

Progress = Callable[[str, int, int], object]


class FeatureRows:
    """The features of drawings, ``(n, D)``, by the drawings' places.

    Most figures compare sets of some hundred drawings that chance takes out of thousands: only these are
    looked at. A place or an array of them in brackets, as with numpy, gives their rows.

    Parameters
    ----------
    drawings : sequence of Drawing
    extractor : FeatureExtractor
    progress : callable
        Is told what is done, how much of it, and of how much.
    """

    def __init__(self, drawings: Sequence[Drawing], extractor: FeatureExtractor, progress: Progress) -> None:
        self._drawings, self._looker, self._progress = drawings, extractor, progress
        self._seen = np.zeros(len(drawings), bool)
        self._rows: Rows = np.zeros((len(drawings), 0), np.float32)

    def __len__(self) -> int:
        return len(self._drawings)

    def __getitem__(self, places: NDArray[np.intp] | slice) -> Rows:
        chosen = np.arange(len(self))[places]
        self._look(np.unique(chosen))
        return self._rows[chosen]

    def every(self) -> Rows:
        """Return all rows, ``(n, D)``."""
        return self[:]

    def _look(self, places: NDArray[np.intp]) -> None:
        new = places[~self._seen[places]]
        for first in range(0, len(new), AT_ONCE):
            some = new[first : first + AT_ONCE]
            found = self._looker.features([self._drawings[k] for k in some])
            if not self._rows.shape[1]:
                self._rows = np.zeros((len(self), found.shape[1]), np.float32)
            self._rows[some], self._seen[some] = found, True
            self._progress("Looking at drawings", min(first + AT_ONCE, len(new)), len(new))
