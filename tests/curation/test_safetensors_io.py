"""Named arrays on disk."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from limner.curation.safetensors_io import read_archive, write_archive
from limner.errors import DataError

ARRAYS = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.zeros(0, np.float32)}


def test_there_and_back(tmp_path: Path) -> None:
    path = tmp_path / "x.safetensors"
    write_archive(path, "thing", ARRAYS, {"names": ["ä", "b"]})
    arrays, header = read_archive(path, "thing")
    assert header["names"] == ["ä", "b"]
    assert {name: value.tolist() for name, value in arrays.items()} == {
        name: value.tolist() for name, value in ARRAYS.items()
    }


def test_what_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.safetensors"
    write_archive(path, "thing", ARRAYS, {})
    with pytest.raises(DataError, match="no other that limner curate wrote"):
        read_archive(path, "other")
    with pytest.raises(DataError, match=r"nosuch\.safetensors"):
        read_archive(tmp_path / "nosuch.safetensors", "thing")
    whole = path.read_bytes()
    for cut in (0, 5, 40, len(whole) - 1):
        path.write_bytes(whole[:cut])
        with pytest.raises(DataError, match=r"x\.safetensors"):
            read_archive(path, "thing")
    write_archive(path, "thing", {"a": np.array([1, np.nan], np.float32)}, {})
    with pytest.raises(DataError, match="not finite"):
        read_archive(path, "thing")


@pytest.mark.parametrize("header", ["", "[]", "{", '{"kind": "thing", "format": 99}'])
def test_strange_headers(tmp_path: Path, header: str) -> None:
    path = tmp_path / "x.safetensors"
    save_file(ARRAYS, path, metadata={"limner": header})
    with pytest.raises(DataError, match=r"x\.safetensors"):
        read_archive(path, "thing")
    save_file(ARRAYS, path, metadata={"other": json.dumps({})})
    with pytest.raises(DataError, match=r"x\.safetensors"):
        read_archive(path, "thing")
