"""Fixtures shared by all rooms."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Give the folder of real data, or skip where there is none."""
    folder = os.environ.get("LIMNER_DATA")
    if not folder:
        pytest.skip("LIMNER_DATA is unset: this test reads real drawings that are not part of the repository")
    return Path(folder)
