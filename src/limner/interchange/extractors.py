"""Feature extractors by name: limner's own, a trained encoder, or a network for pictures of another package.

Letters: ``n`` drawings, ``D`` features.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from limner.curation.embedder import OWN, Embedder
from limner.errors import LimnerError
from limner.evaluation.feature_extractor import FeatureExtractor
from limner.settings import did_you_mean
from limner.strokes.drawing import Drawing

MODEL = "model"
SKETCH = "sketch"


def find_extractor(name: str, weights: Path | None = None) -> FeatureExtractor:
    """Return the feature extractor for figures of samples.

    Parameters
    ----------
    name : str
        ``sketch`` for the protocol's own encoder, or a name of :func:`find_embedder`.
    weights : Path, optional
        Of a network of another package, such as ``torchvision:inception_v3``.

    Raises
    ------
    LimnerError
        As :func:`find_embedder` does.
    """
    if name == SKETCH:
        from limner.evaluation.protocol.encoder import shipped_encoder

        return shipped_encoder()
    return find_embedder(name, weights)


def find_embedder(name: str, weights: Path | None = None, *, hub: bool = False) -> Embedder:
    """Return the embedder of a name.

    Parameters
    ----------
    name : str
        ``shape`` or ``page``; ``model:RUN`` for the encoder of a conditional model (a run, a weights file or
        a shipped model); ``torchvision:resnet34``, ``timm:NAME`` or ``open_clip:NAME`` for a network that
        takes pictures.
    weights : Path, optional
        Of such a network.
    hub : bool
        Whether its package may fetch the weights that it knows.

    Raises
    ------
    LimnerError
        If there is no such embedder, its package is not installed, or weights are missing or damaged.
    """
    kind, mark, which = name.partition(":")
    if not mark and kind in OWN:
        return OWN[kind]()
    from limner.interchange.vision import PACKAGES, vision_embedder  # torch: not needed for limner's own

    if mark and which and kind == MODEL:
        return model_embedder(which)
    if mark and which and kind in PACKAGES:
        return vision_embedder(kind, which, weights, hub=hub)
    known = [*OWN, f"{MODEL}:RUN", *(f"{package}:NAME" for package in PACKAGES)]
    raise LimnerError(f"There are no features {name!r}; {did_you_mean(name, known)}")


def model_embedder(path_or_name: str) -> Embedder:
    """Return an embedder whose features are z = mu of a conditional model's encoder.

    Raises
    ------
    LimnerError
        If there is no such model, or it is a decoder alone.
    """
    from limner.sampling.model import load_model

    model = load_model(path_or_name)
    if not model.conditional:
        raise LimnerError(f"{path_or_name} is a decoder alone and cannot encode drawings; name another.")

    def rows(drawings: Sequence[Drawing]) -> NDArray[np.float32]:
        return np.asarray(model.encode(drawings).cpu().numpy(), np.float32)

    settings = {"latent_size": model.card.config.latent_size, **model.card.training}
    return Embedder(f"{MODEL}:{path_or_name}", "drawings", rows, settings=settings)
