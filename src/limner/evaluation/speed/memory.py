"""Speed of sampling with cached states, relative to recomputing all earlier points for each new one.

Letters: ``B`` drawings, ``T`` points.
"""

from __future__ import annotations

import time
from dataclasses import replace

import torch
from torch import Tensor

from limner.models.batch import Batch
from limner.models.build import build_model
from limner.models.config import ModelConfig, SketchformerConfig
from limner.models.mixture import Mixture
from limner.models.protocol import SketchModel
from limner.sampling.config import SamplingConfig
from limner.sampling.generate import choose_point, start_tokens
from limner.strokes.formats import END_TOKEN

BATCH = 16
"""Drawings that are sampled together."""
TIMED_POINTS = 10
"""Points at which sampling without cache is timed; their time is extrapolated to all points."""

ALONE = ModelConfig(conditional=False)
KINDS = {
    "sketch_rnn": ALONE,
    "transformer": replace(ALONE, kind="transformer"),
    "sketchformer": replace(ALONE, kind="sketchformer"),
    "sketchformer_words": replace(
        ALONE, kind="sketchformer", sketchformer=SketchformerConfig(tokens="joint")
    ),
}
"""Decoders alone, of default sizes."""


def predict_uncached(network: SketchModel, points: Tensor) -> Mixture:
    """Return the mixture of the next point, from all points ``(B, T, 5)`` with the start token."""
    end = points.new_tensor(END_TOKEN).expand(len(points), 1, 5)
    lengths = torch.full((len(points),), points.shape[1] - 1, device=points.device)
    mixture = network(Batch(torch.cat([points, end], dim=1), lengths)).mixture
    return Mixture(*(part[:, -1] for part in mixture))


@torch.no_grad()
def sample_uncached(
    network: SketchModel, n: int, sampling_config: SamplingConfig, generator: torch.Generator, max_points: int
) -> Tensor:
    """Sample as :func:`limner.sampling.generate.stream` does, recomputing all points for each new one.

    Returns
    -------
    Tensor of shape ``(B, T, 5)``
        Without the start token; drawings continue after their ends.
    """
    points = start_tokens(n, sampling_config, next(network.parameters())).unsqueeze(1)
    for _ in range(max_points):
        following = choose_point(predict_uncached(network, points), sampling_config, generator)
        points = torch.cat([points, following.unsqueeze(1)], dim=1)
    return points[:, 1:]


@torch.no_grad()
def cached_speedup(points: int, kinds: dict[str, ModelConfig] | None = None) -> dict[str, float]:
    """Return how many times as fast each kind of network samples with cached states as without.

    Parameters
    ----------
    points : int
        In every drawing.
    kinds : dict of str to ModelConfig, optional
        :data:`KINDS` unless given; decoders alone.
    """
    return {name: _speedup(build_model(config).eval(), points) for name, config in (kinds or KINDS).items()}


def _speedup(network: SketchModel, points: int) -> float:
    sampling_config, generator = SamplingConfig(1.0), torch.Generator().manual_seed(0)
    rows = torch.randn(BATCH, points, 5, generator=generator)
    rows[..., 2:] = rows.new_tensor([1.0, 0, 0])
    predict_uncached(network, rows[:, :2])  # warm
    began = time.perf_counter()
    state, point = network.begin(BATCH), start_tokens(BATCH, sampling_config, rows)
    for following in rows.unbind(1):
        mixture, state = network.step(point, state)
        choose_point(mixture, sampling_config, generator)
        point = following
    cached = time.perf_counter() - began
    lengths = {1 + (points - 1) * k // max(1, TIMED_POINTS - 1) for k in range(TIMED_POINTS)}
    began = time.perf_counter()
    for length in lengths:
        choose_point(predict_uncached(network, rows[:, :length]), sampling_config, generator)
    uncached = (time.perf_counter() - began) * points / len(lengths)
    return uncached / cached
