"""Random numbers that depend on the name of a drawing, never on when and where it is processed."""

from __future__ import annotations

from hashlib import blake2b
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.packed_strings import PackedStrings
from limner.strokes.fingerprint import splitmix64

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    Hashes = NDArray[np.uint64]


def hash_names(names: Iterable[str]) -> Hashes:
    """Return a 64-bit hash of each name (BLAKE2b), the same on every machine; ``(n,)``."""
    known = PackedStrings.of(names)
    text = known.packed.rows.tobytes()
    spans = pairwise(known.packed.offsets.tolist())
    digests = b"".join([blake2b(text[a:b], digest_size=8).digest() for a, b in spans])
    return np.frombuffer(digests, "<u8").astype(np.uint64)


def mix(numbers: ArrayLike, *salts: int) -> Hashes:
    """Mix numbers with each salt in turn (splitmix64)."""
    found = np.asarray(numbers, np.uint64)
    for salt in salts or (0,):
        found = splitmix64(found ^ splitmix64(np.array(salt % (1 << 64), np.uint64)))
    return found


def to_unit_interval(numbers: Hashes) -> NDArray[np.float64]:
    """Return hashes as numbers in [0, 1)."""
    return np.asarray((numbers >> np.uint64(11)).astype(np.float64) * 2.0**-53)
