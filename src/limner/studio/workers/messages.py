"""Messages between the studio and a worker over pipes: a byte for the kind, the length, and the data.

Requests are JSON objects: the job and its arguments. Answers are the bytes that the job returned; errors are
sentences in UTF-8.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

HEAD = struct.Struct("<cQ")
REQUEST, ANSWER, ERROR = b"Q", b"A", b"F"


def send(pipe: BinaryIO, kind: bytes, data: bytes) -> None:
    """Write a message."""
    pipe.write(HEAD.pack(kind, len(data)))
    pipe.write(data)
    pipe.flush()


def receive(pipe: BinaryIO) -> tuple[bytes, bytes] | None:
    """Read a message as kind and data; None if the other end was closed."""
    head = pipe.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    kind, size = HEAD.unpack(head)
    data = pipe.read(size)
    return (kind, data) if len(data) == size else None
