from __future__ import annotations

import io
import pickle
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from limner.corpus.npy import DamagedArrayError, Member, read_array
from limner.corpus.unpickler import PickledArray


def header(shape: tuple[int, ...], descr: str, *, fortran: bool = False) -> bytes:
    stream = io.BytesIO()
    facts = {"descr": descr, "fortran_order": fortran, "shape": shape}
    np.lib.format.write_array_header_1_0(stream, facts)
    return stream.getvalue()


def read(tmp_path: Path, content: bytes) -> np.ndarray | PickledArray:
    with zipfile.ZipFile(tmp_path / "x.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.npy", content)
    with zipfile.ZipFile(tmp_path / "x.npz") as archive:
        info = archive.infolist()[0]
        return read_array(Member(info.file_size, info.compress_size, lambda: archive.read(info)))


@pytest.mark.parametrize("fortran", [False, True])
@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_numbers(tmp_path: Path, fortran: bool, version: tuple[int, int]) -> None:
    array = np.arange(12, dtype=">i2").reshape(2, 2, 3)
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.asfortranarray(array) if fortran else array, version)
    result = read(tmp_path, stream.getvalue())
    np.testing.assert_array_equal(result, array)


def test_objects(tmp_path: Path) -> None:
    content = header((2,), "|O") + pickle.dumps(np.array([1, 2], object))
    result = read(tmp_path, content)
    assert isinstance(result, PickledArray)
    assert result.items() == [1, 2]


def test_a_header_of_python_2_is_read_without_a_warning(tmp_path: Path) -> None:
    text = b"{'descr': '<i2', 'fortran_order': False, 'shape': (2L, 3L), }"
    text += b" " * (117 - len(text)) + b"\n"
    content = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + bytes(12)
    assert np.asarray(read(tmp_path, content)).tolist() == [[0, 0, 0], [0, 0, 0]]


def test_nothing_in_it(tmp_path: Path) -> None:
    result = read(tmp_path, header((0, 1 << 60), "<f8"))
    assert isinstance(result, np.ndarray)
    assert result.size == 0


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (header((1 << 40, 3), "<f8"), "as much as its header promises"),
        (header((2, 3), "<i2") + bytes(11), "as much as its header promises"),
        (header((2, 3), "<i2") + bytes(13), "as much as its header promises"),
        (header((-2, -3), "<i2") + bytes(12), "shape"),
        (header((2,), "|V3") + bytes(6), "instead of numbers"),
        (header((2,), "<c8") + bytes(16), "instead of numbers"),
        (header((2,), "<M8[s]") + bytes(16), "instead of numbers"),
        (header((2,), "<U0"), "as much"),
        (header((2,), "[('a', 'O')]"), "header"),
        (header((2,), "|O") + pickle.dumps([1, 2]), "no array"),
        (b"\x93NUMPY\x01\x00" + struct.pack("<H", 9000) + b"(" * 9000, "header"),
        (b"\x93NUMPY\x07\x00\x00\x00", "header"),
        (b"hello", "header"),
        (b"", "header"),
    ],
)
def test_damage(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(DamagedArrayError, match=reason):
        read(tmp_path, content)


def test_a_bomb_is_not_unpacked() -> None:
    def unpack() -> bytes:
        raise AssertionError("it was unpacked")

    with pytest.raises(DamagedArrayError, match="would unpack"):
        read_array(Member(1 << 34, 1 << 10, unpack))
