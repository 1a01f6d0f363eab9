"""CRC-32C (Castagnoli), the checksum of TensorFlow and LevelDB, fast enough for weights.

Letters: ``L`` lanes, ``K`` bytes of a lane.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

POLYNOMIAL = 0x82F63B78  # reversed
LANES = 4096
MASK_DELTA = 0xA282EAD8

Words = NDArray[np.uint32]


def crc32c(data: bytes) -> int:
    """Return the checksum of bytes.

    Long data is cut into lanes that are processed in parallel. CRC is linear: the checksum of a lane followed
    by other bytes is the lane's own, advanced by as many zero bytes, xor that of the other bytes.
    """
    crc = 0xFFFFFFFF
    size = len(data) // LANES
    if size:
        lanes = np.frombuffer(data, np.uint8, LANES * size).reshape(LANES, size)  # (L, K)
        sums = np.zeros(LANES, np.uint32)
        sums[0] = crc
        for column in lanes.T.copy():
            sums = _table()[(sums ^ column) & 0xFF] ^ (sums >> 8)
        crc = _combine(sums, size)
    for byte in data[LANES * size :]:
        crc = int(_table()[(crc ^ byte) & 0xFF]) ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def masked_crc32c(data: bytes) -> int:
    """Return the checksum as it is stored: rotated by 15 bits, plus a constant."""
    crc = crc32c(data)
    return (((crc >> 15) | (crc << 17)) + MASK_DELTA) & 0xFFFFFFFF


@cache
def _table() -> Words:
    """Return the checksum of each byte, ``(256,)``."""
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, (table >> 1) ^ np.uint32(POLYNOMIAL), table >> 1)
    return table


def _combine(sums: Words, size: int) -> int:
    """Combine the checksums of lanes of ``size`` bytes, pair by pair."""
    shift = _zero_bytes(size)
    while len(sums) > 1:
        sums = _apply(shift, sums[0::2]) ^ sums[1::2]
        shift = _apply(shift, shift)
    return int(sums[0])


def _zero_bytes(size: int) -> Words:
    """Return the linear map of ``size`` zero bytes, a column for each bit, ``(32,)``."""
    moved = np.left_shift(np.uint32(1), np.arange(32, dtype=np.uint32))
    square = _table()[moved & 0xFF] ^ (moved >> 8)  # one zero byte
    while size:
        if size & 1:
            moved = _apply(square, moved)
        square = _apply(square, square)
        size >>= 1
    return moved


def _apply(columns: Words, values: Words) -> Words:
    """Apply a linear map to every value."""
    out = np.zeros_like(values)
    for bit, column in enumerate(columns):
        out ^= np.where((values >> np.uint32(bit)) & 1, column, np.uint32(0))
    return out
