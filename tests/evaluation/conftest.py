"""Torch in this room runs in one thread."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _one_thread(one_thread: None) -> None:
    """Apply the shared fixture to every test here."""
