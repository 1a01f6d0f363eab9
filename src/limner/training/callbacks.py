"""What happens beside the steps: keeping the best weights, sheets of drawings, and stopping in good order."""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import FrameType
from typing import Any

import pytorch_lightning as pl
from pytorch_lightning.callbacks import Callback

from limner.files import whole_file
from limner.models.protocol import SketchModel
from limner.models.weights import FILE_NAME, LAST_NAME, Card, save_weights
from limner.render.write import write_drawings
from limner.sampling.model import Model
from limner.strokes.drawing import Drawing
from limner.training.best import Choice
from limner.training.checkpoint import CHECKPOINT_NAME

SHEET_DRAWINGS = 6
SHEET_TEMPERATURE = 0.3
AGREE_EVERY = 10
"""Steps after which processes that train together ask each other whether to stop."""


class Keeper(Callback):
    """Writes ``model.safetensors`` when a validation is the best so far; ``last.*`` after each.

    Parameters
    ----------
    run : Path
    choice : Choice
        Tells which is the best.
    network : SketchModel
    card_of : callable
        Makes a card from training figures.
    corpus_facts : list of float
        What tells the corpus from another; kept in the checkpoint.
    patience : int, optional
        Validations without a better one after which the training ends.
    """

    def __init__(
        self, run: Path, choice: Choice, network: SketchModel, card_of: Callable[[dict[str, Any]], Card],
        corpus_facts: list[float], patience: int | None = None,
    ) -> None:  # fmt: skip
        self.run = run
        self.choice, self.patience = choice, patience
        self.network = network
        self.card_of = card_of
        self.corpus_facts = corpus_facts

    def on_validation_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        """Keep the weights if they are better; keep the state of the training in any case."""
        figures = {k: float(v) for k, v in trainer.callback_metrics.items() if k.startswith("valid_")}
        weight = float(trainer.callback_metrics["kl_weight"])
        better = self.choice.better(figures, trainer.global_step, weight)
        if trainer.is_global_zero and math.isfinite(figures["valid_cost"]):
            card = self.card_of({"step": trainer.global_step, **figures})
            for name in (LAST_NAME, FILE_NAME) if better else (LAST_NAME,):
                save_weights(self.network, card, self.run / name)
        if self.patience is not None and self.choice.since >= self.patience:
            trainer.should_stop = True
        path = self.run / CHECKPOINT_NAME
        with whole_file(path) if trainer.is_global_zero else nullcontext(path) as draft:
            trainer.save_checkpoint(draft)  # all ranks take part, the first one writes

    def state_dict(self) -> dict[str, Any]:
        """Remember the best across a resume."""
        return {**self.choice.state(), "corpus": self.corpus_facts}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up the best of the interrupted run."""
        self.choice.take_up(state_dict)


class Sheets(Callback):
    """Draws a sheet at every validation: originals and reconstructions, if the model encodes; samples.

    Parameters
    ----------
    run : Path
    model : Model
        Around the network in training.
    drawings : list of Drawing
        Of the valid split.
    """

    def __init__(self, run: Path, model: Model, drawings: list[Drawing]) -> None:
        self.folder = run / "samples"
        self.model = model
        self.drawings = drawings[:SHEET_DRAWINGS]

    def on_validation_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        """Write ``samples/step-*.png``, unless the network draws no finite numbers."""
        if not trainer.is_global_zero or not trainer.callback_metrics["valid_cost"].isfinite():
            return
        rows = {"sample": self.model.sample(2 * SHEET_DRAWINGS, temperature=SHEET_TEMPERATURE, seed=0)}
        if self.model.conditional:
            redrawn = self.model.reconstruct(self.drawings, temperature=SHEET_TEMPERATURE, unit=1.0)
            rows = {"original": self.drawings, "redrawn": redrawn, **rows}
        names = [name for name, row in rows.items() for _ in row]
        pictures = [drawing for row in rows.values() for drawing in row]
        path = self.folder / f"step-{trainer.global_step:07d}.png"
        write_drawings(pictures, path, captions=names, columns=len(self.drawings))


class GoodOrder(Callback):
    """Ends a training at its last step, at a time limit or at Ctrl-C, always with a validation.

    Parameters
    ----------
    max_steps : int
    seconds : float, optional
        Time limit for the training.
    """

    def __init__(self, max_steps: int, seconds: float | None = None) -> None:
        self.max_steps = max_steps
        self.seconds = seconds
        self.interrupted = False
        self._began = 0.0

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Let Ctrl-C end the training in the block in good order; a second one interrupts at once."""
        if threading.current_thread() is not threading.main_thread():  # signals reach no other
            yield
            return
        former = signal.signal(signal.SIGINT, self._interrupt)
        try:
            yield
        except SystemExit:  # what Lightning makes of an interrupt
            raise KeyboardInterrupt from None
        finally:
            signal.signal(signal.SIGINT, former)

    def on_train_start(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        """Start the clock."""
        self._began = time.monotonic()

    def on_train_batch_end(self, trainer: pl.Trainer, module: pl.LightningModule, *_: Any) -> None:
        """Ask the trainer to stop; it validates before it does."""
        late = self.seconds is not None and time.monotonic() - self._began > self.seconds
        asked = self.interrupted or late
        if trainer.world_size > 1:  # all processes stop at the same step
            agreed = trainer.global_step % AGREE_EVERY == 0
            asked = agreed and trainer.strategy.reduce_boolean_decision(asked, all=False)
        if asked or trainer.global_step >= self.max_steps:
            trainer.should_stop = True

    def _interrupt(self, _number: int, _frame: FrameType | None) -> None:
        if self.interrupted:
            raise KeyboardInterrupt
        self.interrupted = True
