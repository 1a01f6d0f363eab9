"""Read checkpoints of TensorFlow 1 (format V2) without TensorFlow.

``PREFIX.index`` is a table with a header under the empty key, and under each variable's name the location of
its values in the shards ``PREFIX.data-00000-of-0000N``. Beside it sketch-rnn writes ``checkpoint``, a text
that names the latest prefix, and ``model_config.json``. Source: TensorFlow's ``tensor_bundle.proto``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from limner.errors import DataError
from limner.interchange.crc32c import masked_crc32c
from limner.interchange.protobuf import Value, read_fields
from limner.interchange.sstable import read_table

FLOAT32 = 1
LITTLE_ENDIAN = 0

_SHARD = re.compile(r"\.data-\d{5}-of-\d{5}$")


@dataclass(frozen=True)
class TensorEntry:
    """Type, shape and location of a variable's values."""

    kind: int
    shape: tuple[int, ...]
    shard: int
    offset: int
    size: int
    checksum: int
    sliced: bool


def find_prefix(source: Path) -> Path:
    """Return the prefix of a checkpoint.

    Parameters
    ----------
    source : Path
        A folder, an ``.index`` file, a shard, or the prefix itself.

    Raises
    ------
    DataError
        If there is no checkpoint.
    """
    if not source.is_dir():
        name = _SHARD.sub("", source.name).removesuffix(".index")
        return source.with_name(name)
    named = _latest(source / "checkpoint")
    prefixes = sorted(path.name.removesuffix(".index") for path in source.glob("*.index"))
    if named in prefixes or (named and not prefixes):
        return source / named
    if len(prefixes) == 1:
        return source / prefixes[0]
    why = (
        f"holds the checkpoints {', '.join(prefixes[:4])}; name one of them"
        if prefixes
        else "holds no checkpoint"
    )
    raise DataError(f"{source} {why}.")


def is_checkpoint(source: Path) -> bool:
    """Return whether a path is a folder with a checkpoint, its prefix, or one of its files."""
    if source.is_dir():
        return (source / "checkpoint").is_file() or any(source.glob("*.index"))
    return _index(find_prefix(source)).is_file()


def read_checkpoint(
    prefix: Path, wanted: Callable[[str], bool]
) -> tuple[dict[str, NDArray[np.float32]], list[Path]]:
    """Read the variables that a predicate of their names selects.

    Returns
    -------
    variables : dict
    files : list of Path
        All that were read.

    Raises
    ------
    DataError
        If a file is missing or damaged, or a wanted variable does not hold whole float32 values.
    """
    index = _index(prefix)
    try:
        table = read_table(index.read_bytes())
        shards, endianness = _header(table.pop(b""))
        entries = {key.decode(): _entry(value) for key, value in table.items() if wanted(key.decode())}
    except FileNotFoundError as error:
        raise DataError(f"{index} does not exist; a checkpoint of format V2 has such a file.") from error
    except KeyError as error:
        raise DataError(f"{index} is no index of a checkpoint: it has no header.") from error
    except ValueError as error:
        raise DataError(f"{index} is no index of a checkpoint, or is damaged: {error}.") from error
    if endianness != LITTLE_ENDIAN:
        raise DataError(f"{index} was written on a big-endian machine, which limner does not read.")
    files: dict[Path, bytes] = {}
    variables = {}
    for name, entry in entries.items():
        path = prefix.with_name(f"{prefix.name}.data-{entry.shard:05d}-of-{shards:05d}")
        if path not in files:
            files[path] = _read(path)
        variables[name] = _values(name, entry, files[path], path)
    return variables, [index, *sorted(files)]


def _index(prefix: Path) -> Path:
    return prefix.with_name(f"{prefix.name}.index")


def _latest(file: Path) -> str:
    """Return the name of the latest prefix, without the path, which may be another machine's."""
    if not file.is_file():
        return ""
    match = re.search(r'^model_checkpoint_path:\s*"(.*)"', file.read_text("utf-8", "replace"), re.MULTILINE)
    return re.split(r"[/\\]", match[1])[-1] if match else ""


def _header(message: bytes) -> tuple[int, int]:
    fields = dict(read_fields(message))
    return _whole(fields.get(1, 1)), _whole(fields.get(2, LITTLE_ENDIAN))


def _entry(message: bytes) -> TensorEntry:
    fields = dict(read_fields(message))
    shape = fields.get(2, b"")
    sizes = [_dimension(value) for number, value in read_fields(_bytes(shape)) if number == 2]
    kind, shard, offset, size, checksum = (_whole(fields.get(k, 0)) for k in (1, 3, 4, 5, 6))
    return TensorEntry(kind, tuple(sizes), shard, offset, size, checksum, sliced=7 in fields)


def _dimension(message: Value) -> int:
    return _whole(dict(read_fields(_bytes(message))).get(1, 0))


def _whole(value: Value) -> int:
    if not isinstance(value, int):
        raise ValueError("a field is not the number that it should be")
    return value


def _bytes(value: Value) -> bytes:
    if not isinstance(value, bytes):
        raise ValueError("a field is not the message that it should be")
    return value


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise DataError(f"{path} does not exist; the checkpoint's values should lie there.") from error


def _values(name: str, entry: TensorEntry, data: bytes, path: Path) -> NDArray[np.float32]:
    if entry.kind != FLOAT32 or entry.sliced:
        raise DataError(f"{path}: the variable {name} does not hold whole float32 values.")
    raw = data[entry.offset : entry.offset + entry.size]
    if len(raw) != entry.size or entry.size != 4 * math.prod(entry.shape):
        raise DataError(f"{path} is cut short or damaged: the values of {name} are not all there.")
    if masked_crc32c(raw) != entry.checksum:
        raise DataError(f"{path} is damaged: the checksum of {name} is wrong.")
    return np.frombuffer(raw, "<f4").astype(np.float32).reshape(entry.shape)
