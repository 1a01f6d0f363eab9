"""The members of an npz file: arrays in numpy's own format, read from untrusted files.

A header may announce any shape; memory is allocated only for what the file holds.
"""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib import format as numpy_format

from limner.corpus.unpickler import PickledArray, unpickle

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SMALL = 1 << 28
"""Bytes of a member that is always read."""
_MOST_GROWTH = 200
"""A larger one may not unpack to more than this many times its size: drawings grow by 2 to 5."""


class DamagedArrayError(ValueError):
    """An array that cannot be read; the message is a clause that says why."""


@dataclass(frozen=True)
class Member:
    """An array in a file.

    Parameters
    ----------
    size : int
        In bytes.
    packed : int
        Its bytes in the file, compressed.
    read : callable
        Returns its bytes.
    """

    size: int
    packed: int
    read: Callable[[], bytes]


def read_array(member: Member) -> NDArray[Any] | PickledArray:
    """Read one array.

    Returns
    -------
    array of numbers or text, or PickledArray
        The latter for an array of objects.

    Raises
    ------
    DamagedArrayError
        If the header is no header, promises more than there is, or the array holds something else.
    pickle.UnpicklingError
        If an object array cannot be unpickled or wants to run something.
    """
    if member.size > max(_SMALL, _MOST_GROWTH * member.packed):
        raise DamagedArrayError(f"would unpack {member.packed:,} bytes to {member.size:,}")
    data = member.read()
    shape, fortran, dtype, begin = _read_header(data)
    if dtype.kind == "O":
        return _read_objects(data[begin:])
    if dtype.kind not in "biufU":
        raise DamagedArrayError(f"holds values of type {dtype} instead of numbers")
    if not dtype.itemsize or math.prod(shape) * dtype.itemsize != len(data) - begin:
        raise DamagedArrayError("does not hold as much as its header promises")
    flat = np.frombuffer(data, dtype, offset=begin)
    return flat.reshape(shape, order="F" if fortran else "C") if flat.size else flat


def _read_header(data: bytes) -> tuple[tuple[int, ...], bool, np.dtype[Any], int]:
    stream = io.BytesIO(data)
    try:
        version = numpy_format.read_magic(stream)
        read = numpy_format.read_array_header_1_0 if version == (1, 0) else numpy_format.read_array_header_2_0
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # numpy warns of headers that Python 2 wrote
            shape, fortran, dtype = read(stream)
    except (
        Exception
    ) as error:  # a damaged header fails in many ways: ValueError, TokenError, MemoryError, ...
        raise DamagedArrayError("has a header that is not numpy's") from error
    if not all(type(length) is int and length >= 0 for length in shape):
        raise DamagedArrayError(f"has a header with the shape {shape}")
    return shape, fortran, dtype, stream.tell()


def _read_objects(pickled: bytes) -> PickledArray:
    value = unpickle(pickled)
    if not isinstance(value, PickledArray) or not value.filled:
        raise DamagedArrayError("is no array")
    return value
