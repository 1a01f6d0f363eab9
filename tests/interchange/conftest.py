"""Torch in this room runs in one thread; small networks, and files of other programs made by hand."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from limner.models.build import build_model
from limner.models.config import CellName, DecoderConfig, EncoderConfig, ModelConfig
from limner.models.protocol import SketchModel
from limner.models.weights import Card

Document = list[Any]
"""``[info, shapes, blobs]``."""


@pytest.fixture(autouse=True)
def _one_thread(one_thread: None) -> None:
    """Apply the shared fixture to every test here."""


@pytest.fixture(scope="session")
def make_network() -> Callable[..., SketchModel]:
    """Return a function that makes a small network with random weights."""

    def make(
        conditional: bool = True,
        decoder: CellName = "lstm",
        encoder: CellName | None = None,
        *,
        classes: int = 0,
        **changes: Any,
    ) -> SketchModel:
        torch.manual_seed(0)
        config = ModelConfig(
            conditional=conditional,
            latent_size=4,
            classes=classes,
            class_size=3,
            encoder=EncoderConfig(cell=encoder or decoder, size=6),
            decoder=DecoderConfig(cell=decoder, size=8, **changes),
        )
        network = build_model(config).eval()
        with torch.no_grad():
            for value in network.parameters():
                value.add_(0.3 * torch.randn_like(value))
        return network

    return make


@pytest.fixture(scope="session")
def make_card() -> Callable[..., Card]:
    """Return a function that makes a card for a network."""

    def make(network: SketchModel, **changes: Any) -> Card:
        facts: dict[str, Any] = {
            "scale_factor": 20.0, "n_max": 30, "extent": 200.0, "start": (0.0, 0.0), "start_reach": 5.0,
            "tolerance": 2.0, "classes": ("cat",),
        }  # fmt: skip
        return Card(config=network.config, **(facts | changes))

    return make


# sketch-rnn-js -----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def make_document() -> Callable[..., Document]:
    """Return a function that makes a document of sketch-rnn-js of random integers."""

    def make(conditional: bool = False, **info: Any) -> Document:
        e, h, z, m = 3, 5, 2, 20
        shapes = [[h, 3 + 6 * m], [3 + 6 * m], [5, 4 * h], [h, 4 * h], [4 * h]]
        if conditional:
            one = [[5, 4 * e], [e, 4 * e], [4 * e]]
            shapes[2] = [5 + z, 4 * h]
            shapes = [*one, *one, *[[2 * e, z], [z]] * 2, [z, 2 * h], [2 * h], *shapes]
        chance = np.random.default_rng(0)
        arrays = [chance.integers(-32768, 32768, shape).astype("<i2") for shape in shapes]
        blobs = [base64.b64encode(array.tobytes()).decode() for array in arrays]
        facts = {
            "mode": 1 if conditional else 2, "version": 6, "max_seq_len": 12, "name": "cat",
            "scale_factor": 80.5,
        }  # fmt: skip
        return [facts | info, shapes, blobs]

    return make


@pytest.fixture
def save_document(tmp_path: Path) -> Callable[[Document], Path]:
    """Return a function that writes a document to ``cat.gen.json``."""

    def save(document: Document, name: str = "cat.gen.json") -> Path:
        path = tmp_path / name
        path.write_text(json.dumps(document))
        return path

    return save


# TensorFlow's checkpoints ------------------------------------------------------------------------


@pytest.fixture(scope="session")
def write_checkpoint() -> Callable[..., None]:
    """Return a writer of checkpoints that follows the description of the format alone."""
    return _write_checkpoint


def _write_checkpoint(
    prefix: Path, variables: Mapping[str, NDArray[Any]], *, shards: int = 1, entries_a_block: int = 5
) -> None:
    """Write ``PREFIX.index`` and its shards; variables go to the shards in turn."""
    data, entries = [bytearray() for _ in range(shards)], {b"": _header(shards)}
    for k, name in enumerate(sorted(variables)):
        array, shard = variables[name], k % shards
        raw = array.tobytes()
        entries[name.encode()] = _entry(array, shard, len(data[shard]), raw)
        data[shard] += raw
    for k, values in enumerate(data):
        prefix.with_name(f"{prefix.name}.data-{k:05d}-of-{shards:05d}").write_bytes(values)
    prefix.with_name(f"{prefix.name}.index").write_bytes(_table(entries, entries_a_block))


def _header(shards: int) -> bytes:
    return _field(1, shards) + _field(3, _field(1, 1))  # version.producer; little-endian is left out


def _entry(array: NDArray[Any], shard: int, offset: int, raw: bytes) -> bytes:
    kind = {"float32": 1, "float64": 2, "int32": 3, "int64": 9}[array.dtype.name]
    shape = b"".join(_field(2, _field(1, n)) for n in array.shape)
    message = _field(1, kind) + _field(2, shape)
    message += _field(3, shard) if shard else b""
    message += _field(4, offset) if offset else b""
    return message + _field(5, len(raw)) + bytes([6 << 3 | 5]) + struct.pack("<I", _masked_crc(raw))


def _field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    low = [value & 127]
    while value := value >> 7:
        low.append(value & 127)
    return bytes([*(byte | 128 for byte in low[:-1]), low[-1]])


def _table(entries: Mapping[bytes, bytes], entries_a_block: int) -> bytes:
    out, index, keys = b"", {}, sorted(entries)
    for k in range(0, len(keys), entries_a_block):
        some = keys[k : k + entries_a_block]
        block = _block({key: entries[key] for key in some}, restart_every=3)
        index[some[-1] + b"\x01"] = _varint(len(out)) + _varint(len(block))
        out += _with_trailer(block)
    handles = b""
    for block in (_block({}, 1), _block(index, 1)):
        handles += _varint(len(out)) + _varint(len(block))
        out += _with_trailer(block)
    return out + handles.ljust(40, b"\0") + struct.pack("<Q", 0xDB4775248B80FB57)


def _block(entries: Mapping[bytes, bytes], restart_every: int) -> bytes:
    out, restarts, before = b"", [0], b""
    for k, key in enumerate(sorted(entries)):
        shared = 0
        if k % restart_every:
            while shared < min(len(key), len(before)) and key[shared] == before[shared]:
                shared += 1
        elif k:
            restarts.append(len(out))
        value = entries[key]
        out += _varint(shared) + _varint(len(key) - shared) + _varint(len(value)) + key[shared:] + value
        before = key
    return out + struct.pack(f"<{len(restarts) + 1}I", *restarts, len(restarts))


def _with_trailer(block: bytes) -> bytes:
    return block + b"\0" + struct.pack("<I", _masked_crc(block + b"\0"))


def _masked_crc(data: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ _CRC_TABLE[(crc ^ byte) & 255]
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def _crc_of_byte(value: int) -> int:
    for _ in range(8):
        value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
    return value


_CRC_TABLE = [_crc_of_byte(value) for value in range(256)]
