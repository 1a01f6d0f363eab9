"""Threads and memory."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator

import pytest
import torch

from limner.models.config import DecoderConfig, EncoderConfig, ModelConfig
from limner.training.threads import choose_threads, tune_malloc

SMALL = ModelConfig(encoder=EncoderConfig(size=16), decoder=DecoderConfig(size=16))


@pytest.fixture(autouse=True)
def _two_threads() -> Iterator[None]:
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(1)


@pytest.mark.parametrize(
    ("model", "threads", "wanted"),
    [(SMALL, None, 1), (SMALL, 3, 3), (ModelConfig(), None, 2), (ModelConfig(), 1, 1)],
    ids=["small", "small-given", "large", "large-given"],
)
def test_threads(model: ModelConfig, threads: int | None, wanted: int) -> None:
    choose_threads(model, 100, threads)
    assert torch.get_num_threads() == wanted


@pytest.mark.parametrize(("processes", "wanted"), [(1, 2), (2, 2), (4, 1), (16, 1)])
def test_processes_share_the_cores(processes: int, wanted: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """And Lightning, which would choose again, is told."""
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    monkeypatch.setenv("OMP_NUM_THREADS", "")  # so that what it was comes back in the end
    monkeypatch.delenv("OMP_NUM_THREADS")
    choose_threads(ModelConfig(), 100, None, processes)
    assert torch.get_num_threads() == wanted
    assert os.environ.get("OMP_NUM_THREADS") == (None if processes == 1 else str(wanted))


def test_encoder_counts_only_if_there_is_one() -> None:
    large_encoder = EncoderConfig(size=2048)
    choose_threads(ModelConfig(encoder=large_encoder, decoder=SMALL.decoder), 100, None)
    assert torch.get_num_threads() == 2
    choose_threads(ModelConfig(conditional=False, encoder=large_encoder, decoder=SMALL.decoder), 100, None)
    assert torch.get_num_threads() == 1


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_other_systems_are_left_alone(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[object] = []
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(ctypes, "CDLL", loaded.append)
    tune_malloc()
    assert loaded == []


def test_other_c_libraries_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """musl has no mallopt."""
    asked: list[str] = []

    class Musl:
        def __getattr__(self, name: str) -> None:
            asked.append(name)
            raise AttributeError(name)

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda _: Musl())
    tune_malloc()
    assert asked == ["mallopt"]
