"""Messages between the studio and a worker: a kind, a length and so many bytes, over pipes.

Requests are JSON: what to do, and with what. Answers are bytes as the job has made them, faults sentences.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

HEAD = struct.Struct("<cQ")
REQUEST, ANSWER, FAULT = b"Q", b"A", b"F"


def send(pipe: BinaryIO, kind: bytes, data: bytes) -> None:
    """Write a message whole."""
    pipe.write(HEAD.pack(kind, len(data)))
    pipe.write(data)
    pipe.flush()


def receive(pipe: BinaryIO) -> tuple[bytes, bytes] | None:
    """Read a message, as kind and data; None if the other end has gone."""
    head = pipe.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    kind, size = HEAD.unpack(head)
    data = pipe.read(size)
    return (kind, data) if len(data) == size else None
