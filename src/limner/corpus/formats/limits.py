"""Sizes beyond which readers refuse a file, with a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limner.errors import DataError, cause_of

if TYPE_CHECKING:
    from pathlib import Path

TEXT_BYTES = 1 << 26
"""Bytes of a text file that holds one drawing: some million points."""


def refuse_larger(path: Path, most: int, advice: str) -> None:
    """Refuse a file that is larger than ``most`` bytes.

    Raises
    ------
    DataError
        If it is, or its size cannot be read.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise DataError(f"Cannot read {path}: {cause_of(error)}.") from error
    if size > most:
        raise DataError(f"{path} has {size:,} bytes, and {most:,} are read at most; {advice}.")


def text_of(path: Path, most: int = TEXT_BYTES) -> str:
    """Read a text file that holds one drawing; bytes that are not UTF-8 are read as Latin-1.

    Raises
    ------
    DataError
        If it is larger than ``most`` bytes, or cannot be read.
    """
    refuse_larger(path, most, "it should hold one drawing")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataError(f"Cannot read {path}: {cause_of(error)}.") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")
