"""How long to learn from few drawings: found by leaving out a part of them in turn, and judging by that part.

So few that each is needed are learnt from all together in the end, for as many steps as served best where a
part was left out (cross-validation; Stone 1974).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace

import numpy as np
import torch
from torch.nn.utils import clip_grad_norm_, clip_grad_value_

from limner.models.protocol import SketchModel
from limner.training.average import begin_average, update_average
from limner.training.batches import SplitBatches, TrainBatches
from limner.training.config import RunConfig, TrainConfig
from limner.training.data import TrainingData
from limner.training.losses import (
    PenLoss,
    exact_and_floored_terms,
    likelihood_terms,
    nll_per_point,
    reconstruction_loss,
)
from limner.training.schedules import learning_rate_at

FOLDS = 3
"""Parts of the drawings, each left out once."""
TIME_SHARE = 0.4
"""Share of the time limit that all of them together may take; one longer training follows."""


def budget_by_leaving_out(
    network: SketchModel, data: TrainingData, config: RunConfig, seconds: float | None
) -> int:
    """Return the number of steps after which drawings that were left out are most likely, at least 1.

    Parameters
    ----------
    network : SketchModel
        As it is before the first step; it stays so.
    data : TrainingData
        Of two drawings or more.
    config : RunConfig
    seconds : float, optional
        Time limit of the whole training.
    """
    each = None if seconds is None else TIME_SHARE * seconds / FOLDS
    folds = list(_folds(data, config.seed))
    curves = [list(_costs(network, fold, config, each)) for fold in folds]
    shared = min(map(len, curves))  # where it rises, a part ends early
    mean = np.mean([curve[:shared] for curve in curves], axis=0)
    return max(1, int(mean.argmin()) * config.train.validate_every)


def _folds(data: TrainingData, seed: int) -> Iterator[TrainingData]:
    order = np.random.default_rng([seed, 5]).permutation(len(data.train))
    for part in np.array_split(order, min(FOLDS, len(order))):
        rest = np.setdiff1d(order, part)
        yield replace(data, train=data.train.take(rest), valid=data.train.take(np.sort(part)))


def _costs(
    network: SketchModel, fold: TrainingData, config: RunConfig, seconds: float | None
) -> Iterator[float]:
    """Yield NLL per point of what is left out: before the first step, and after each interval of steps."""
    train, began = config.train, time.monotonic()
    learner = deepcopy(network).train()
    average = begin_average(learner)
    optimizer = torch.optim.Adam(learner.parameters(), lr=train.learning_rate, eps=1e-8, fused=True)
    batches = TrainBatches(fold, train, seed=config.seed, steps=config.max_steps, first_step=lambda: 0)
    best, since = _cost(average, fold, train), 0
    yield best
    for step in range(config.max_steps):
        _take_step(learner, optimizer, batches, train, step)
        update_average(average, learner, train.ema_decay or 0.0, step)
        if (step + 1) % train.validate_every:
            continue
        cost = _cost(average, fold, train)
        yield cost
        best, since = (cost, 0) if cost < best else (best, since + 1)
        late = seconds is not None and time.monotonic() - began > seconds
        if late or (train.patience is not None and since >= train.patience):
            return


def _take_step(
    learner: SketchModel, optimizer: torch.optim.Adam, batches: TrainBatches, config: TrainConfig, step: int
) -> None:
    batch = batches.batch(step)
    with torch.autocast("cpu", torch.bfloat16, enabled=config.precision == "bf16"):
        prediction = learner(batch)
    pen = PenLoss(config.focal_gamma, 1.0, config.lift_weight, config.end_weight)
    terms = likelihood_terms(prediction.mixture, batch, density_floor=config.density_floor, pen_loss=pen)
    optimizer.zero_grad()
    reconstruction_loss(terms, config.convention, batches.data.n_max).backward()  # type: ignore[no-untyped-call]
    clip = clip_grad_norm_ if config.grad_clip_by == "norm" else clip_grad_value_
    clip(learner.parameters(), config.grad_clip)
    for group in optimizer.param_groups:
        group["lr"] = learning_rate_at(step, config)
    optimizer.step()


@torch.no_grad()
def _cost(average: SketchModel, fold: TrainingData, config: TrainConfig) -> float:
    average.eval()
    costs = []
    for batch in SplitBatches(fold.valid, fold.scale_factor, config.batch_size):
        exact, _ = exact_and_floored_terms(average(batch).mixture, batch)
        costs.append(nll_per_point(exact, batch))
    return float(torch.cat(costs).mean())
