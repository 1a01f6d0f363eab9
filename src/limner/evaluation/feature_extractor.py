"""``FeatureExtractor``: what turns drawings into feature vectors.

Letters: ``n`` drawings, ``D`` features.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from limner.strokes.drawing import Drawing

FeatureMatrix = NDArray[np.float32]


class FeatureExtractor(Protocol):
    """Turns drawings into feature vectors.

    The protocol's own :class:`limner.evaluation.protocol.encoder.SketchEncoder` is one, and so is every
    :class:`limner.curation.embedder.Embedder`.
    """

    @property
    def identifier(self) -> str:
        """Everything that the features depend on, in one string; figures of one identifier compare."""

    def features(self, drawings: Sequence[Drawing]) -> FeatureMatrix:
        """Return the features of drawings, ``(n, D)``."""
