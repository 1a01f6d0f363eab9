"""Drawing with a memory of the points before, and without: the same drawings, another speed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import torch

from limner.evaluation.speed.memory import (
    KINDS,
    TIMED_POINTS,
    cached_speedup,
    predict_uncached,
    sample_uncached,
)
from limner.models.build import build_model
from limner.models.config import (
    AttentionConfig,
    DecoderConfig,
    ModelConfig,
    SketchformerConfig,
    TransformerConfig,
)
from limner.models.protocol import SketchModel
from limner.sampling.config import SamplingConfig
from limner.sampling.generate import start_tokens, stream

LAYERS: dict[str, Any] = {"layers": 2, "width": 16, "heads": 2, "feedforward": 16, "components": 4}
WORDS: dict[str, Any] = {"token_count": 30, "lift_count": 8, "grid": 6}
ALONE = ModelConfig(conditional=False, classes=2)
EVERY = {
    "sketch_rnn": replace(ALONE, decoder=DecoderConfig(size=12, components=3)),
    "attention": replace(
        ALONE, decoder=DecoderConfig(size=12, components=3, attention=AttentionConfig(heads=2, width=4))
    ),
    "transformer": replace(ALONE, kind="transformer", transformer=TransformerConfig(**LAYERS)),
    **{
        f"sketchformer, {tokens}": replace(
            ALONE,
            kind="sketchformer",
            sketchformer=SketchformerConfig(tokens=tokens, coordinates="both", **LAYERS, **WORDS),
        )
        for tokens in ("none", "joint", "by-state", "grid")
    },
}
POINTS = 30


def _network(config: ModelConfig) -> SketchModel:
    torch.manual_seed(0)
    network = build_model(config).eval()
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    return network


@pytest.mark.parametrize("kind", EVERY)
def test_the_same_drawings_with_a_memory_as_without(kind: str) -> None:
    """Point by point to 1e-5, by the same chance."""
    network, sampling_config = _network(EVERY[kind]), SamplingConfig(1.0)
    slow = sample_uncached(network, 16, sampling_config, torch.Generator().manual_seed(3), POINTS)
    first = start_tokens(16, sampling_config, slow)
    with torch.no_grad():
        state = network.begin(16)
    quick = stream(network, state, first, sampling_config, torch.Generator().manual_seed(3), POINTS)
    found = torch.stack(list(quick), dim=1)
    over = (slow[:, :, 4] == 1).cumsum(1) > 0  # where the stream goes on as end rows
    assert (~over).sum() > 20
    torch.testing.assert_close(found[~over[:, : found.shape[1]]], slow[~over], rtol=0, atol=1e-5)


@pytest.mark.parametrize("kind", EVERY)
def test_what_follows_is_the_same(kind: str) -> None:
    network = _network(EVERY[kind])
    points = torch.randn(3, 9, 5, generator=torch.Generator().manual_seed(0))
    points[..., 2:] = torch.tensor([1.0, 0, 0])
    points[:, 0] = torch.tensor([0.0, 0, 1, 0, 0])
    with torch.no_grad():
        slow, state = predict_uncached(network, points), network.begin(3)
        for point in points.unbind(1):
            quick, state = network.step(point, state)
    for found, wanted in zip(quick, slow, strict=True):
        torch.testing.assert_close(found, wanted, rtol=0, atol=1e-5)


def test_the_ratio_is_scaled_up_to_all_points(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a clock that is told what to say: 2 s with a memory; 3 s for ten of forty points without."""

    def clock() -> Iterator[float]:
        yield from (0.0, 2.0, 5.0, 8.0)

    ticks = clock()
    monkeypatch.setattr(time, "perf_counter", lambda: next(ticks))
    assert TIMED_POINTS == 10
    assert cached_speedup(40, {"sketch_rnn": EVERY["sketch_rnn"]}) == {"sketch_rnn": 3 * 4 / 2}


def test_kinds_that_are_measured_are_decoders_alone() -> None:
    assert {config.kind for config in KINDS.values()} == {"sketch_rnn", "transformer", "sketchformer"}
    assert not any(config.conditional for config in KINDS.values())
    found = cached_speedup(
        3, {kind: replace(EVERY[kind], classes=0) for kind in ("transformer", "attention")}
    )
    assert all(ratio > 0 for ratio in found.values())
