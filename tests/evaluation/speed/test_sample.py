"""The sampling benchmark, on tiny numbers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from limner.evaluation.speed import sample as module
from limner.evaluation.speed.sample import SINGLES, bench_sample
from limner.models.config import DecoderConfig, ModelConfig
from limner.sampling.generate import generate

TINY = ModelConfig(latent_size=2, decoder=DecoderConfig(size=8, components=2))


def test_figures_belong_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ModelConfig", lambda: TINY)
    found = bench_sample(3, 4)
    assert (found.drawings, found.points, found.singles) == (3, 4, SINGLES)
    assert found.ratio == pytest.approx(found.single_seconds / found.batch_seconds)
    assert found.step_ms == pytest.approx(found.single_seconds / 3 / 4 * 1000)
    assert found.batch_seconds > 0


def test_every_drawing_goes_on_to_the_last_point(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock says how often it is asked; every drawing has all its points."""
    lengths: list[int] = []

    def counted(*args: Any, **options: Any) -> list[NDArray[np.float32]]:
        rows = generate(*args, **options)
        lengths.extend(len(row) for row in rows)
        return rows

    monkeypatch.setattr(module, "ModelConfig", lambda: TINY)
    monkeypatch.setattr(module, "generate", counted)
    bench_sample(20, 9)
    assert lengths == [9] * (1 + 20 + SINGLES)


def test_ratio_is_a_quotient_of_its_own_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a clock that is told what to say: 2 s for the batch, 1 s for each single drawing."""

    def clock() -> Iterator[float]:
        now = 0.0
        for duration in (9.0, 2.0, *[1.0] * SINGLES):
            yield now
            now += duration
            yield now

    ticks = clock()
    monkeypatch.setattr(module, "ModelConfig", lambda: TINY)
    monkeypatch.setattr(time, "perf_counter", lambda: next(ticks))
    found = bench_sample(10, 5)
    assert found.batch_seconds == 2
    assert found.single_seconds == 10
    assert found.ratio == 5
    assert found.step_ms == 200


def test_network_never_ends_a_drawing() -> None:
    network = module._endless(TINY)
    mixture, _ = network.step(torch.tensor([[0.0, 0, 1, 0, 0]]), network.begin())
    assert mixture.pen[0, 2] == 0
