"""Named arrays and metadata in one ``.safetensors`` file; no code runs when it is read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from limner.errors import DataError
from limner.files import write_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Arrays = dict[str, NDArray[np.float32]]

HEADER_KEY = "limner"
FORMAT = 1


def write_archive(path: Path, kind: str, arrays: Arrays, facts: dict[str, Any]) -> None:
    """Write arrays and facts, whole or not at all.

    Parameters
    ----------
    kind : str
        What the file is, such as ``"centroids"``.
    """
    header = json.dumps({"kind": kind, "format": FORMAT, **facts}, ensure_ascii=False)
    whole = {name: np.ascontiguousarray(array, np.float32) for name, array in arrays.items()}
    write_bytes(path, save(whole, metadata={HEADER_KEY: header}))


def read_archive(path: Path, kind: str) -> tuple[Arrays, dict[str, Any]]:
    """Read a file of :func:`write_archive`.

    Raises
    ------
    DataError
        If the file cannot be read, is of another kind, or holds numbers that are not finite.
    """
    try:
        with safe_open(path, framework="np") as file:
            header = json.loads((file.metadata() or {}).get(HEADER_KEY, "{}"))
            arrays = {name: np.asarray(file.get_tensor(name), np.float32) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, ValueError, TypeError) as error:
        reason = (str(error).splitlines() or ["it is damaged"])[0].rstrip(".")
        raise DataError(f"{path} cannot be read: {reason}.") from error
    if not isinstance(header, dict) or header.get("kind") != kind:
        raise DataError(f"{path} holds no {kind} that limner curate wrote.")
    if header.get("format") != FORMAT:
        raise DataError(f"{path} was written by a later limner; update to read it.")
    if bad := [name for name, array in arrays.items() if not np.isfinite(array).all()]:
        raise DataError(f"{path} holds numbers that are not finite, in {bad[0]}.")
    return arrays, header
