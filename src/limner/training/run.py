"""A training from beginning to end."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import Callback
from pytorch_lightning.loggers import Logger

from limner.corpus.corpus import Corpus
from limner.corpus.few import what_to_expect
from limner.corpus.split import set_aside
from limner.errors import LimnerError
from limner.models.build import build_model
from limner.models.protocol import SketchModel
from limner.models.weights import Card
from limner.sampling.model import Model
from limner.strokes.drawing import Drawing
from limner.training.batch_sampler import picks_of
from limner.training.best import WORDS, Choice, rule_of
from limner.training.callbacks import SHEET_DRAWINGS, BestCheckpoint, SampleSheets, StatusWriter
from limner.training.checkpoint import Place, checked_checkpoint
from limner.training.checkpoint_writer import CheckpointWriter, WholeFiles
from limner.training.classes import with_classes
from limner.training.clock import Clock
from limner.training.config import KeepBy, RunConfig
from limner.training.data import SplitBatches, TrainBatches, TrainingData, training_data
from limner.training.ddp import trainer_settings
from limner.training.feasible import check_memory, check_positions
from limner.training.few import with_care
from limner.training.graceful_stop import GracefulStop
from limner.training.init_from import read_initial_model, take_initial_weights
from limner.training.metrics import MetricsFile, event_loggers
from limner.training.module import Training
from limner.training.processes import is_first
from limner.training.progress import Bar, teller
from limner.training.run_folder import (
    CHECKPOINT_NAME,
    METRICS_NAME,
    check_new,
    clear_beginning,
    is_beginning,
    write_config,
)
from limner.training.run_lock import only_training
from limner.training.status import StatusFile, recording
from limner.training.threads import choose_threads, tune_malloc
from limner.training.vocabulary import prepare, with_vocabulary


@dataclass(frozen=True)
class Outcome:
    """How a training ended."""

    step: int
    best_step: int
    best_cost: float
    """By :attr:`kept_by`."""
    kept_by: KeepBy
    n_max: int
    interrupted: bool

    @property
    def sentence(self) -> str:
        """How it ended, and which weights are kept."""
        return f"Step {self.step}; {self.kept_weights}"

    @property
    def kept_weights(self) -> str:
        """Which weights are the best, and by what."""
        if self.kept_by == "last":
            return "the best was not looked for, the average of the last weights is kept"
        return (
            f"the best was step {self.best_step} by {WORDS[self.kept_by]}, {self.best_cost:.4f} in "
            f"validation (N_max {self.n_max})"
        )


def train(
    corpus: Corpus | TrainingData,
    run: str | Path,
    config: RunConfig,
    *,
    corpus_names: Sequence[str] = (),
    resume: bool = False,
    seconds: float | None = None,
    fitted: bool = False,
    licence: str = "",
    quiet: bool = False,
) -> Outcome:
    """Train a network on a corpus and keep everything in a run folder.

    Parameters
    ----------
    corpus : Corpus or Material
        The latter as :func:`limner.training.stored.load_material` gives it.
    run : str or Path
        The run folder; new or empty, or one to resume.
    config : RunConfig
    corpus_names : sequence of str
        Where the corpus comes from, for ``config.toml``.
    resume : bool
        Whether to go on from ``last.ckpt``; a run that ended before its first begins again.
    seconds : float, optional
        Time limit for the training.
    fitted : bool
        Whether learning rate and weight of L_KL come to their ends by then, in a single process.
    licence : str
        Terms of the weights, for their header.
    quiet : bool
        Whether nothing is said of the progress.

    Raises
    ------
    LimnerError
        If there is nothing to learn from, the folder cannot be used, another training goes on in it, or the
        checkpoint does not fit.
    """
    folder = Path(run)
    if resume and not folder.is_dir():
        raise LimnerError(f"{folder} holds no {CHECKPOINT_NAME}; train it without --resume first.")
    order = GracefulStop(config.max_steps, seconds)
    clock = Clock(seconds, fitted=fitted and config.train.processes * config.train.machines == 1)
    alone = only_training(folder) if is_first() else nullcontext()
    with order.listening(), alone, recording(folder) as status:
        outcome = _train(
            corpus, folder, config, corpus_names, status,
            resume=resume, order=order, clock=clock, licence=licence, quiet=quiet,
        )  # fmt: skip
        status.end("interrupted" if outcome.interrupted else "finished", outcome.sentence, outcome.step)
    return outcome


def _train(
    corpus: Corpus | TrainingData, folder: Path, config: RunConfig, corpus_names: Sequence[str],
    status: StatusFile, *, resume: bool, order: GracefulStop, clock: Clock, licence: str, quiet: bool,
) -> Outcome:  # fmt: skip
    """Train; everything is checked before anything is written."""
    resume = resume and not is_beginning(folder)
    data = (
        corpus
        if isinstance(corpus, TrainingData)
        else training_data(set_aside(corpus, config.train.hold_out))
    )
    start = None if resume else read_initial_model(config)
    config = config if start is None else replace(config, model=start.config)
    config = with_care(with_classes(config if resume else with_vocabulary(config), data), data)
    ranks = config.train.processes * config.train.machines
    picks_of(data.train, config.train, seed=config.seed, ranks=ranks)  # refuses what cannot be done, at once
    check_memory(config.model)
    check_positions(config.model, data.n_max)
    network = _fresh(config)
    place = checked_checkpoint(folder, config, network, data) if resume else None
    if start is not None:
        take_initial_weights(network, start, config.train.init_from)
    elif not resume:
        prepare(network, config, data)
    settings = trainer_settings(config.train.processes, config.train.machines)
    if is_first():
        _begin(folder, config, corpus_names, resume=resume)
        status.begin(0 if place is None else place.step, config.max_steps)
    tune_malloc()
    choose_threads(config.model, config.train.batch_size, config.train.threads, config.train.processes)
    return _Fit(folder, data, config, network, licence, settings, clock, quiet=quiet).go(place, order, status)


def _fresh(config: RunConfig) -> SketchModel:
    """Make the network with weights by chance, and leave torch's chance as it was."""
    with torch.random.fork_rng():
        torch.manual_seed(config.seed)
        return build_model(config.model)


def _begin(folder: Path, config: RunConfig, corpus_names: Sequence[str], *, resume: bool) -> None:
    """Make the run folder, or take it up."""
    if not resume:
        check_new(folder)
        clear_beginning(folder)
    write_config(folder, config, list(corpus_names))


class _Fit:
    """The pieces of one training, put together."""

    def __init__(
        self, folder: Path, data: TrainingData, config: RunConfig, network: SketchModel, licence: str,
        settings: dict[str, Any], clock: Clock, *, quiet: bool,
    ) -> None:  # fmt: skip
        self.folder, self.data, self.config, self.licence = folder, data, config, licence
        self.settings, self.clock = settings, clock
        self.bar = teller(clock, quiet=quiet)
        self.module = Training(
            network, config.train, n_max=data.n_max, seed=config.seed, say=self.bar.say,
            ranks=config.train.processes * config.train.machines, held_out=data.held_out, clock=clock,
        )  # fmt: skip
        rule = rule_of(config.train, conditional=network.conditional, held_out=data.held_out)
        self.choice = Choice(config.train, rule)

    def go(self, resumed: Place | None, order: GracefulStop, status: StatusFile) -> Outcome:
        expected = what_to_expect(self.data.drawings, held_out=self.data.held_out)
        if expected and resumed is None:
            self.bar.say(expected)
        patience = self.config.train.patience if self.data.held_out else None
        keeper = BestCheckpoint(
            self.folder, self.choice, self.module.result, self._card, self.data.facts, patience
        )
        sheets = SampleSheets(self.folder, Model(self.module.result, self._card({})), self._sheet_drawings())
        writer = CheckpointWriter(
            self.folder, self.config.train.validate_every, lambda: order.interrupted,
            [keeper.write, sheets.write], resumed,
        )  # fmt: skip
        trainer = self._trainer([self.bar, keeper, writer, StatusWriter(status, self.choice), order], resumed)
        with warnings.catch_warnings():
            _ignore_known_warnings()
            trainer.fit(
                self.module,
                train_dataloaders=self._train_batches(trainer),
                val_dataloaders=self._valid_batches(trainer),
                ckpt_path=self.folder / CHECKPOINT_NAME if resumed else None,
                weights_only=True,
            )
        if self.choice.step < 0:
            raise LimnerError(
                "The training went astray: no validation gave a finite cost until step "
                f"{trainer.global_step}; begin anew with a smaller --train.learning-rate."
            )
        return Outcome(
            trainer.global_step,
            self.choice.step,
            self.choice.cost,
            self.choice.rule,
            self.data.n_max,
            order.interrupted,
        )

    def _trainer(self, callbacks: list[Callback], resumed: Place | None) -> pl.Trainer:
        logging.getLogger("pytorch_lightning").setLevel(logging.WARNING)
        return pl.Trainer(
            default_root_dir=self.folder,
            max_steps=self.config.max_steps,
            max_epochs=-1,
            val_check_interval=self.config.train.validate_every,
            check_val_every_n_epoch=None,
            num_sanity_val_steps=0,
            log_every_n_steps=min(self.config.train.log_every, self.config.max_steps),
            gradient_clip_val=self.config.train.grad_clip,
            gradient_clip_algorithm=self.config.train.grad_clip_by,
            enable_model_summary=False,
            enable_progress_bar=isinstance(self.bar, Bar),
            enable_checkpointing=False,
            logger=self._loggers(resumed) if is_first() else False,
            callbacks=callbacks,
            plugins=[WholeFiles()],
            **self.settings,
        )

    def _loggers(self, resumed: Place | None) -> list[Logger]:
        first_step, rows = (0, 0) if resumed is None else (resumed.step, resumed.rows)
        return [
            MetricsFile(self.folder / METRICS_NAME, first_step, rows),
            *event_loggers(self.folder, self.bar.say),
        ]

    def _train_batches(self, trainer: pl.Trainer) -> TrainBatches:
        return TrainBatches(
            self.data,
            self.config.train,
            seed=self.config.seed,
            steps=self.config.max_steps,
            first_step=lambda: trainer.global_step,
            rank=trainer.global_rank,
            ranks=trainer.world_size,
        )

    def _valid_batches(self, trainer: pl.Trainer) -> SplitBatches:
        split = self.data.valid.take(range(min(len(self.data.valid), self.config.train.validate_drawings)))
        whole = self.config.train.convention == "magenta-train"
        length = self.data.n_max if whole else None
        return SplitBatches(
            split, self.data.scale_factor, self.config.train.batch_size, length,
            rank=trainer.global_rank, ranks=trainer.world_size,
        )  # fmt: skip

    def _sheet_drawings(self) -> list[Drawing]:
        """Pick drawings for the sheets, spread over the valid split."""
        n = len(self.data.valid)
        picks = sorted({k * n // SHEET_DRAWINGS for k in range(SHEET_DRAWINGS)})
        return [Drawing.from_stroke3(self.data.valid[i]) for i in picks]

    def _card(self, figures: dict[str, Any]) -> Card:
        facts: dict[str, Any] = {"convention": self.config.train.convention, "n_max": self.data.n_max}
        facts["held_out"] = self.data.held_out
        facts |= {k: v for k, v in figures.items() if self.data.held_out or not k.startswith("valid_")}
        return Card(
            config=self.config.model,
            scale_factor=self.data.scale_factor,
            n_max=self.data.n_max,
            extent=self.data.extent,
            start=self.data.start,
            start_reach=self.data.start_reach,
            tolerance=self.data.tolerance,
            classes=self.data.classes,
            licence=self.licence,
            training=facts,
        )


def _ignore_known_warnings() -> None:
    """Silence what Lightning says about batches made without workers, and means taken before it is told."""
    warnings.filterwarnings("ignore", message=".*does not have many workers.*")
    warnings.filterwarnings(
        "ignore", message=".*ended before the epoch ended and your dataloader is not resumable.*"
    )
    warnings.filterwarnings("ignore", message=".*Trying to infer the `batch_size`.*")
    warnings.filterwarnings("ignore", message=".*LeafSpec.*")
    warnings.filterwarnings("ignore", message=".*It is recommended to use `self.log.*sync_dist=True.*")
