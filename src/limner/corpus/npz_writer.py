"""Writing corpora as ``.npz`` in sketch-rnn's layout, for every program that reads that.

The file holds object arrays ``train``, ``valid`` and ``test`` of ``(n, 3)`` arrays, so it needs pickles.
They are written byte by byte here: those of numpy differ from version to version, and those of numpy 2 cannot
be read by numpy 1, which older programs need. The same corpus always gives the same bytes.
"""

from __future__ import annotations

import io
import pickle
import zipfile
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.corpus import SPLIT_NAMES, Corpus, Split
from limner.files import whole_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_DATE = (1980, 1, 1, 0, 0, 0)
_INT16 = np.iinfo(np.int16)


def write_npz(corpus: Corpus, path: str | Path) -> tuple[str, ...]:
    """Write a corpus, whole or not at all.

    The numbers are int16 if all offsets are whole and fit, else float32. A split that the corpus lacks is
    written as an empty array, because older loaders ask for all three.

    Returns
    -------
    tuple of str
        What the format cannot store and was left out, as sentences.

    Raises
    ------
    LimnerError
        If the file cannot be written.
    """
    fits = all(_fits_int16(split.rows) for split in corpus.splits.values())
    with whole_file(path) as draft, zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in SPLIT_NAMES:
            split = corpus.splits.get(name, Split.from_arrays([]))
            info = zipfile.ZipInfo(f"{name}.npy", _DATE)
            info.create_system, info.external_attr = 3, 0o644 << 16  # the same on every system
            archive.writestr(info, _to_npy(split, "<i2" if fits else "<f4"), zipfile.ZIP_DEFLATED)
    return ("An .npz file holds no labels; write .parquet to keep them.",) if corpus.label_names else ()


def _fits_int16(rows: NDArray[np.float32]) -> bool:
    return bool(((rows == np.rint(rows)) & (rows >= _INT16.min) & (rows <= _INT16.max)).all())


def _to_npy(split: Split, code: str) -> bytes:
    stream = io.BytesIO()
    header = {"descr": "|O", "fortran_order": False, "shape": (len(split),)}
    np.lib.format.write_array_header_1_0(stream, header)
    stream.write(_pickle([row.astype(code) for row in split], code))
    return stream.getvalue()


# An array is _reconstruct(ndarray, (0,), b"b") and then its state (1, shape, dtype, False, content).
# The parts that recur are put into the pickle's memo once, under these numbers:
_RECONSTRUCT, _NDARRAY, _NO_SHAPE, _TYPE_CODE, _DTYPE = (bytes([i]) for i in range(5))
_EMPTY_ARRAY = (
    b"".join(pickle.BINGET + part for part in (_RECONSTRUCT, _NDARRAY, _NO_SHAPE, _TYPE_CODE))
    + pickle.TUPLE3
    + pickle.REDUCE
)


def _pickle(arrays: Sequence[NDArray[np.generic]], code: str) -> bytes:
    """Return the pickle of an object array of arrays of shape ``(n, 3)``, in protocol 3."""
    opening = [
        pickle.PROTO + b"\x03",
        pickle.GLOBAL + b"numpy.core.multiarray\n_reconstruct\n" + pickle.BINPUT + _RECONSTRUCT,
        pickle.GLOBAL + b"numpy\nndarray\n" + pickle.BINPUT + _NDARRAY,
        _integer(0) + pickle.TUPLE1 + pickle.BINPUT + _NO_SHAPE,
        _bytes(b"b") + pickle.BINPUT + _TYPE_CODE,
        pickle.TUPLE3 + pickle.REDUCE,
        _dtype(code[1:], "<", flags=0) + pickle.BINPUT + _DTYPE + pickle.POP,
        pickle.MARK + _integer(1) + _integer(len(arrays)) + pickle.TUPLE1,
        _dtype("O8", "|", flags=63) + pickle.NEWFALSE + pickle.EMPTY_LIST + pickle.MARK,
    ]
    closing = [pickle.APPENDS + pickle.TUPLE + pickle.BUILD + pickle.STOP]
    return b"".join(opening + [_array(array) for array in arrays] + closing)


def _array(array: NDArray[np.generic]) -> bytes:
    shape = _integer(len(array)) + _integer(3) + pickle.TUPLE2
    state = _integer(1) + shape + pickle.BINGET + _DTYPE + pickle.NEWFALSE + _bytes(array.tobytes())
    return _EMPTY_ARRAY + pickle.MARK + state + pickle.TUPLE + pickle.BUILD


def _dtype(code: str, order: str, *, flags: int) -> bytes:
    made = pickle.GLOBAL + b"numpy\ndtype\n" + _text(code) + pickle.NEWFALSE + pickle.NEWTRUE
    state = _integer(3) + _text(order) + 3 * pickle.NONE + 2 * _integer(-1) + _integer(flags)
    return made + pickle.TUPLE3 + pickle.REDUCE + pickle.MARK + state + pickle.TUPLE + pickle.BUILD


def _integer(value: int) -> bytes:
    return pickle.BININT + value.to_bytes(4, "little", signed=True)


def _bytes(value: bytes) -> bytes:
    return pickle.BINBYTES + len(value).to_bytes(4, "little") + value


def _text(value: str) -> bytes:
    return pickle.BINUNICODE + len(value).to_bytes(4, "little") + value.encode()
