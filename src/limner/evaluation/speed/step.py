"""Time and memory of training steps, each kind of network in a process of its own.

Letters: ``B`` batch, ``T`` points.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Literal

import numpy as np
import torch

from limner.corpus.load import load_corpus
from limner.models.batch import Batch, pad_batch
from limner.models.build import build_model
from limner.models.cells.base import Cell, Route
from limner.models.config import CellName, DecoderConfig, EncoderConfig, ModelConfig
from limner.models.protocol import SketchModel
from limner.training.batches import TrainBatches
from limner.training.config import TrainConfig
from limner.training.data import training_data
from limner.training.losses import Convention, kl_loss, likelihood_terms, reconstruction_loss
from limner.training.threads import tune_malloc

Precision = Literal["fp32", "bf16"]
KEEP = 0.9
WARM_STEPS = 3
POOL = 16
"""Batches whose drawings are sorted by length together."""


@dataclass(frozen=True)
class StepWorkload:
    """Sizes of networks and batches."""

    encoder_size: int = 256
    decoder_size: int = 512
    latent_size: int = 128
    batch_size: int = 100
    points: int = 250
    corpus: str | None = None
    """Corpus of real drawings, in trimmed batches sorted by length; noise of ``points`` points unless
    given."""


@dataclass(frozen=True)
class StepVariant:
    """Cell, implementation and precision of a training."""

    cell: CellName
    """Of the decoder; hyper has an LSTM encoder, as is usual, the others the same cell."""
    route: Route = "engine"
    recurrent_dropout: bool = True
    precision: Precision = "fp32"

    def model(self, work: StepWorkload) -> ModelConfig:
        """Return the network's settings."""
        keep = KEEP if self.recurrent_dropout else 1.0
        encoder: CellName = "lstm" if self.cell == "hyper" else self.cell
        return ModelConfig(
            latent_size=work.latent_size,
            encoder=EncoderConfig(cell=encoder, size=work.encoder_size, recurrent_keep=keep),
            decoder=DecoderConfig(cell=self.cell, size=work.decoder_size, recurrent_keep=keep),
        )


@dataclass(frozen=True)
class StepTiming:
    """Time and memory of a step."""

    seconds: float
    """Median of steps of equal size, or mean over a pool of real batches."""
    peak_mb: float
    """Peak memory of the process; on a GPU, of its tensors."""


def time_in_subprocess(variant: StepVariant, work: StepWorkload, steps: int) -> StepTiming:
    """Time steps in a new process, which shares neither memory nor allocator with others."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(time_steps, (variant, work, steps))


def time_steps(variant: StepVariant, work: StepWorkload, steps: int) -> StepTiming:
    """Time steps in this process, tuned as for a training."""
    tune_malloc()
    torch.manual_seed(0)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    network = build_model(variant.model(work)).train().to(device)
    for module in network.modules():
        if isinstance(module, Cell):
            module.route = variant.route
    batches, n_max = (_noise(work), work.points) if work.corpus is None else _drawings(work)
    convention: Convention = "magenta-train" if work.corpus is None else "end-once"
    step = make_train_step(network, convention, n_max, variant.precision, device)
    for k in range(WARM_STEPS):
        step(batches[k % len(batches)])
    times = [_seconds(step, batches[k % len(batches)]) for k in range(max(steps, len(batches)))]
    seconds = float(np.median(times) if work.corpus is None else np.mean(times[: len(batches)]))
    return StepTiming(seconds, _peak_mb(device))


def _noise(work: StepWorkload) -> list[Batch]:
    rng = np.random.default_rng(0)
    lifts = np.zeros((work.points, 1))
    lifts[-1] = 1
    rows = [np.hstack([rng.normal(size=(work.points, 2)), lifts]) for _ in range(work.batch_size)]
    return [pad_batch([row.astype(np.float32) for row in rows], length=work.points)]


def _drawings(work: StepWorkload) -> tuple[list[Batch], int]:
    data = training_data(load_corpus(Path(str(work.corpus))))
    config = TrainConfig(batch_size=work.batch_size, sorted_batches=POOL, convention="end-once")
    batches = TrainBatches(data, config, seed=0, steps=POOL, first_step=lambda: 0)
    return list(batches), data.n_max


def make_train_step(
    network: SketchModel, convention: Convention, n_max: int, precision: Precision, device: str
) -> Callable[[Batch], None]:
    """Return a function that runs a training step: forward, loss, backward, clipping, Adam."""
    adam = torch.optim.Adam(network.parameters(), fused=True)

    def step(batch: Batch) -> None:
        batch = batch.to(device)
        noise = torch.randn(len(batch), network.config.latent_size, device=device)
        with torch.autocast(device, torch.bfloat16, enabled=precision == "bf16"):
            prediction = network(batch, noise)
        terms = likelihood_terms(prediction.mixture, batch, density_floor=True)
        recon = reconstruction_loss(terms, convention, n_max)
        loss = recon + kl_loss(prediction.latent, recon)
        adam.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_value_(network.parameters(), 1.0)
        adam.step()

    return step


def _seconds(step: Callable[[Batch], None], batch: Batch) -> float:
    began = time.perf_counter()
    step(batch)
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter() - began


def _peak_mb(device: str) -> float:
    if device == "cuda":
        return torch.cuda.max_memory_allocated() / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
