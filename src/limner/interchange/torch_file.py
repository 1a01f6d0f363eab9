"""Read tensors that torch saved, by their full names; nothing else is read from such files.

Programs with an encoder and a decoder often write one file for each, whose names differ in that word alone.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from limner.errors import DataError

SUFFIXES = (".pth", ".pt")
HALVES = ("encoder", "decoder")

DEEPEST, MOST_PARTS = 16, 100_000
"""Depth of nested dictionaries, and parts of a file: far more than any network has."""

_ASKED_FOR = re.compile(r"GLOBAL (\S+)")


def read_tensors(path: Path) -> tuple[dict[str, Tensor], tuple[Path, ...]]:
    """Read a file of tensors, and the file of its other half if there is one beside it.

    Parameters
    ----------
    path : Path
        A state dict, or a dictionary of state dicts, written by ``torch.save``.

    Returns
    -------
    tensors : dict of str to Tensor
        In float32, by names such as ``encoder.lstm.weight_ih_l0``.
    files : tuple of Path
        All that were read.

    Raises
    ------
    DataError
        If a file is damaged, holds no tensors, or holds objects other than tensors.
    """
    files = _halves(path)
    tensors: dict[str, Tensor] = {}
    for prefix, file in files.items():
        tensors |= {prefix + name: value for name, value in _read(file)}
    return tensors, tuple(files.values())


def _halves(path: Path) -> dict[str, Path]:
    """Return the files to read, by the prefix of their tensors' names."""
    named = [half for half in HALVES if half in path.name]
    if len(named) == 1:
        files = {f"{half}.": path.with_name(path.name.replace(named[0], half)) for half in HALVES}
        if all(file.is_file() for file in files.values()):
            return files
    return {"": path}


def _read(path: Path) -> Iterator[tuple[str, Tensor]]:
    count = 0
    for name, value in _tensors(_loaded(path), path):
        if value.layout != torch.strided or value.is_quantized or value.is_complex():
            raise DataError(f"{path}: {name} is no plain array of numbers.")
        if value.is_meta:
            raise DataError(
                f"{path} holds the shape of {name}, but not its numbers; save it from a CPU or GPU."
            )
        if value.numel() * value.element_size() > value.untyped_storage().nbytes():
            raise DataError(f"{path}: {name} is larger than what the file holds of it.")
        numbers = value.float()
        if not numbers.isfinite().all():
            raise DataError(f"{path}: {name} holds values that are not finite numbers of 32 bits.")
        count += 1
        yield name, numbers
    if not count:
        raise DataError(f"{path} holds no tensors; save the state_dict() of a network and import that.")


def _loaded(path: Path) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # a damaged file fails in many ways
        if asked := _ASKED_FOR.search(str(error)):
            raise DataError(
                f"{path} holds more than tensors, such as {asked[1]}; save the state_dict() of the network "
                "and import that."
            ) from error
        raise DataError(f"{path} cannot be read; it is damaged, or not a file that torch saved.") from error


def _tensors(value: Any, path: Path) -> Iterator[tuple[str, Tensor]]:
    """Yield the tensors in nested dictionaries, by their keys joined with dots.

    A small file can hold dictionaries that contain themselves, so depth and number of parts are limited.

    Raises
    ------
    DataError
        If they are nested deeper, or have more parts, than any network.
    """
    left, seen = [("", value, 0)], 0
    while left:
        name, part, depth = left.pop()
        seen += 1
        if isinstance(part, Tensor):
            yield name, part
        elif isinstance(part, Mapping):
            if depth > DEEPEST or seen > MOST_PARTS:
                raise DataError(
                    f"{path} is nested more deeply than any network; save its state_dict() alone."
                )
            inside = [(f"{name}.{key}" if name else str(key), one, depth + 1) for key, one in part.items()]
            left += reversed(inside)
