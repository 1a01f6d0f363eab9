"""Times of training steps of several variants, measured alternately, so that other work slows all alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch

from limner.corpus.corpus import Corpus
from limner.evaluation.experiments.plan import TrainingVariant
from limner.evaluation.speed.step import make_train_step
from limner.models.batch import Batch
from limner.models.build import build_model
from limner.training.batches import TrainBatches
from limner.training.data import training_data
from limner.training.threads import choose_threads

ROUNDS = 4
POOL = 8
"""Batches of each variant, the same ones in every round."""


def step_seconds(
    variants: Sequence[TrainingVariant],
    corpora: Mapping[tuple[str, int], Corpus],
    *,
    threads: int | None = None,
) -> dict[str, float]:
    """Return the seconds of a training step of each variant: the median over rounds of the round's mean.

    Parameters
    ----------
    variants : sequence of TrainingVariant
        Each is measured, even if another one has the same sizes.
    corpora : mapping of tuple to Corpus
        By :attr:`~limner.evaluation.experiments.plan.TrainingVariant.data_key`.
    threads : int, optional
        Of the processor, as for the trainings.
    """
    first = variants[0].config
    choose_threads(first.model, first.train.batch_size, threads)
    rounds = [_round_of(variant, corpora[variant.data_key]) for variant in variants]
    for run in rounds:  # warm up: kernels are chosen, memory is allocated
        run()
    times = [[run() for run in rounds] for _ in range(ROUNDS)]  # (ROUNDS, variants)
    medians = np.median(np.array(times), axis=0)
    return {variant.name: float(seconds) for variant, seconds in zip(variants, medians, strict=True)}


def _round_of(variant: TrainingVariant, corpus: Corpus) -> Callable[[], float]:
    """Return a function that trains a few steps and returns the mean seconds of one."""
    config = variant.config
    data = training_data(corpus)
    batches: list[Batch] = list(TrainBatches(data, config.train, seed=0, steps=POOL, first_step=lambda: 0))
    torch.manual_seed(0)
    network = build_model(config.model).train()
    step = make_train_step(network, config.train.convention, data.n_max, config.train.precision, "cpu")

    def run() -> float:
        began = time.perf_counter()
        for batch in batches:
            step(batch)
        return (time.perf_counter() - began) / len(batches)

    return run
