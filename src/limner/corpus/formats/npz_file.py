"""Numpy's files: ``.npz``, as sketch-rnn's datasets, and ``.npy``."""

from __future__ import annotations

from limner.corpus.formats.format import ZIP_MAGIC, Format
from limner.corpus.npz import read_npy, read_npz
from limner.corpus.npz_writer import write_npz

_NAME_AT = 30
"""Bytes of a zip file before the name of its first member."""


def is_npz(head: bytes) -> bool:
    """Return whether a file is a zip archive whose first member is a numpy array."""
    length = int.from_bytes(head[26:28], "little")
    return head.startswith(ZIP_MAGIC) and head[_NAME_AT : _NAME_AT + length].endswith(b".npy")


NPZ = Format(
    "npz",
    "stroke-3 or stroke-5 arrays by split, as sketch-rnn has them",
    (".npz",),
    is_npz,
    read=read_npz,
    write=write_npz,
)
NPY = Format(
    "npy",
    "one array of stroke-3 or stroke-5 arrays",
    (".npy",),
    lambda head: head.startswith(b"\x93NUMPY"),
    read=read_npy,
)
