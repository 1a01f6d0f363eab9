"""Fixtures shared by all rooms."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("any-machine", deadline=None)
settings.load_profile("any-machine")


def pytest_configure() -> None:
    """Restore what signals do where a shell has this process ignore them, for it and its children.

    ``nohup make test &`` ignores interrupts and hangups from birth, and children inherit that: tests that
    interrupt a program would wait for it in vain. A hangup still does not end the tests themselves; a handler
    that does nothing is not inherited.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    restored: dict[signal.Signals, Callable[[int, FrameType | None], Any] | int] = {
        signal.SIGINT: signal.default_int_handler,
        signal.SIGQUIT: signal.SIG_DFL,
        signal.SIGHUP: lambda *_: None,
    }
    for number, handler in restored.items():
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, handler)


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Return the folder of real data, or skip where there is none."""
    folder = os.environ.get("LIMNER_DATA")
    if not folder:
        pytest.skip("LIMNER_DATA is unset: this test reads real drawings that are not part of the repository")
    return Path(folder)


@pytest.fixture(scope="session")
def one_thread() -> None:
    """Keep torch to one thread: the networks of tests are too small to share."""
    import torch

    torch.set_num_threads(1)
