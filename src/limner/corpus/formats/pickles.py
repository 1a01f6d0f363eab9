"""Pickles are refused, and the sentence shows how to convert one: reading a pickle may run any program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limner.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

_SUFFIXES = (".pkl", ".pickle", ".p")


def is_pickle(path: Path, head: bytes) -> bool:
    """Tell whether a file is a pickle: by its suffix, or of protocol 2 or later."""
    if path.suffix.lower() in _SUFFIXES:
        return True
    return len(head) > 1 and head[0] == 0x80 and head[1] in range(2, 6)


def pickle_refusal(path: Path) -> DataError:
    """Say that a pickle is not read, and how to convert one that is trusted: three lines of Python."""
    return DataError(
        f"{path.name} is a pickle, and reading one may run any program. If you trust it, in Python: "
        'import pickle, numpy; d = pickle.load(open("IN.pkl", "rb")); '
        'numpy.savez("OUT.npz", train=numpy.array(d, object)).'
    )


def array_advice() -> str:
    """Say how to convert an object array that holds more than arrays: three lines of Python."""
    return (
        "Nothing was run. If you trust it, in Python: import numpy as np; "
        'a = np.load("IN", allow_pickle=True); '
        'np.savez("OUT", train=np.array([np.array(d) for d in a], object)).'
    )
