"""``RunTrainer``: Lightning's trainer with the module, callbacks, loggers and batches of one run."""

from __future__ import annotations

import logging
import warnings
from typing import Any

import pytorch_lightning as pl
from pytorch_lightning.callbacks import Callback
from pytorch_lightning.loggers import Logger

from limner.errors import LimnerError
from limner.models.weights import Card
from limner.sampling.model import Model
from limner.strokes.drawing import Drawing
from limner.training.batches import SplitBatches, TrainBatches
from limner.training.callbacks import (
    SHEET_DRAWINGS,
    BestCheckpoint,
    SampleSheets,
    StatusWriter,
    StopCallback,
)
from limner.training.checkpoint_writer import AtomicCheckpointIO, CheckpointWriter
from limner.training.clock import Clock
from limner.training.graceful_stop import GracefulStop
from limner.training.metrics import MetricsFile, event_loggers
from limner.training.module import SketchModule
from limner.training.own_classes import own_classes
from limner.training.progress_bar import ProgressBar, make_reporter
from limner.training.ranks import is_rank_zero
from limner.training.remember import remembered_drawings
from limner.training.run_folder import CHECKPOINT_NAME, METRICS_NAME
from limner.training.setup import TrainingSetup
from limner.training.status import StatusFile
from limner.training.suggestion import what_to_say
from limner.training.weights_choice import WeightsChoice, choose_rule

KNOWN_WARNINGS = (
    ".*does not have many workers.*",  # batches are made in this process
    ".*ended before the epoch ended and your dataloader is not resumable.*",  # they resume by their step
    ".*Trying to infer the `batch_size`.*",
    ".*LeafSpec.*",
    ".*It is recommended to use `self.log.*sync_dist=True.*",  # means over processes are taken before
)
"""Warnings of Lightning that do not apply."""


class RunTrainer:
    """Trains one run.

    Parameters
    ----------
    setup : TrainingSetup
    clock : Clock
    licence : str
        Terms of the weights.
    quiet : bool
        Whether no progress is shown.
    """

    def __init__(self, setup: TrainingSetup, clock: Clock, licence: str, *, quiet: bool) -> None:
        self.setup, self.licence = setup, licence
        self.folder, self.data, self.config = setup.folder, setup.data, setup.config
        train, held_out = setup.config.train, setup.data.held_out
        self.reporter = make_reporter(clock, quiet=quiet)
        self.module = SketchModule(
            setup.network, train, n_max=self.data.n_max, seed=self.config.seed,
            on_message=self.reporter.message, ranks=train.processes * train.machines, held_out=held_out,
            clock=clock,
        )  # fmt: skip
        rule = choose_rule(train, conditional=setup.network.conditional, held_out=held_out)
        self.choice = WeightsChoice(train, rule)
        """Chooses the weights that are kept."""

    def fit(self, stop: GracefulStop, status: StatusFile) -> int:
        """Train to the end.

        Returns
        -------
        int
            Steps done.

        Raises
        ------
        LimnerError
            If no validation had a finite cost.
        """
        expectation = what_to_say(self.config.train, self.data.drawings, held_out=self.data.held_out)
        if expectation and self.setup.resumed is None:
            self.reporter.message(expectation)
        trainer = self._trainer(self._callbacks(stop, status))
        with warnings.catch_warnings():
            for message in KNOWN_WARNINGS:
                warnings.filterwarnings("ignore", message=message)
            trainer.fit(
                self.module,
                train_dataloaders=self._train_batches(trainer),
                val_dataloaders=self._valid_batches(trainer),
                ckpt_path=self.folder / CHECKPOINT_NAME if self.setup.resumed else None,
                weights_only=True,
            )
        if self.choice.step < 0:
            raise LimnerError(
                "The training went astray: no validation gave a finite cost until step "
                f"{trainer.global_step}; begin again with a smaller --train.learning-rate."
            )
        return int(trainer.global_step)

    def _callbacks(self, stop: GracefulStop, status: StatusFile) -> list[Callback]:
        """Return the callbacks; a validation is judged, then written, then noted in the status."""
        network, every = self.module.result, self.config.train.validate_every
        patience = self.config.train.patience if self.data.held_out else None
        best = BestCheckpoint(
            self.folder, self.choice, network, self._card, self.data.fingerprint, patience,
            remembered=remembered_drawings(self.data, self.config),
        )  # fmt: skip
        sheets = SampleSheets(self.folder, Model(network, self._card({})), self._sheet_drawings())
        writer = CheckpointWriter(
            self.folder, every, lambda: stop.interrupted, [best.write, sheets.write], self.setup.resumed,
            first=self.config.train.add_classes,
        )  # fmt: skip
        return [self.reporter, best, writer, StatusWriter(status, self.choice), StopCallback(stop)]

    def _trainer(self, callbacks: list[Callback]) -> pl.Trainer:
        logging.getLogger("pytorch_lightning").setLevel(logging.WARNING)
        train, max_steps = self.config.train, self.config.max_steps
        return pl.Trainer(
            default_root_dir=self.folder,
            max_steps=max_steps,
            max_epochs=-1,
            val_check_interval=train.validate_every,
            check_val_every_n_epoch=None,
            num_sanity_val_steps=0,
            log_every_n_steps=min(train.log_every, max_steps),
            gradient_clip_val=train.grad_clip,
            gradient_clip_algorithm=train.grad_clip_by,
            enable_model_summary=False,
            enable_progress_bar=isinstance(self.reporter, ProgressBar),
            enable_checkpointing=False,
            logger=self._loggers() if is_rank_zero() else False,
            callbacks=callbacks,
            plugins=[AtomicCheckpointIO()],
            **self.setup.options,
        )

    def _loggers(self) -> list[Logger]:
        resumed = self.setup.resumed
        first_step, rows = (0, 0) if resumed is None else (resumed.step, resumed.rows)
        return [
            MetricsFile(self.folder / METRICS_NAME, first_step, rows),
            *event_loggers(self.folder, self.reporter.message),
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
            sampler=self.setup.sampler,
        )

    def _valid_batches(self, trainer: pl.Trainer) -> SplitBatches:
        train, valid = self.config.train, self.data.valid
        return SplitBatches(
            valid.take(range(min(len(valid), train.validate_drawings))),
            self.data.scale_factor,
            train.batch_size,
            self.data.n_max if train.convention == "magenta-train" else None,
            rank=trainer.global_rank,
            ranks=trainer.world_size,
            keep=True,
        )

    def _sheet_drawings(self) -> list[Drawing]:
        """Return drawings for the sheets, spread evenly over the valid split."""
        n = len(self.data.valid)
        indices = sorted({k * n // SHEET_DRAWINGS for k in range(SHEET_DRAWINGS)})
        return [Drawing.from_stroke3(self.data.valid[i]) for i in indices]

    def _card(self, metrics: dict[str, Any]) -> Card:
        """Return the header of the weights; without held-out drawings no figure is called a validation's."""
        held_out, base = self.data.held_out, self.setup.base
        facts: dict[str, Any] = {"convention": self.config.train.convention, "n_max": self.data.n_max}
        facts["held_out"] = held_out
        facts |= {k: v for k, v in metrics.items() if held_out or not k.startswith("valid_")}
        return Card(
            config=self.config.model,
            scale_factor=self.data.scale_factor,
            n_max=max(self.data.n_max, 0 if base is None else base.n_max),
            extent=self.data.extent,
            start=self.data.start,
            start_reach=self.data.start_reach,
            tolerance=self.data.tolerance,
            classes=self.data.classes,
            own_classes=0 if base is None else own_classes(self.data),
            licence=self.licence or ("" if base is None else base.licence),
            training=facts,
            sampling={} if base is None else base.sampling,
        )
