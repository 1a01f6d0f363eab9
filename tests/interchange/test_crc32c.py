"""The checksum: published values, and long data against the plain definition."""

from __future__ import annotations

import numpy as np
import pytest

from limner.interchange.crc32c import LANES, crc32c, masked_crc32c


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"", 0),
        (b"123456789", 0xE3069283),
        (bytes(32), 0x8A9136AA),
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
        (bytes(reversed(range(32))), 0x113FDB5C),
    ],
)
def test_published_values(data: bytes, wanted: int) -> None:
    """The check value of the catalogue of CRCs, and those of RFC 3720, B.4."""
    assert crc32c(data) == wanted


@pytest.mark.parametrize("size", [1, LANES - 1, LANES, LANES + 1, 3 * LANES + 5])
def test_lanes_change_nothing(size: int) -> None:
    data = np.random.default_rng(size).bytes(size)
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    assert crc32c(data) == crc ^ 0xFFFFFFFF


def test_one_bit_is_seen() -> None:
    data = bytearray(5 * LANES)
    before = crc32c(bytes(data))
    data[2 * LANES] ^= 1
    assert crc32c(bytes(data)) != before


def test_mask() -> None:
    """Turned right by 15 bits, plus a constant."""
    assert masked_crc32c(b"") == 0xA282EAD8
    turned = (0xE3069283 >> 15) | (0xE3069283 << 17) & 0xFFFFFFFF
    assert masked_crc32c(b"123456789") == (turned + 0xA282EAD8) % 2**32
