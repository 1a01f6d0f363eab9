"""Fixtures shared by all rooms."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("any-machine", deadline=None)
settings.load_profile("any-machine")

LONGEST = "test_a_hundred_thousand_hostile_steps"
"""Takes minutes: begun first, it does not keep the other processes waiting in the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest test first."""
    items.sort(key=lambda item: item.name != LONGEST)


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Give the folder of real data, or skip where there is none."""
    folder = os.environ.get("LIMNER_DATA")
    if not folder:
        pytest.skip("LIMNER_DATA is unset: this test reads real drawings that are not part of the repository")
    return Path(folder)


@pytest.fixture(scope="session")
def one_thread() -> None:
    """Keep torch to one thread: the networks of tests are too small to share."""
    import torch

    torch.set_num_threads(1)
