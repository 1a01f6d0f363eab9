"""Checkpoints of TensorFlow 1, as an independent writer makes them: read, found, and refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from limner.errors import DataError
from limner.interchange.checkpoint import find_prefix, is_checkpoint, read_checkpoint
from limner.interchange.sstable import read_table

Write = Callable[..., None]
CHANCE = np.random.default_rng(0)
VARIABLES: dict[str, Any] = {
    "vector_rnn/RNN/output_w": CHANCE.normal(size=(7, 15)).astype(np.float32),
    "vector_rnn/RNN/output_b": CHANCE.normal(size=15).astype(np.float32),
    "vector_rnn/RNN/LSTMCell/W_hh": CHANCE.normal(size=(40, 40)).astype(np.float32),
    "vector_rnn/scalar": np.float32(3).reshape(()),
    "vector_rnn/RNN/LSTMCell/W_hh/Adam": CHANCE.normal(size=(40, 40)).astype(np.float32),
    "global_step": np.array(7, np.int64),
    **{f"Variable_{k}": np.array([k], np.float64) for k in range(9)},
}


def _all(name: str) -> bool:
    return bool(VARIABLES[name].dtype == np.float32)


@pytest.fixture
def prefix(tmp_path: Path, write_checkpoint: Write) -> Path:
    write_checkpoint(tmp_path / "vector-500", VARIABLES)
    return tmp_path / "vector-500"


@pytest.mark.parametrize("shards", [1, 2, 3])
@pytest.mark.parametrize("entries_a_block", [1, 4, 100])
def test_all_values_come_back(
    tmp_path: Path, write_checkpoint: Write, shards: int, entries_a_block: int
) -> None:
    write_checkpoint(tmp_path / "v", VARIABLES, shards=shards, entries_a_block=entries_a_block)
    found, files = read_checkpoint(tmp_path / "v", _all)
    assert set(found) == {name for name in VARIABLES if _all(name)}
    for name, value in found.items():
        assert value.dtype == np.float32
        assert np.array_equal(value, VARIABLES[name])
    shard_names = [f"v.data-{k:05d}-of-{shards:05d}" for k in range(shards)]
    assert [file.name for file in files] == ["v.index", *shard_names]


def test_only_what_is_wanted_is_read(prefix: Path) -> None:
    found, _ = read_checkpoint(prefix, lambda name: name == "vector_rnn/scalar")
    assert {name: float(value) for name, value in found.items()} == {"vector_rnn/scalar": 3.0}


def test_table_keeps_long_shared_keys(prefix: Path) -> None:
    table = read_table(prefix.with_name("vector-500.index").read_bytes())
    assert set(table) == {b"", *(name.encode() for name in VARIABLES)}


# Which files ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["vector-500", "vector-500.index", "vector-500.data-00000-of-00001"])
def test_every_name_of_a_checkpoint_will_do(prefix: Path, name: str) -> None:
    assert find_prefix(prefix.with_name(name)) == prefix
    assert is_checkpoint(prefix.with_name(name))


def test_a_folder_with_one(prefix: Path) -> None:
    assert find_prefix(prefix.parent) == prefix
    assert is_checkpoint(prefix.parent)


@pytest.mark.parametrize("latest", ["vector-500", "/home/somebody/logs/vector-500", "C:\\logs\\vector-500"])
def test_the_latest_of_several(prefix: Path, write_checkpoint: Write, latest: str) -> None:
    write_checkpoint(prefix.with_name("vector-900"), VARIABLES)
    with pytest.raises(DataError, match="vector-500, vector-900; name one"):
        find_prefix(prefix.parent)
    text = f'model_checkpoint_path: "{latest}"\nall_model_checkpoint_paths: "vector-900"\n'
    (prefix.parent / "checkpoint").write_text(text)
    assert find_prefix(prefix.parent) == prefix


def test_no_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no checkpoint"):
        find_prefix(tmp_path)
    assert not is_checkpoint(tmp_path / "vector")
    with pytest.raises(DataError, match=r"vector\.index does not exist"):
        read_checkpoint(tmp_path / "vector", _all)


# Damage -----------------------------------------------------------------------------------------


def _flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 0x40
    path.write_bytes(data)


def test_a_missing_shard(prefix: Path) -> None:
    prefix.with_name("vector-500.data-00000-of-00001").unlink()
    with pytest.raises(DataError, match="data-00000-of-00001 does not exist"):
        read_checkpoint(prefix, _all)


def test_a_short_shard(prefix: Path) -> None:
    shard = prefix.with_name("vector-500.data-00000-of-00001")
    shard.write_bytes(shard.read_bytes()[:-5000])
    with pytest.raises(DataError, match="data-00000-of-00001 is cut short or damaged"):
        read_checkpoint(prefix, _all)


def test_a_flipped_bit_in_a_shard(prefix: Path) -> None:
    shard = prefix.with_name("vector-500.data-00000-of-00001")
    _flip(shard, shard.stat().st_size // 2)
    with pytest.raises(DataError, match="the checksum of vector_rnn/RNN/LSTMCell/W_hh"):
        read_checkpoint(prefix, _all)


def test_values_of_another_type(prefix: Path) -> None:
    with pytest.raises(DataError, match="global_step does not hold whole float32"):
        read_checkpoint(prefix, lambda name: name == "global_step")


@pytest.mark.parametrize("content", [b"", b"no table", bytes(100), b"x" * 4000])
def test_no_index(prefix: Path, content: bytes) -> None:
    prefix.with_name("vector-500.index").write_bytes(content)
    with pytest.raises(DataError, match=r"vector-500\.index is no index .* does not end as a table"):
        read_checkpoint(prefix, _all)


def test_every_flipped_bit_of_the_index_is_refused(prefix: Path) -> None:
    """Or lies in what nobody reads: the meta index, the padding of the footer."""
    index = prefix.with_name("vector-500.index")
    whole = index.read_bytes()
    unread = len(whole) - 48 - 1000
    refused: list[str] = []
    for place in range(0, len(whole), 7):
        index.write_bytes(whole)
        _flip(index, place)
        try:
            found, _ = read_checkpoint(prefix, _all)
        except DataError as error:
            refused.append(str(error))
        else:
            assert place > unread
            assert np.array_equal(found["vector_rnn/RNN/output_b"], VARIABLES["vector_rnn/RNN/output_b"])
    assert len(refused) > len(whole) // 7 * 0.9
    assert all("vector-500" in sentence for sentence in refused)


def test_a_short_index(prefix: Path) -> None:
    index = prefix.with_name("vector-500.index")
    whole = index.read_bytes()
    index.write_bytes(whole[:100] + whole[-48:])
    with pytest.raises(DataError, match=r"vector-500\.index is no index of a checkpoint, or is damaged"):
        read_checkpoint(prefix, _all)
