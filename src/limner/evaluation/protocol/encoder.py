"""What looks at drawings for the protocol, frozen: pictures, network and classes in one file.

Letters: ``n`` drawings, ``D`` features, ``C`` classes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file

from limner.errors import DataError
from limner.evaluation.protocol.network import NetworkSizes, SketchNetwork
from limner.evaluation.protocol.raster import Raster
from limner.files import whole_file
from limner.strokes.drawing import Drawing

SHIPPED = Path(__file__).parent / "sketch_encoder.safetensors"
HEADER = "limner-sketch-encoder"
HASH_LETTERS = 12
AT_ONCE = 25
"""Drawings whose layers fit the caches of a processor; more take longer for each."""

Rows = NDArray[np.float32]


class FeatureExtractor(Protocol):
    """Whatever makes features of drawings."""

    @property
    def version(self) -> str:
        """Name pictures and weights, so that figures of one version compare."""

    def features(self, drawings: Sequence[Drawing]) -> Rows:
        """Describe drawings by ``(n, D)``."""


@dataclass(frozen=True)
class EncoderCard:
    """What the file says of its network."""

    raster: Raster
    sizes: NetworkSizes
    classes: tuple[str, ...]
    """C names."""
    licence: str
    figures: Mapping[str, float] = field(default_factory=dict)
    """How well classes of drawings that were set aside are found, and what the training took."""


class SketchEncoder:
    """A frozen network that tells classes of drawings; make one with :func:`shipped_encoder` or :meth:`read`.

    Parameters
    ----------
    network : SketchNetwork
    card : EncoderCard
    version : str
    """

    def __init__(self, network: SketchNetwork, card: EncoderCard, version: str) -> None:
        self._network = network.eval().requires_grad_(requires_grad=False)
        self.card, self.version = card, version

    @classmethod
    def read(cls, path: Path) -> SketchEncoder:
        """Read a file of :func:`save_encoder`.

        Raises
        ------
        DataError
            If it is missing, damaged or something else.
        """
        card = _card(path)
        network = SketchNetwork(card.sizes)
        try:
            tensors = load_file(path)
            network.load_state_dict({name: tensors[name].float() for name in network.state_dict()})
        except (SafetensorError, KeyError, RuntimeError) as error:
            raise DataError(f"{path} does not hold the weights that its header tells of.") from error
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:HASH_LETTERS]
        return cls(network, card, f"sketch-{digest}/{card.raster.name}")

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the C classes."""
        return self.card.classes

    @torch.no_grad()
    def features(self, drawings: Sequence[Drawing]) -> Rows:
        """Describe drawings.

        Returns
        -------
        float32 array of shape ``(n, D)``
            All at least 0.
        """
        found = np.zeros((len(drawings), self.card.sizes.channels[-1]), np.float32)
        for first in range(0, len(drawings), AT_ONCE):
            some = slice(first, first + AT_ONCE)
            pictures = torch.from_numpy(self.card.raster.pictures(drawings[some])).float() / 255
            found[some] = self._network.features(pictures).numpy()
        return found

    @torch.no_grad()
    def scores(self, features: Rows) -> Rows:
        """Tell classes by features.

        Parameters
        ----------
        features : float32 array of shape ``(n, D)``
            From :meth:`features`.

        Returns
        -------
        float32 array of shape ``(n, C)``
            Logarithms of the probabilities of the classes.
        """
        found: Rows = self._network.head(torch.from_numpy(features)).log_softmax(1).numpy()
        return found


def save_encoder(network: SketchNetwork, card: EncoderCard, path: Path) -> None:
    """Write an encoder with float16 weights, whole or not at all."""
    tensors = {
        name: value.detach().half().contiguous() if value.is_floating_point() else value
        for name, value in network.state_dict().items()
    }
    with whole_file(path) as draft:
        save_file(tensors, draft, metadata={HEADER: json.dumps(asdict(card), sort_keys=True)})


@lru_cache(1)
def shipped_encoder() -> SketchEncoder:
    """Give the encoder that comes with the package, trained on QuickDraw's classes."""
    return SketchEncoder.read(SHIPPED)


def _card(path: Path) -> EncoderCard:
    try:
        with safe_open(path, "pt") as file:
            header = (file.metadata() or {}).get(HEADER)
    except (SafetensorError, OSError) as error:
        raise DataError(f"{path} cannot be read as weights.") from error
    if header is None:
        raise DataError(f"{path} holds no encoder of drawings; scripts/train_sketch_encoder.py writes one.")
    try:
        return _card_of(json.loads(header))
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path} has a header that tells of no encoder of drawings.") from error


def _card_of(values: dict[str, Any]) -> EncoderCard:
    sizes = values["sizes"]
    return EncoderCard(
        raster=Raster(**values["raster"]),
        sizes=NetworkSizes(tuple(sizes["channels"]), sizes["classes"]),
        classes=tuple(values["classes"]),
        licence=values["licence"],
        figures=values["figures"],
    )
