"""``TrainingSetup``: a training before its first step, checked and resolved."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from limner.corpus.corpus import Corpus
from limner.corpus.split import hold_out_drawings
from limner.models.protocol import SketchModel
from limner.models.weights import Card
from limner.training.batch_sampler import BatchSampler, make_batch_sampler
from limner.training.checkpoint import CheckpointState, check_checkpoint
from limner.training.config import RunConfig
from limner.training.data import TrainingData, check_units, training_data
from limner.training.ddp import distributed_options
from limner.training.hold_out_few import hold_out_few
from limner.training.init_from import (
    Initial,
    initial_network,
    random_network,
    read_initial,
    resumed_initial,
)
from limner.training.network_checks import check_memory
from limner.training.own_classes import with_own_classes
from limner.training.resolve import resolve_settings


@dataclass(frozen=True)
class TrainingSetup:
    """What a training is made of."""

    folder: Path
    data: TrainingData
    config: RunConfig
    """Resolved."""
    network: SketchModel
    """As it is before the first step."""
    sampler: BatchSampler
    resumed: CheckpointState | None
    """Of the checkpoint to continue; None for a new run."""
    options: dict[str, Any]
    """Of Lightning's trainer, for the processes that train together."""
    base: Card | None = None
    """Header of what a hand began with."""


def set_up(
    corpus: Corpus | TrainingData, folder: Path, config: RunConfig, initial: Initial, *, resume: bool
) -> TrainingSetup:
    """Resolve the settings, check everything, and make the network; nothing is written.

    Parameters
    ----------
    corpus : Corpus or TrainingData
    folder : Path
        Of the run.
    config : RunConfig
        As asked for.
    initial : Initial
        A network of the caller's own, or nothing.
    resume : bool
        Whether to continue from the checkpoint in ``folder``.

    Raises
    ------
    LimnerError
        If the training cannot begin.
    """
    if isinstance(corpus, Corpus):
        data = training_data(hold_out_drawings(corpus, config.train.hold_out))
    else:
        data = corpus
    if not initial.is_own:
        initial = resumed_initial(folder, config) if resume else read_initial(config)
    check_units(data.train)
    data = data_beside(data, config, initial)
    config = resolve_settings(config, data, initial)
    ranks = config.train.processes * config.train.machines
    sampler = make_batch_sampler(data.train, config.train, seed=config.seed, ranks=ranks)
    if not initial.is_own:
        check_memory(config.model)
    fresh = resume and not initial.is_own  # its weights are those of the checkpoint
    network = random_network(config) if fresh else initial_network(config, data, initial)
    resumed = check_checkpoint(folder, config, network, data) if resume else None
    options = distributed_options(config.train.processes, config.train.machines)
    base = initial.card if config.train.add_classes else None
    return TrainingSetup(folder, data, config, network, sampler, resumed, options, base)


def data_beside(data: TrainingData, config: RunConfig, initial: Initial) -> TrainingData:
    """Return the corpus as it is learnt beside what a base knows: some drawings set aside, classes added."""
    if config.train.hold_out_few and config.train.hold_out is None:
        data = hold_out_few(data)
    if config.train.add_classes and initial.card is not None and initial.card.config.classes:
        return with_own_classes(data, initial.card.classes)
    return data
