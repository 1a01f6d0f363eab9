"""Reading the pickled arrays of npz files without calling anything that the file names.

A pickle is a small program that may call any function it can name. Here it can name only what numpy's arrays
are made of, and each of those names stands for a harmless object of this module: nothing of numpy is called
while the pickle runs, sizes are checked before memory is allocated, and the result is data.
"""

from __future__ import annotations

import io
import pickle
import re
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from limner.corpus.numbers import as_numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NUMBER = re.compile(r"b1|[iu][1248]|f[248]|O8?")


class ForbiddenGlobalError(pickle.UnpicklingError):
    """A pickle asks for something that no array needs; the message is its dotted name."""


class PickledDtype:
    """Stands for ``numpy.dtype``: the code of a number format, such as ``i2``, and a byte order."""

    __slots__ = ("dtype",)

    def __init__(self, code: str) -> None:
        if not isinstance(code, str) or not _NUMBER.fullmatch(code):
            raise pickle.UnpicklingError(f"the array holds {code!r:.20} instead of numbers")
        self.dtype: np.dtype[Any] = np.dtype(code)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        if state[1] in ("<", ">") and self.dtype.kind != "O":
            self.dtype = self.dtype.newbyteorder(state[1])


class PickledArray:
    """Stands for ``numpy.ndarray``: a shape, a dtype and the bytes or the list of objects that fill it."""

    __slots__ = ("data", "dtype", "filled", "fortran", "shape")

    def __init__(self) -> None:
        self.shape: tuple[int, ...] = (0,)
        self.dtype: np.dtype[Any] = np.dtype("b1")
        self.fortran = False
        self.filled = False
        self.data: bytes | bytearray | str | list[Any] = b""

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        _, shape, dtype, fortran, data = state
        self.fill(data, dtype, shape, fortran=bool(fortran))

    def fill(self, data: Any, dtype: Any, shape: Any, *, fortran: bool) -> None:
        """Check that the parts fit each other, and keep them."""
        if not isinstance(dtype, PickledDtype) or not _is_shape(shape):
            raise pickle.UnpicklingError("an array has no proper shape or dtype")
        kind = list if dtype.dtype.kind == "O" else (bytes, bytearray, str)
        size = self._size(shape) * (1 if kind is list else dtype.dtype.itemsize)
        if not isinstance(data, kind) or len(data) != size:
            raise pickle.UnpicklingError("an array does not fill its shape")
        self.shape, self.dtype, self.fortran = shape, dtype.dtype, fortran
        self.data, self.filled = data, True

    @property
    def size(self) -> int:
        """Number of elements."""
        return self._size(self.shape)

    @property
    def ndim(self) -> int:
        """Number of dimensions."""
        return len(self.shape)

    def items(self) -> list[Any]:
        """Return the elements along the first dimension; arrays themselves if there are more dimensions."""
        if not self.size:  # a length of 0 may stand beside any other
            return []
        if not isinstance(self.data, list):
            return list(self.to_numbers())
        if self.ndim < 2:
            return self.data
        step = self.size // self.shape[0]
        return [self._part(self.data[at : at + step]) for at in range(0, self.size, step)]

    def _part(self, data: list[Any]) -> PickledArray:
        part = PickledArray()
        part.shape, part.dtype, part.data = self.shape[1:], self.dtype, data
        part.filled = True
        return part

    @staticmethod
    def _size(shape: tuple[int, ...]) -> int:
        size = 1
        for length in shape:
            size *= length
        return size

    def to_numbers(self) -> NDArray[Any]:
        """Return the array of numbers that this stands for.

        Raises
        ------
        ValueError
            If an element is not a number, or the array has a shape and no content.
        """
        if not self.filled:
            raise ValueError("it is no array: it asks for room and holds nothing")
        if isinstance(self.data, list):
            return as_numbers(self.data).reshape(self.shape)
        # Python 2 wrote bytes as text, one character a byte.
        raw = self.data.encode("latin1") if isinstance(self.data, str) else self.data
        return np.frombuffer(raw, self.dtype).reshape(self.shape, order="F" if self.fortran else "C")


def _is_shape(shape: Any) -> bool:
    return isinstance(shape, tuple) and all(type(length) is int and length >= 0 for length in shape)


class _Function:
    """An immutable callable, so that a pickle's BUILD cannot change it."""

    __slots__ = ()


class _Reconstruct(_Function):
    """``numpy.core.multiarray._reconstruct``: an empty array, to be filled."""

    __slots__ = ()

    def __call__(self, *_: Any) -> PickledArray:
        return PickledArray()


class _FromBuffer(_Function):
    """``numpy.core.numeric._frombuffer``: protocol 5's array."""

    __slots__ = ()

    def __call__(self, data: Any, dtype: Any, shape: Any, order: str) -> PickledArray:
        array = PickledArray()
        array.fill(data, dtype, shape, fortran=order == "F")
        return array


class _Scalar(_Function):
    """``numpy.core.multiarray.scalar``: one number."""

    __slots__ = ()

    def __call__(self, dtype: Any, data: Any) -> float:
        array = PickledArray()
        array.fill(data, dtype, (), fortran=False)
        if isinstance(array.data, list):
            raise pickle.UnpicklingError("a number has no proper dtype")
        return array.to_numbers().item()  # type: ignore[no-any-return]


class _Dtype(_Function):
    """``numpy.dtype``."""

    __slots__ = ()

    def __call__(self, code: Any, *_: Any) -> PickledDtype:
        return PickledDtype(code)


class _Encode(_Function):
    """``_codecs.encode``: bytes in the older protocols; the text is kept until the array is filled."""

    __slots__ = ()

    def __call__(self, text: Any, *_: Any) -> Any:
        return text


class _NoBytes(_Function):
    """``bytes``: called without arguments in the older protocols, for an empty array."""

    __slots__ = ()

    def __call__(self) -> bytes:
        return b""


class _Ndarray(_Function):
    """``numpy.ndarray``: only ever an argument of ``_reconstruct``."""

    __slots__ = ()


_ADMITTED = {
    **{(f"numpy.{core}.multiarray", "_reconstruct"): _Reconstruct() for core in ("core", "_core")},
    **{(f"numpy.{core}.multiarray", "scalar"): _Scalar() for core in ("core", "_core")},
    **{(f"numpy.{core}.numeric", "_frombuffer"): _FromBuffer() for core in ("core", "_core")},
    ("numpy", "ndarray"): _Ndarray(),
    ("numpy", "dtype"): _Dtype(),
    ("_codecs", "encode"): _Encode(),
    **{(module, "bytes"): _NoBytes() for module in ("__builtin__", "builtins")},
}


class _Unpickler(pickle._Unpickler):
    """Python's unpickler that is written in Python.

    The one in C allocates a memo as long as the largest memo index, and the file chooses the index. This one
    uses a dict, and is fast enough: most time goes into the arrays.
    """

    def find_class(self, module: str, name: str) -> Any:
        try:
            return _ADMITTED[module, name]
        except KeyError:
            raise ForbiddenGlobalError(f"{module}.{name}") from None

    def load_bytes(self) -> None:
        """Read the bytes that are there, instead of allocating first as many as are announced."""
        size = int.from_bytes(self.read(8), "little")  # type: ignore[attr-defined]
        self.append(self.read(size))  # type: ignore[attr-defined]

    dispatch: ClassVar[dict[int, Any]] = {**pickle._Unpickler.dispatch, pickle.BYTEARRAY8[0]: load_bytes}


def unpickle(data: bytes) -> Any:
    """Run a pickle that may hold arrays, lists, tuples, numbers and text.

    Returns
    -------
    object
        With a :class:`PickledArray` wherever the pickle has an array.

    Raises
    ------
    ForbiddenGlobalError
        If it names anything else; nothing of it has been called.
    pickle.UnpicklingError
        If it is damaged.
    """
    try:
        return _Unpickler(io.BytesIO(data), encoding="latin1").load()
    except pickle.UnpicklingError:
        raise
    except Exception as error:  # a damaged pickle fails in many ways: EOFError, KeyError, TypeError, ...
        raise pickle.UnpicklingError(str(error) or type(error).__name__) from error
