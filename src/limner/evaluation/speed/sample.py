"""Speed of sampling: drawings in one batch, relative to one drawing at a time."""

from __future__ import annotations

import time
from dataclasses import dataclass

import torch

from limner.models.build import build_model
from limner.models.config import ModelConfig
from limner.models.protocol import SketchModel
from limner.models.sketch_rnn import SketchRNN
from limner.sampling.config import SamplingConfig
from limner.sampling.generate import generate

NEVER = -1e4  # bias of the end state, so that no drawing ends early
SINGLES = 5  # drawings that are drawn one at a time; their time is scaled up


@dataclass(frozen=True)
class SampleSpeed:
    """Times of sampling."""

    drawings: int
    points: int
    singles: int
    batch_seconds: float
    """All drawings in one batch."""
    single_seconds: float
    """All drawings one at a time, extrapolated from ``singles`` of them."""
    step_ms: float
    """One point of one drawing."""
    ratio: float
    """Speed of the batch relative to one at a time."""


def bench_sample(drawings: int, points: int) -> SampleSpeed:
    """Time an untrained model of default size whose drawings never end before ``points``."""
    network = _endless(ModelConfig())
    _seconds(network, 1, points)  # warm
    batch = _seconds(network, drawings, points)
    single = sum(_seconds(network, 1, points) for _ in range(SINGLES)) / SINGLES
    return SampleSpeed(
        drawings=drawings,
        points=points,
        singles=SINGLES,
        batch_seconds=batch,
        single_seconds=single * drawings,
        step_ms=single / points * 1000,
        ratio=single * drawings / batch,
    )


def _endless(config: ModelConfig) -> SketchModel:
    network = build_model(config).eval()
    if isinstance(network, SketchRNN):
        with torch.no_grad():
            network.decoder.output.bias[2] = NEVER
    return network


def _seconds(network: SketchModel, n: int, points: int) -> float:
    z = torch.randn(n, network.config.latent_size)
    began = time.perf_counter()
    generate(
        network,
        n,
        z=z,
        sampling_config=SamplingConfig(),
        generator=torch.Generator().manual_seed(0),
        max_points=points,
    )
    return time.perf_counter() - began
