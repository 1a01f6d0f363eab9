"""Pickles are refused with a sentence that shows how to convert one: unpickling may run any program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limner.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

_SUFFIXES = (".pkl", ".pickle", ".p")


def is_pickle(path: Path, head: bytes) -> bool:
    """Return whether a file is a pickle: by its suffix, or of protocol 2 or later."""
    if path.suffix.lower() in _SUFFIXES:
        return True
    return len(head) > 1 and head[0] == 0x80 and head[1] in range(2, 6)


def pickle_refusal(path: Path) -> DataError:
    """Return the error for a pickle, with three lines of Python that convert a trusted one."""
    return DataError(
        f"{path.name} is a pickle, and reading one may run any program. If you trust it, in Python: "
        'import pickle, numpy; d = pickle.load(open("IN.pkl", "rb")); '
        'numpy.savez("OUT.npz", train=numpy.array(d, object)).'
    )


def array_advice() -> str:
    """Return three lines of Python that convert an object array that holds more than arrays."""
    return (
        "Nothing was run. If you trust it, in Python: import numpy as np; "
        'a = np.load("IN", allow_pickle=True); '
        'np.savez("OUT", train=np.array([np.array(d) for d in a], object)).'
    )
