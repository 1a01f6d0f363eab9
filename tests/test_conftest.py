"""The suite can be begun in the background, where a shell lets it ignore signals."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

CODE = """
import signal, subprocess, sys
for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
from tests.conftest import pytest_configure
pytest_configure()
child = "import signal; print(*(signal.getsignal(n) == signal.SIG_IGN for n in map(int, (2, 3, 1))))"
subprocess.run([sys.executable, "-c", child], check=True)
signal.raise_signal(signal.SIGHUP)
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.slow
def test_ignored_signals_are_restored_for_tests_and_their_children() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False", "False", "interrupted"]


def test_they_are_restored_here() -> None:
    assert signal.getsignal(signal.SIGINT) != signal.SIG_IGN
