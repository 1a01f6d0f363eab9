"""Read the wire format of protocol buffers: varints, and messages as lists of numbered fields."""

from __future__ import annotations

from collections.abc import Iterator

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
LONGEST_VARINT = 10

Value = int | bytes


def read_varint(data: bytes, position: int) -> tuple[int, int]:
    """Read an unsigned integer of seven bits a byte, lowest bits first.

    Returns
    -------
    value : int
    position : int
        Of the byte after it.

    Raises
    ------
    ValueError
        If the data ends within it, or it has more than ten bytes.
    """
    value = 0
    for k, byte in enumerate(data[position : position + LONGEST_VARINT]):
        value |= (byte & 0x7F) << 7 * k
        if byte < 0x80:
            return value, position + k + 1
    raise ValueError("a number has no end")


def read_fields(message: bytes) -> Iterator[tuple[int, Value]]:
    """Yield number and value of every field; a value is an int, or bytes (a text or another message).

    Raises
    ------
    ValueError
        If the message is cut short, or a field has an unknown or obsolete type.
    """
    position = 0
    while position < len(message):
        key, position = read_varint(message, position)
        number, kind = divmod(key, 8)
        if kind == VARINT:
            value, position = read_varint(message, position)
            yield number, value
            continue
        if kind == BYTES:
            size, position = read_varint(message, position)
        elif kind in (FIXED32, FIXED64):
            size = 4 if kind == FIXED32 else 8
        else:
            raise ValueError(f"a field is of the unknown kind {kind}")
        if position + size > len(message):
            raise ValueError("a message is cut short")
        piece = message[position : position + size]
        yield number, piece if kind == BYTES else int.from_bytes(piece, "little")
        position += size
