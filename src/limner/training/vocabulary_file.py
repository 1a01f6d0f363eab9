"""Tokenizers on disk: ``.safetensors`` with the tables, and scale and settings in the header."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from limner.errors import DataError
from limner.models.sketchformer.tokenizer.tokenizer import Tokenizer, TokenSettings
from limner.safetensors_io import read_safetensors, write_safetensors
from limner.settings import from_dict

if TYPE_CHECKING:
    from pathlib import Path

HEADER_KEY = "limner-tokens"
TABLES = {"centres": "centres", "spreads": "sigmas"}
"""Tensors of the file, and the fields of a tokenizer that they hold."""


def save_tokenizer(tokenizer: Tokenizer, path: str | Path) -> None:
    """Write a tokenizer, whole or not at all; ``path`` ends in ``.safetensors``."""
    header = {"format": 1, "scale": tokenizer.scale, "settings": asdict(tokenizer.settings)}
    tables = {name: getattr(tokenizer, field) for name, field in TABLES.items()}
    write_safetensors(path, tables, key=HEADER_KEY, header=json.dumps(header, sort_keys=True))


def load_tokenizer(path: str | Path) -> Tokenizer:
    """Read a tokenizer.

    Raises
    ------
    DataError
        If the file is damaged, or holds no tokenizer of limner.
    """
    arrays, header = read_safetensors(path, key=HEADER_KEY, kind="a tokenizer")
    tables = {name: value for name, value in arrays.items() if name in TABLES}
    if header is None or set(tables) != set(TABLES):
        raise DataError(f"{path} holds no tokenizer; limner data tokens makes one.")
    try:
        return _read(json.loads(header), tables, path)
    except DataError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise DataError(f"{path} holds a tokenizer that cannot be understood; it is damaged.") from error


def _read(header: dict[str, Any], tables: dict[str, Any], path: str | Path) -> Tokenizer:
    if header["format"] != 1:
        raise DataError(f"{path} was written by a later limner; update to read it.")
    settings = from_dict(TokenSettings, header["settings"], where=str(path))
    return Tokenizer(settings, float(header["scale"]), tables["centres"], tables["spreads"])
