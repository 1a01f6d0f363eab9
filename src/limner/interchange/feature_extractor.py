"""What looks at drawings for figures of samples: the protocol's encoder, or any embedder.

Letters: ``n`` drawings, ``D`` features.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from limner.curation.embedder import Embedder
from limner.curation.items import INK, PADDING
from limner.evaluation.protocol.encoder import HASH_LETTERS, FeatureExtractor, shipped_encoder
from limner.interchange.embedders import find_embedder
from limner.render.png import draw_image
from limner.strokes.drawing import Drawing

SKETCH = "sketch"


class EmbeddingLooker:
    """An embedder as what looks at drawings.

    Parameters
    ----------
    embedder : Embedder
    weights : Path, optional
        The file of its network, whose hash is part of the version.
    """

    def __init__(self, embedder: Embedder, weights: Path | None = None) -> None:
        self._embedder = embedder
        digest = f"-{hashlib.sha256(weights.read_bytes()).hexdigest()[:HASH_LETTERS]}" if weights else ""
        shown = f"/{embedder.px}px-pen{INK.stroke_width:g}" if embedder.takes == "pictures" else ""
        self.version = f"{embedder.name}{digest}-v{embedder.version}{shown}"

    def features(self, drawings: Sequence[Drawing]) -> NDArray[np.float32]:
        """Describe drawings by ``(n, D)``."""
        if self._embedder.takes == "drawings":
            return self._embedder.rows(drawings)
        px = self._embedder.px
        return self._embedder.rows([draw_image(drawing, px, INK, padding=PADDING) for drawing in drawings])


def find_looker(name: str, weights: Path | None = None) -> FeatureExtractor:
    """Find what is meant by a name.

    Parameters
    ----------
    name : str
        ``sketch`` for the protocol's own encoder, or as :func:`limner.interchange.embedders.find_embedder`.
    weights : Path, optional
        Of a network of another package, such as ``torchvision:inception_v3``.

    Raises
    ------
    LimnerError
        As that does.
    """
    if name == SKETCH:
        return shipped_encoder()
    return EmbeddingLooker(find_embedder(name, weights), weights)
