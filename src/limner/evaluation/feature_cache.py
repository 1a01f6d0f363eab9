"""Features of drawings on disk: many models are evaluated on the same drawings, whose features never change.

Letters: ``n`` drawings, ``D`` features.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from limner.errors import LimnerError
from limner.evaluation.feature_extractor import FeatureMatrix
from limner.safetensors_io import read_safetensors, write_safetensors
from limner.strokes.drawing import Drawing

HEADER_KEY = "limner-features"
KEY_BYTES = 16
MOST = 50_000
"""Drawings that a file holds, the newest ones: 32 MB of the protocol's features."""


class FeatureCache:
    """Features by the points of drawings, in one file for each extractor.

    A file that is missing, damaged, or cannot be written costs time, never an evaluation.

    Parameters
    ----------
    identifier : str
        Of the extractor; see :class:`limner.evaluation.feature_extractor.FeatureExtractor`.
    folder : Path, optional
        The user's cache unless given.
    """

    def __init__(self, identifier: str, folder: Path | None = None) -> None:
        name = "".join(letter if letter.isalnum() or letter in ".-" else "-" for letter in identifier)
        self.path = (folder or user_cache_path("limner")) / f"features-{name}.safetensors"
        self._identifier = identifier
        self._rows: dict[bytes, FeatureMatrix] | None = None
        self._is_changed = False

    def find(self, drawings: Sequence[Drawing]) -> list[FeatureMatrix | None]:
        """Return the features of each drawing, ``(D,)``, or None if they are not known."""
        rows = self._read()
        return [rows.get(_key(drawing)) for drawing in drawings]

    def add(self, drawings: Sequence[Drawing], features: FeatureMatrix) -> None:
        """Add the features of drawings, ``(n, D)``; :meth:`save` writes them."""
        rows = self._read()
        for drawing, row in zip(drawings, features, strict=True):
            rows[_key(drawing)] = row
        self._is_changed = True

    def save(self) -> None:
        """Write the file if anything was added."""
        if not self._is_changed:
            return
        kept = list(self._read().items())[-MOST:]
        arrays: dict[str, NDArray[Any]] = {
            "keys": np.frombuffer(b"".join(key for key, _ in kept), np.uint8).reshape(-1, KEY_BYTES),
            "features": np.stack([row for _, row in kept]),
        }
        with suppress(LimnerError, OSError):
            write_safetensors(self.path, arrays, key=HEADER_KEY, header=self._identifier)
        self._is_changed = False

    def _read(self) -> dict[bytes, FeatureMatrix]:
        if self._rows is None:
            self._rows = {}
            with suppress(LimnerError, KeyError):
                arrays, header = read_safetensors(self.path, key=HEADER_KEY, kind="features")
                if header == self._identifier:
                    keys = [key.tobytes() for key in arrays["keys"]]
                    self._rows = dict(zip(keys, arrays["features"], strict=True))
        return self._rows


def _key(drawing: Drawing) -> bytes:
    digest = blake2b(np.array([len(stroke) for stroke in drawing], np.int64).tobytes(), digest_size=KEY_BYTES)
    for stroke in drawing:
        digest.update(stroke.tobytes())
    return digest.digest()
