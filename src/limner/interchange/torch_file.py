"""Tensors that torch saved, by their full names; nothing else is read from such a file.

Programs with an encoder and a decoder often give each a file of its own, named alike but for that word.
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

_ASKED_FOR = re.compile(r"GLOBAL (\S+)")


def read_tensors(path: Path) -> tuple[dict[str, Tensor], tuple[Path, ...]]:
    """Read a file of tensors, and its other half if that lies beside it.

    Parameters
    ----------
    path : Path
        A state dict, or a dictionary of such, written by ``torch.save``.

    Returns
    -------
    tensors : dict of str to Tensor
        In float32, by names such as ``encoder.lstm.weight_ih_l0``.
    files : tuple of Path
        What was read.

    Raises
    ------
    DataError
        If a file is damaged, holds no tensors, or holds what is more than tensors.
    """
    files = _halves(path)
    found: dict[str, Tensor] = {}
    for prefix, file in files.items():
        found |= {prefix + name: value for name, value in _read(file)}
    return found, tuple(files.values())


def _halves(path: Path) -> dict[str, Path]:
    """Give the files to read, by what their tensors' names begin with."""
    named = [half for half in HALVES if half in path.name]
    if len(named) == 1:
        files = {f"{half}.": path.with_name(path.name.replace(named[0], half)) for half in HALVES}
        if all(file.is_file() for file in files.values()):
            return files
    return {"": path}


def _read(path: Path) -> Iterator[tuple[str, Tensor]]:
    count = 0
    for name, value in _tensors(_loaded(path)):
        if value.layout != torch.strided or value.is_quantized or value.is_complex():
            raise DataError(f"{path}: {name} is no plain array of numbers.")
        if value.numel() * value.element_size() > value.untyped_storage().nbytes():
            raise DataError(f"{path}: {name} is larger than what the file holds of it.")
        if not value.isfinite().all():
            raise DataError(f"{path}: {name} holds values that are not finite numbers.")
        count += 1
        yield name, value.float()
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


def _tensors(value: Any, name: str = "") -> Iterator[tuple[str, Tensor]]:
    """Walk through dictionaries and give the tensors in them by their names, joined with dots."""
    if isinstance(value, Tensor):
        yield name, value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _tensors(part, f"{name}.{key}" if name else str(key))
