"""CRC-32C (Castagnoli), by which TensorFlow and LevelDB know damaged bytes; fast enough for weights.

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
    """Give the checksum of bytes.

    Long data is cut into lanes that run side by side; CRC is linear, so that the sum of a lane and what
    follows is the lane's own, moved on by as many zero bytes, xor that of the rest.
    """
    crc = 0xFFFFFFFF
    size = len(data) // LANES
    if size:
        lanes = np.frombuffer(data, np.uint8, LANES * size).reshape(LANES, size)  # (L, K)
        sums = np.zeros(LANES, np.uint32)
        sums[0] = crc
        for column in lanes.T.copy():
            sums = _table()[(sums ^ column) & 0xFF] ^ (sums >> 8)
        crc = _joined(sums, size)
    for byte in data[LANES * size :]:
        crc = int(_table()[(crc ^ byte) & 0xFF]) ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def masked_crc32c(data: bytes) -> int:
    """Give the checksum as it is stored: turned by 15 bits and moved by a constant."""
    crc = crc32c(data)
    return (((crc >> 15) | (crc << 17)) + MASK_DELTA) & 0xFFFFFFFF


@cache
def _table() -> Words:
    """Give what each byte does to the checksum, ``(256,)``."""
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, (table >> 1) ^ np.uint32(POLYNOMIAL), table >> 1)
    return table


def _joined(sums: Words, size: int) -> int:
    """Join the checksums of lanes of ``size`` bytes, neighbour with neighbour."""
    shift = _zeros(size)
    while len(sums) > 1:
        sums = _moved(shift, sums[0::2]) ^ sums[1::2]
        shift = _moved(shift, shift)
    return int(sums[0])


def _zeros(size: int) -> Words:
    """Give the linear map, a column a bit ``(32,)``, of ``size`` zero bytes."""
    moved = np.left_shift(np.uint32(1), np.arange(32, dtype=np.uint32))
    square = _table()[moved & 0xFF] ^ (moved >> 8)  # one zero byte
    while size:
        if size & 1:
            moved = _moved(square, moved)
        square = _moved(square, square)
        size >>= 1
    return moved


def _moved(columns: Words, values: Words) -> Words:
    """Apply a linear map to every value."""
    out = np.zeros_like(values)
    for bit, column in enumerate(columns):
        out ^= np.where((values >> np.uint32(bit)) & 1, column, np.uint32(0))
    return out
