"""Callbacks: what a validation writes beside the checkpoint, and the end of the training."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
from pytorch_lightning.callbacks import Callback

from limner.models.protocol import SketchModel
from limner.models.remembered import RememberedDrawings
from limner.models.weights import FILE_NAME, LAST_NAME, Card, save_weights
from limner.render.sheet_layout import good_columns
from limner.render.write import write_drawings
from limner.sampling.model import Model
from limner.strokes.drawing import Drawing
from limner.training.graceful_stop import GracefulStop
from limner.training.run_folder import sheet_path
from limner.training.status import StatusFile
from limner.training.weights_choice import WeightsChoice

AGREE_EVERY = 10
"""Steps after which processes that train together agree on whether to stop; asking takes a message."""
SHEET_DRAWINGS = 6
"""Held-out drawings on a sheet, each beside its reconstruction; there are twice as many samples."""
SHEET_TEMPERATURE = 0.3
"""Of the samples on a sheet: low, so that sheets of one training compare."""


class BestCheckpoint(Callback):
    """Writes ``model.safetensors`` and ``last.safetensors``: weights of the best and of the last validation.

    A validation is judged before the checkpoint is written, which holds the choice; the weights come after
    it (see :class:`limner.training.checkpoint_writer.CheckpointWriter`). Lightning keeps the state under the
    name of this class, :data:`limner.training.checkpoint.BEST_KEY`.

    Parameters
    ----------
    run : Path
    choice : WeightsChoice
        Decides which validation is the best.
    network : SketchModel
        Whose weights are written.
    card_of : callable
        Makes a card from training metrics.
    fingerprint : list of float
        Of the corpus; stands in the checkpoint.
    patience : int, optional
        Validations without a better one after which the training ends.
    remembered : RememberedDrawings, optional
        Drawings that are written beside the weights.
    """

    def __init__(
        self, run: Path, choice: WeightsChoice, network: SketchModel,
        card_of: Callable[[dict[str, Any]], Card], fingerprint: list[float], patience: int | None = None,
        *, remembered: RememberedDrawings | None = None,
    ) -> None:  # fmt: skip
        self.run = run
        self.choice, self.patience = choice, patience
        self.network = network
        self.card_of = card_of
        self.fingerprint, self.remembered = fingerprint, remembered
        self.last_metrics: dict[str, float] = {}

    def on_validation_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        """Choose the validation if it is the best so far."""
        metrics = {name: float(value) for name, value in trainer.callback_metrics.items()}
        self.last_metrics = {name: value for name, value in metrics.items() if name.startswith("valid_")}
        self.choice.consider(self.last_metrics, trainer.global_step, metrics["kl_weight"])
        if self.patience is not None and self.choice.validations_since >= self.patience:
            trainer.should_stop = True

    def write(self, trainer: pl.Trainer, *, again: bool) -> None:
        """Write the weights of this step as the last ones, and as the best ones if they are."""
        card = self.card_of({"step": trainer.global_step, **self.last_metrics})
        is_best = self.choice.step == trainer.global_step
        for name in (LAST_NAME, FILE_NAME) if is_best else (LAST_NAME,):
            save_weights(self.network, card, self.run / name, remembered=self.remembered)

    def state_dict(self) -> dict[str, Any]:
        """Return what a checkpoint holds."""
        return {**self.choice.state_dict(), "last_metrics": self.last_metrics, "corpus": self.fingerprint}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Continue from what :meth:`state_dict` returned."""
        self.choice.load_state_dict(state_dict)
        self.last_metrics = dict(state_dict["last_metrics"])


class StatusWriter(Callback):
    """Writes into ``status.json`` after each validation; comes after :class:`BestCheckpoint`.

    Parameters
    ----------
    status : StatusFile
    choice : WeightsChoice
    """

    def __init__(self, status: StatusFile, choice: WeightsChoice) -> None:
        self.status, self.choice = status, choice

    def on_validation_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        """Write how far the training is."""
        self.status.validated(trainer.global_step, self.choice.step, self.choice.cost, self.choice.rule)


class StopCallback(Callback):
    """Stops the trainer; it validates before it ends, and writes the state before that.

    See :class:`limner.training.checkpoint_writer.CheckpointWriter`.

    Parameters
    ----------
    stop : GracefulStop
    """

    def __init__(self, stop: GracefulStop) -> None:
        self.stop = stop

    def on_train_start(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        """Start the clock."""
        self.stop.start()

    def on_train_batch_end(self, trainer: pl.Trainer, module: pl.LightningModule, *_: Any) -> None:
        """Stop the trainer where it is time; processes that train together stop at the same step."""
        stops = self.stop.is_wanted
        if trainer.world_size > 1:
            is_turn = trainer.global_step % AGREE_EVERY == 0
            stops = is_turn and trainer.strategy.reduce_boolean_decision(stops, all=False)
        if stops or trainer.global_step >= self.stop.max_steps:
            trainer.should_stop = True


class SampleSheets:
    """Draws a sheet at each validation: originals and reconstructions, if the model encodes, and samples.

    Parameters
    ----------
    run : Path
    model : Model
        Of the network in training.
    drawings : list of Drawing
        Of the valid split, to be reconstructed.
    """

    def __init__(self, run: Path, model: Model, drawings: list[Drawing]) -> None:
        self.run = run
        self.model = model
        self.drawings = drawings[:SHEET_DRAWINGS]

    def write(self, trainer: pl.Trainer, *, again: bool) -> None:
        """Write ``samples/step-*.png``; a second time only if it is missing."""
        path = sheet_path(self.run, trainer.global_step)
        if again and path.is_file():
            return
        samples = self.model.sample(2 * SHEET_DRAWINGS, temperature=SHEET_TEMPERATURE, seed=0)
        pairs: list[Drawing] = []
        if self.model.conditional:
            redrawn = self.model.reconstruct(self.drawings, temperature=SHEET_TEMPERATURE, unit=1.0)
            pairs = [one for pair in zip(self.drawings, redrawn, strict=True) for one in pair]
        names = ["original", "redrawn"] * (len(pairs) // 2) + [d.label or "sample" for d in samples]
        pictures = [*pairs, *samples]
        write_drawings(pictures, path, captions=names, columns=good_columns(len(pictures), together=2))
