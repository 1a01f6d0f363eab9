"""Safetensors files with a header."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.torch import save

from limner.errors import DataError
from limner.safetensors_io import read_safetensors, write_safetensors

ARRAYS: dict[str, NDArray[Any]] = {
    "b": np.arange(6, dtype=np.float32).reshape(2, 3).T,
    "a": np.array([1.5, -2.0], np.float16),
    "count": np.array(7, np.int64),
}


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_safetensors(tmp_path / "x", ARRAYS, key="limner", header='{"a": 1}')
    arrays, header = read_safetensors(tmp_path / "x", key="limner", kind="a test")
    assert header == '{"a": 1}'
    assert {name: (value.dtype, value.shape) for name, value in arrays.items()} == {
        name: (value.dtype, value.shape) for name, value in ARRAYS.items()
    }
    for name, value in ARRAYS.items():
        np.testing.assert_array_equal(arrays[name], value)
    assert read_safetensors(tmp_path / "x", key="other", kind="a test")[1] is None


def test_arrays_and_tensors_give_the_same_bytes(tmp_path: Path) -> None:
    write_safetensors(tmp_path / "x", ARRAYS, key="limner", header="h")
    tensors = {name: torch.from_numpy(value.copy()).contiguous() for name, value in ARRAYS.items()}
    assert (tmp_path / "x").read_bytes() == save(tensors, metadata={"limner": "h"})
    read, _ = read_safetensors(tmp_path / "x", key="limner", kind="a test", framework="pt")
    assert all(torch.equal(read[name], tensors[name]) for name in tensors)


def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.safetensors"))
    write_safetensors(path, ARRAYS, key="limner", header="h")
    assert read_safetensors(path, key="limner", kind="a test")[1] == "h"


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.safetensors"
    with pytest.raises(DataError, match=r"x\.safetensors cannot be read as a test: "):
        read_safetensors(path, key="limner", kind="a test")
    write_safetensors(path, ARRAYS, key="limner", header="h")
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(DataError, match=r"x\.safetensors cannot be read as a test: "):
        read_safetensors(path, key="limner", kind="a test")
