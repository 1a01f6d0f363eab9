"""Read sorted tables of keys and values, as LevelDB and TensorFlow write them.

A table is a sequence of blocks and a footer of 48 bytes. The footer locates the index block, whose values
locate the data blocks. A block is a list of entries with keys stored as differences from the previous key,
then the offsets of keys that are stored in full, then the number of these; a trailer holds the kind of
compression (1 byte) and a masked CRC-32C (4 bytes). Source: the table format of LevelDB's documentation.
"""

from __future__ import annotations

from collections.abc import Iterator

from limner.interchange.crc32c import masked_crc32c
from limner.interchange.protobuf import read_varint

MAGIC = 0xDB4775248B80FB57
FOOTER = 48
TRAILER = 5
UNCOMPRESSED = 0


def read_table(data: bytes) -> dict[bytes, bytes]:
    """Read all entries.

    Raises
    ------
    ValueError
        If the data is no such table, is damaged, or is compressed (TensorFlow leaves checkpoints plain).
    """
    footer = data[-FOOTER:]
    if len(footer) < FOOTER or int.from_bytes(footer[-8:], "little") != MAGIC:
        raise ValueError("it does not end as a table does")
    _, position = _handle(footer, 0)  # of the meta index, which is of no use here
    index, _ = _handle(footer, position)
    table: dict[bytes, bytes] = {}
    for _, value in _entries(_block(data, index)):
        table.update(_entries(_block(data, _handle(value, 0)[0])))
    return table


def _handle(data: bytes, position: int) -> tuple[slice, int]:
    offset, position = read_varint(data, position)
    size, position = read_varint(data, position)
    return slice(offset, offset + size), position


def _block(data: bytes, where: slice) -> bytes:
    block = data[where.start : where.stop + TRAILER]
    if len(block) != where.stop - where.start + TRAILER:
        raise ValueError("a block lies beyond its end")
    if masked_crc32c(block[:-4]) != int.from_bytes(block[-4:], "little"):
        raise ValueError("the checksum of a block is wrong")
    if block[-TRAILER] != UNCOMPRESSED:
        raise ValueError("it is compressed")
    return block[:-TRAILER]


def _entries(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    restarts = int.from_bytes(block[-4:], "little")
    end = len(block) - 4 * (restarts + 1)
    if end < 0:
        raise ValueError("a block is cut short")
    position, key = 0, b""
    while position < end:
        shared, position = read_varint(block, position)
        unshared, position = read_varint(block, position)
        size, position = read_varint(block, position)
        if shared > len(key) or position + unshared + size > end:
            raise ValueError("an entry lies beyond its block")
        key = key[:shared] + block[position : position + unshared]
        position += unshared
        yield key, block[position : position + size]
        position += size
