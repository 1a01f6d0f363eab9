"""Varints and fields."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.interchange.protobuf import read_fields, read_varint


def _varint(value: int) -> bytes:
    low = [value & 127]
    while value := value >> 7:
        low.append(value & 127)
    return bytes([*(byte | 128 for byte in low[:-1]), low[-1]])


@given(st.integers(0, 2**64 - 1), st.binary(max_size=3))
def test_varints(value: int, rest: bytes) -> None:
    data = b"x" + _varint(value) + rest
    assert read_varint(data, 1) == (value, len(data) - len(rest))


@pytest.mark.parametrize("data", [b"", b"\x80", b"\xff" * 11])
def test_varints_without_an_end(data: bytes) -> None:
    with pytest.raises(ValueError, match="no end"):
        read_varint(data, 0)


def test_fields() -> None:
    """A number, a text, a number of four bytes and one of eight; the example of the documentation first."""
    message = b"\x08\x96\x01" + b"\x12\x07testing" + b"\x35\x01\x00\x00\x00" + b"\x39\x02" + bytes(7)
    assert list(read_fields(message)) == [(1, 150), (2, b"testing"), (6, 1), (7, 2)]


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (b"\x12\x07test", "cut short"),
        (b"\x35\x01", "cut short"),
        (b"\x0b", "unknown kind 3"),
        (b"\x08", "no end"),
    ],
)
def test_refusals(message: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        list(read_fields(message))


@given(st.binary(max_size=60))
def test_anything_is_read_or_refused(message: bytes) -> None:
    try:
        fields = list(read_fields(message))
    except ValueError:
        return
    assert all(number >= 0 for number, _ in fields)
