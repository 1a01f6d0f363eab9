"""Chance that hangs on what a drawing is called, never on when and where it is worked on."""

from __future__ import annotations

from hashlib import blake2b
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.names import Names
from limner.strokes.fingerprint import splitmix64

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    Hashes = NDArray[np.uint64]


def hashes(names: Iterable[str]) -> Hashes:
    """Give a number for each name, the same on every machine; ``(n,)``."""
    known = Names.of(names)
    text = known.text.tobytes()
    spans = pairwise(known.offsets.tolist())
    digests = b"".join([blake2b(text[a:b], digest_size=8).digest() for a, b in spans])
    return np.frombuffer(digests, "<u8").astype(np.uint64)


def mixed(numbers: ArrayLike, *salts: int) -> Hashes:
    """Turn numbers into others that look like chance, by each salt in turn (splitmix64)."""
    found = np.asarray(numbers, np.uint64)
    for salt in salts or (0,):
        found = splitmix64(found ^ splitmix64(np.array(salt % (1 << 64), np.uint64)))
    return found


def evenly(numbers: Hashes) -> NDArray[np.float64]:
    """Give numbers from 0 to below 1."""
    return np.asarray((numbers >> np.uint64(11)).astype(np.float64) * 2.0**-53)
