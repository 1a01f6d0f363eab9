"""Writes ``last.ckpt`` and then what else a validation leaves.

After a validation the checkpoint comes first, then its artifacts, weights and a sheet, which can be made
again from it. So a training that is killed between them makes them when it is resumed, and one that is killed
before them has nothing but a beginning. Between validations the state is written by the clock, so that a long
way from one to the next, or a long validation, costs at most about a minute when the process is killed.

Where the state is written decides nothing about the training: a resumed one is the same to the last bit. A
validation that was due, or going on, when the state was written comes first then.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import Callback
from pytorch_lightning.plugins.io import TorchCheckpointIO

from limner.files import whole_file
from limner.training.callbacks import AGREE_EVERY
from limner.training.checkpoint import STATE_KEY, CheckpointState
from limner.training.metrics import MetricsFile
from limner.training.run_folder import CHECKPOINT_NAME

FIRST_SECONDS = 40.0
"""Time after which a training has its first checkpoint, whatever its validations do."""
EVERY_SECONDS = 60.0
"""Time between two checkpoints, where writing one takes less than 1 / :data:`WRITING_SHARE` of it."""
WRITING_SHARE = 50
"""The time between two checkpoints is at least so many times that of writing one."""


class ValidationArtifact(Protocol):
    """Writes a file from the weights of a validation."""

    def __call__(self, trainer: pl.Trainer, *, again: bool) -> None:
        """Write it; ``again`` where a training is resumed that may have been killed before it did."""


class AtomicCheckpointIO(TorchCheckpointIO):
    """Writes a checkpoint whole, to a draft beside it; Lightning writes to the system's temporary folder."""

    def save_checkpoint(self, checkpoint: dict[str, Any], path: Any, storage_options: Any = None) -> None:
        """Write a checkpoint."""
        with whole_file(Path(path)) as draft, draft.open("wb") as file:
            torch.save(checkpoint, file)


class CheckpointWriter(Callback):
    """Writes ``last.ckpt`` after each validation and by the clock.

    Parameters
    ----------
    run : Path
    validate_every : int
        Steps between two validations.
    should_stop : callable
        Returns whether a signal has asked the training to end.
    artifacts : sequence of ValidationArtifact
        What is written after the checkpoint of a validation, in this order.
    resumed : CheckpointState, optional
        Of the checkpoint that the training continues.
    first : bool
        Whether a new training validates before its first step: what it begins with may be the best.
    """

    def __init__(
        self, run: Path, validate_every: int, should_stop: Callable[[], bool],
        artifacts: Sequence[ValidationArtifact],
        resumed: CheckpointState | None = None, *, first: bool = False,
    ) -> None:  # fmt: skip
        self.path = run / CHECKPOINT_NAME
        self.validate_every = validate_every
        self.should_stop = should_stop
        self.artifacts = artifacts
        self.resumed, self.first = resumed, first
        self._due = False
        self._validated = -1 if resumed is None else resumed.validated
        self._written = -1  # the step of the last one
        self._next = 0.0

    def on_fit_start(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        """Start the clock."""
        self._next = time.monotonic() + FIRST_SECONDS

    def on_train_start(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        """Make up for what the resumed training had not done: a validation, or its artifacts."""
        due = self.first if self.resumed is None else self.resumed.due
        if due:
            loop = trainer.fit_loop.epoch_loop.val_loop
            loop.restarting = False
            trainer.validating = True
            loop.run()
            trainer.training = True
        elif self.resumed is not None:
            self._write_artifacts_again(trainer, module)

    def on_train_batch_start(self, trainer: pl.Trainer, module: Any, *_: Any) -> None:
        """Write the state after the previous step, if it is time."""
        step = trainer.global_step
        if step <= max(self._written, 0 if self.resumed is None else self.resumed.step):
            return
        if trainer.world_size == 1:
            late = time.monotonic() > self._next
        else:  # all processes write together
            late = step % AGREE_EVERY == 0 and self._on_any_rank(trainer, time.monotonic() > self._next)
        if late:
            self._write_state(trainer, module, due=False)

    def on_validation_start(self, trainer: pl.Trainer, module: Any) -> None:
        """Write the state before a validation, if it is time or the training is to end."""
        if self._on_any_rank(trainer, self.should_stop() or time.monotonic() > self._next):
            self._write_state(trainer, module, due=self._is_due(trainer))

    def on_validation_batch_end(self, trainer: pl.Trainer, module: Any, *_: Any) -> None:
        """Write the state in the middle of a validation, if the training is to end."""
        if trainer.world_size == 1 and self.should_stop():
            self._write_state(trainer, module, due=self._is_due(trainer))

    def on_validation_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        """Write the state, then the artifacts, which can be made again from it."""
        is_finite = bool(trainer.callback_metrics["valid_cost"].isfinite())
        self._validated = trainer.global_step if is_finite else -1
        self._write(trainer, due=False)
        if is_finite:
            self._write_artifacts(trainer, again=False)

    def on_fit_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        """Write the artifacts of a training that was killed after its last step."""
        if self.resumed is not None and trainer.global_step == self.resumed.step:
            self._write_artifacts_again(trainer, module)

    def on_save_checkpoint(
        self, trainer: pl.Trainer, module: pl.LightningModule, checkpoint: dict[str, Any]
    ) -> None:
        """Add how far the training is; for Lightning, between two steps, with no validation begun."""
        step = int(trainer.global_step)
        rows = next((log.rows for log in trainer.loggers if isinstance(log, MetricsFile)), 0)
        checkpoint[STATE_KEY] = asdict(CheckpointState(step, self._validated, self._due, rows))
        loop = checkpoint["loops"]["fit_loop"]
        for name, count in (("epoch_loop", None), ("epoch_loop.val_loop", 0)):
            for part in ("total", "current"):
                progress = loop[f"{name}.batch_progress"][part]
                done = progress["completed"] if count is None else count
                progress.update(dict.fromkeys(("ready", "started", "processed", "completed"), done))

    def _is_due(self, trainer: pl.Trainer) -> bool:
        """Return whether the validation of this step comes whether or not the training ends here."""
        return trainer.global_step % self.validate_every == 0

    def _write_state(self, trainer: pl.Trainer, module: Any, *, due: bool) -> None:
        """Write the state of a step once, and not of the last step: there is nothing left to resume."""
        step = trainer.global_step
        if step == self._written or step >= trainer.max_steps:
            return
        module.guard.settle(step)
        self._write(trainer, due=due)

    def _write(self, trainer: pl.Trainer, *, due: bool) -> None:
        began = time.monotonic()
        self._due = due
        trainer.save_checkpoint(self.path)  # all processes take part, the first one writes
        self._written = trainer.global_step
        now = time.monotonic()
        self._next = now + max(EVERY_SECONDS, WRITING_SHARE * (now - began))

    def _write_artifacts_again(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        if self._validated == trainer.global_step:
            modes = {part: part.training for part in module.modules()}
            module.eval()
            self._write_artifacts(trainer, again=True)
            for part, training in modes.items():
                part.training = training

    def _write_artifacts(self, trainer: pl.Trainer, *, again: bool) -> None:
        if trainer.is_global_zero:
            for artifact in self.artifacts:
                artifact(trainer, again=again)

    @staticmethod
    def _on_any_rank(trainer: pl.Trainer, flag: bool) -> bool:
        """Return whether a flag is set in any of the processes; all must ask."""
        if trainer.world_size == 1:
            return flag
        return bool(trainer.strategy.reduce_boolean_decision(flag, all=False))
