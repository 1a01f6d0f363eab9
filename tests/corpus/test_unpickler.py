from __future__ import annotations

import os
import pickle
import struct
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from limner.corpus.unpickler import ForbiddenGlobalError, PickledArray, unpickle

ARRAYS = [
    np.array([[1, 2, 0], [3, 4, 1]], dtype)
    for dtype in ("i1", "u1", "i2", ">i2", "i4", "i8", "f2", "f4", ">f4", "f8", "?")
] + [
    np.zeros((0, 3), "i2"),
    np.asfortranarray(np.arange(12, dtype="i2").reshape(4, 3)),
    np.zeros((), "f8"),
]
RECONSTRUCT = b"cnumpy.core.multiarray\n_reconstruct\n"
EMPTY_ARRAY = RECONSTRUCT + b"cnumpy\nndarray\nK\x00\x85C\x01b\x87R"
INT16 = b"cnumpy\ndtype\nX\x02\x00\x00\x00i2K\x00K\x01\x87R"
OBJECTS = b"cnumpy\ndtype\nX\x02\x00\x00\x00O8K\x00K\x01\x87R"


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("array", ARRAYS, ids=lambda a: f"{a.dtype.str}{a.shape}")
def test_arrays_of_all_protocols(array: np.ndarray, protocol: int) -> None:
    value = unpickle(pickle.dumps(array, protocol))
    assert isinstance(value, PickledArray)
    assert (value.shape, value.ndim, value.size) == (array.shape, array.ndim, array.size)
    result = value.to_numbers()
    assert result.dtype == array.dtype
    np.testing.assert_array_equal(result, array)


@pytest.mark.parametrize("protocol", range(6))
def test_nested_object_arrays_and_scalars(protocol: int) -> None:
    inner = np.array([[np.int16(1), 2.5, 0], [np.float32(4), True, 1]], object)
    outer = np.empty(2, object)
    outer[:] = [inner, np.arange(3, dtype="f4").reshape(1, 3)]
    items = unpickle(pickle.dumps(outer, protocol)).items()
    assert items[0].to_numbers().tolist() == [[1, 2.5, 0], [4, 1, 1]]
    assert items[1].to_numbers().tolist() == [[0, 1, 2]]


def test_blocks_of_objects_come_apart_along_the_first_dimension() -> None:
    block = np.array([[[1, 2, 0], [3, 4, 1]], [[5, 6, 0], [7, 8, 1]]], object)
    items = unpickle(pickle.dumps(np.asfortranarray(block))).items()
    assert [item.to_numbers().tolist() for item in items] == block.tolist()


def test_python_2_wrote_bytes_as_text() -> None:
    content = np.array([[200, -2, 1]], "<i2").tobytes()
    state = b"(K\x01K\x01K\x03\x86" + INT16 + b"\x89U" + bytes([len(content)]) + content + b"tb."
    assert unpickle(b"\x80\x02" + EMPTY_ARRAY + state).to_numbers().tolist() == [[200, -2, 1]]


class Calls:
    """Pickles as a call of something else."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = function, arguments

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return self.call


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (Calls(os.system, "touch pwned"), "system"),
        (Calls(eval, "open('pwned', 'w')"), r"builtin.*\.eval"),
        (Calls(np.load, "pwned"), "numpy.load"),
        (Calls(np.zeros, (9,)), "numpy.zeros"),
        (OrderedDict(a=1), "collections.OrderedDict"),
        (np.datetime64("2020-01-01"), "instead of numbers"),
    ],
    ids=["system", "eval", "load", "zeros", "OrderedDict", "datetime64"],
)
@pytest.mark.parametrize("protocol", range(6))
def test_nothing_else_is_called(
    value: object, name: str, protocol: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outer = np.empty(1, object)
    outer[0] = value
    monkeypatch.chdir(tmp_path)
    with pytest.raises(pickle.UnpicklingError, match=name):
        unpickle(pickle.dumps(outer, protocol))
    assert not list(tmp_path.iterdir())


def test_the_forbidden_name_is_told() -> None:
    with pytest.raises(ForbiddenGlobalError, match=r"^os\.system$"):
        unpickle(b"cos\nsystem\n.")
    with pytest.raises(ForbiddenGlobalError, match=r"^numpy\.core\.multiarray\.fromfile$"):
        unpickle(b"cnumpy.core.multiarray\nfromfile\n.")


HUGE = struct.pack("<Q", 1 << 44)


@pytest.mark.parametrize(
    "pickled",
    [
        b"\x80\x05\x8e" + HUGE + b"ab.",  # BINBYTES8
        b"\x80\x05\x96" + HUGE + b"ab.",  # BYTEARRAY8
        b"\x80\x05\x8d" + HUGE + b"ab.",  # BINUNICODE8
        b"\x80\x05\x95" + HUGE + b"ab.",  # FRAME
        b"\x80\x02" + EMPTY_ARRAY + b"(K\x01\x8a\x06\x00\x00\x00\x00\x00\x10\x85" + OBJECTS + b"\x89]tb.",
        b"\x80\x02" + EMPTY_ARRAY + b"(K\x01\x8a\x06\x00\x00\x00\x00\x00\x10\x85" + INT16 + b"\x89U\x00tb.",
        b"\x80\x02" + RECONSTRUCT + b"cnumpy\nndarray\n\x8a\x06\x00\x00\x00\x00\x00\x10\x85\x85R}b.",
    ],
    ids=["bytes", "bytearray", "text", "frame", "objects", "numbers", "reconstruct"],
)
def test_announced_sizes_take_no_memory(pickled: bytes) -> None:
    with pytest.raises(pickle.UnpicklingError):
        unpickle(pickled)


def test_a_high_memo_number_takes_no_memory() -> None:
    assert unpickle(b"\x80\x02Nr\xff\xff\xff\xff.") is None
    assert unpickle(b"Np999999999999\n.") is None


@pytest.mark.parametrize(
    "pickled",
    [
        RECONSTRUCT + b"}X\x01\x00\x00\x00aK\x01sb.",  # BUILD with a state
        RECONSTRUCT + b"N}X\x08\x00\x00\x00__call__K\x01s\x86b.",  # BUILD with slots
        b"cnumpy\nndarray\n)\x81.",  # NEWOBJ
        b"cnumpy\nndarray\n)R.",  # REDUCE of what is no function here
        b"c__builtin__\nbytes\nK\x09\x85R.",  # bytes(9)
        EMPTY_ARRAY + b"}X\x01\x00\x00\x00aK\x01sb.",
        EMPTY_ARRAY + b"(K\x01K\x01K\x03\x86K\x05\x89C\x06abcdeftb.",  # a dtype that is none
        EMPTY_ARRAY + b"(K\x01K\x01J\xff\xff\xff\xff\x86" + INT16 + b"\x89C\x00tb.",  # a negative length
        EMPTY_ARRAY + b"(K\x01K\x01K\x03\x86" + INT16 + b"\x89C\x05abcdetb.",  # too few bytes
        b"",
        b"hello",
    ],
)
def test_damage_is_told_as_such(pickled: bytes) -> None:
    with pytest.raises(pickle.UnpicklingError):
        unpickle(b"\x80\x03" + pickled)
    assert unpickle(pickle.dumps(ARRAYS[0])).to_numbers().tolist() == ARRAYS[0].tolist(), "it left traces"


def test_every_cut_of_a_pickle_is_refused() -> None:
    whole = pickle.dumps(ARRAYS[2], 2)
    for length in range(len(whole)):
        with pytest.raises(pickle.UnpicklingError):
            unpickle(whole[:length])


@pytest.mark.parametrize("item", ["1", None, [1], {}])
def test_objects_that_are_no_numbers(item: object) -> None:
    array = np.empty((1, 3), object)
    array[0, 1] = item
    with pytest.raises(ValueError, match="not numbers"):
        unpickle(pickle.dumps(array)).to_numbers()
