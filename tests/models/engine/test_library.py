"""Building the engine: cached, optional, and never trusted blindly."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from limner.models.cells.base import engine_agrees
from limner.models.cells.lstm import LSTM
from limner.models.engine import library as module
from limner.models.engine.library import library

needs_compiler = pytest.mark.skipif(library() is None, reason="there is no C++ compiler")


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Let every test build anew, in a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    library.cache_clear()
    engine_agrees.cache_clear()
    yield
    library.cache_clear()
    engine_agrees.cache_clear()


@pytest.mark.slow
@needs_compiler
def test_built_once_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert library() is not None
    built = list((tmp_path / "limner").iterdir())
    assert len(built) == 1
    library.cache_clear()
    monkeypatch.setattr(module, "_compile", lambda *_: pytest.fail("it was built again"))
    assert library() is not None
    assert list((tmp_path / "limner").iterdir()) == built


@needs_compiler
def test_another_processor_builds_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    compiler = module._compiler() or ""
    before = module._fingerprint(compiler)
    monkeypatch.setattr(module, "_processor", lambda: "flags: none")
    assert module._fingerprint(compiler) != before


def test_works_without_a_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CXX", raising=False)
    assert library() is None
    assert LSTM(5, 32, 0.9).train()(torch.randn(2, 3, 5)).shape == (2, 3, 32)


def test_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIMNER_ENGINE", "off")
    assert library() is None


@pytest.mark.parametrize("compiler", ["false", "true"])
def test_a_compiler_that_fails_is_done_without(
    compiler: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One says so, the other writes nothing; no half of a library is left."""
    monkeypatch.setenv("CXX", compiler)
    assert library() is None
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_size]


@pytest.mark.slow
@needs_compiler
def test_kernels_that_err_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    true = LSTM.run_engine
    monkeypatch.setattr(LSTM, "run_engine", lambda *rest: 1.5 * true(*rest))
    with pytest.warns(RuntimeWarning, match="err on this machine"):
        assert not engine_agrees(LSTM)
    assert engine_agrees(LSTM) is False


@pytest.mark.slow
@needs_compiler
def test_two_processes_may_build_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from limner.models.engine.library import library; assert library()"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    running = [subprocess.Popen(command, env=environment) for _ in range(2)]
    assert [process.wait() for process in running] == [0, 0]
