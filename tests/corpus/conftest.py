"""Small files to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class SaveNpz(Protocol):
    """Writes an npz file whose members are object arrays of the given drawings."""

    def __call__(self, name: str = "small.npz", /, **members: Sequence[Any]) -> Path: ...


@pytest.fixture
def save_npz(tmp_path: Path) -> SaveNpz:
    def save(name: str = "small.npz", /, **members: Sequence[Any]) -> Path:
        arrays: dict[str, Any] = {}
        for key, drawings in members.items():
            arrays[key] = np.empty(len(drawings), object)
            for i, drawing in enumerate(drawings):
                arrays[key][i] = drawing
        np.savez(tmp_path / name, **arrays)
        return tmp_path / name

    return save
