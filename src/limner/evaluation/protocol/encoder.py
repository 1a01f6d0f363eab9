"""The protocol's frozen feature extractor: raster, weights and classes in one file.

Letters: ``n`` drawings, ``D`` features, ``C`` classes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

from limner.errors import DataError
from limner.evaluation.feature_extractor import FeatureMatrix
from limner.evaluation.protocol.network import NetworkSizes, SketchNetwork, prepare_inference
from limner.evaluation.protocol.raster import Raster
from limner.safetensors_io import read_safetensors, write_safetensors
from limner.strokes.drawing import Drawing

SHIPPED = Path(__file__).parent / "sketch_encoder.safetensors"
HEADER_KEY = "limner-sketch-encoder"
HASH_DIGITS = 12
"""Hexadecimal digits of the weights' sha256 in an identifier."""
BATCH = 25
"""Drawings that pass through the network together: their activations fit a processor's caches. Smaller
batches are filled up, so that features do not depend on which drawings are computed together."""


@dataclass(frozen=True)
class EncoderCard:
    """What the header of an encoder's file says."""

    raster: Raster
    """How drawings become pictures."""
    sizes: NetworkSizes
    classes: tuple[str, ...]
    """The C classes."""
    licence: str
    figures: Mapping[str, float] = field(default_factory=dict)
    """Accuracy on drawings that were held out, and what the training took."""


class SketchEncoder:
    """A frozen network that predicts classes of drawings; see :func:`shipped_encoder` and :meth:`read`.

    It is a :class:`limner.evaluation.feature_extractor.FeatureExtractor`.

    Parameters
    ----------
    network : SketchNetwork
        It is changed; see :func:`limner.evaluation.protocol.network.prepare_inference`.
    card : EncoderCard
    identifier : str
        Names weights and raster, so that figures of one identifier compare.
    """

    def __init__(self, network: SketchNetwork, card: EncoderCard, identifier: str) -> None:
        self._network = prepare_inference(network)
        self.card, self.identifier = card, identifier

    @classmethod
    def read(cls, path: Path) -> SketchEncoder:
        """Read a file written by :func:`save_encoder`.

        Raises
        ------
        DataError
            If it is missing, damaged, or not such a file.
        """
        tensors, header = read_safetensors(
            path, key=HEADER_KEY, kind="an encoder of drawings", framework="pt"
        )
        card = _read_card(header, path)
        network = SketchNetwork(card.sizes)
        try:
            network.load_state_dict({name: tensors[name].float() for name in network.state_dict()})
        except (KeyError, RuntimeError) as error:
            raise DataError(f"{path} does not hold the weights that its header describes.") from error
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:HASH_DIGITS]
        return cls(network, card, f"sketch-{digest}/{card.raster.name}")

    @property
    def classes(self) -> tuple[str, ...]:
        """The C classes."""
        return self.card.classes

    @torch.no_grad()
    def features(self, drawings: Sequence[Drawing]) -> FeatureMatrix:
        """Return the features of drawings.

        Returns
        -------
        float32 array of shape ``(n, D)``
            All at least 0.
        """
        features = np.zeros((len(drawings), self.card.sizes.channels[-1]), np.float32)
        for first in range(0, len(drawings), BATCH):
            pictures = torch.from_numpy(self.card.raster.pictures(drawings[first : first + BATCH]))
            batch = torch.zeros(BATCH, *pictures.shape[1:])
            batch[: len(pictures)] = pictures / 255
            features[first : first + len(pictures)] = self._network.features(batch)[: len(pictures)].numpy()
        return features

    @torch.no_grad()
    def scores(self, features: FeatureMatrix) -> FeatureMatrix:
        """Predict classes from features.

        Parameters
        ----------
        features : float32 array of shape ``(n, D)``
            From :meth:`features`.

        Returns
        -------
        float32 array of shape ``(n, C)``
            Log probabilities of the classes.
        """
        scores: FeatureMatrix = self._network.head(torch.from_numpy(features)).log_softmax(1).numpy()
        return scores


def save_encoder(network: SketchNetwork, card: EncoderCard, path: Path) -> None:
    """Write an encoder with float16 weights, whole or not at all."""
    arrays = {
        name: (value.detach().half() if value.is_floating_point() else value).cpu().numpy()
        for name, value in network.state_dict().items()
    }
    write_safetensors(path, arrays, key=HEADER_KEY, header=json.dumps(asdict(card), sort_keys=True))


@lru_cache(1)
def shipped_encoder() -> SketchEncoder:
    """Return the encoder that comes with the package, trained on the classes of QuickDraw."""
    return SketchEncoder.read(SHIPPED)


def _read_card(header: str | None, path: Path) -> EncoderCard:
    if header is None:
        raise DataError(f"{path} holds no encoder of drawings; scripts/train_sketch_encoder.py writes one.")
    try:
        return _card_of(json.loads(header))
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path} has a header that describes no encoder of drawings.") from error


def _card_of(values: dict[str, Any]) -> EncoderCard:
    sizes = values["sizes"]
    return EncoderCard(
        raster=Raster(**values["raster"]),
        sizes=NetworkSizes(tuple(sizes["channels"]), sizes["classes"]),
        classes=tuple(values["classes"]),
        licence=values["licence"],
        figures=values["figures"],
    )
