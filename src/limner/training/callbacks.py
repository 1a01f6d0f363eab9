"""What happens beside the steps: keeping the best weights, sheets of drawings, and stopping in good order."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import FrameType
from typing import Any

import pytorch_lightning as pl
from pytorch_lightning.callbacks import Callback, RichProgressBar

from limner.files import whole_file
from limner.models.protocol import SketchModel
from limner.models.weights import FILE_NAME, Card, save_weights
from limner.render.sheet import good_columns
from limner.render.write import write_drawings
from limner.sampling.model import Model
from limner.strokes.drawing import Drawing
from limner.training.checkpoint import CHECKPOINT_NAME

SHEET_DRAWINGS = 6
SHEET_TEMPERATURE = 0.3
AGREE_EVERY = 10
"""Steps after which processes that train together ask each other whether to stop."""


class Bar(RichProgressBar):
    """A progress bar that counts steps, those before a resume included; there are no epochs here."""

    def say(self, sentence: str) -> None:
        """Print a sentence above the bar."""
        if self.progress is not None:
            self.progress.console.print(sentence, soft_wrap=True, markup=False, highlight=False)

    def _get_train_description(self, current_epoch: int) -> str:
        return "Training"

    def on_train_batch_end(self, trainer: pl.Trainer, *rest: Any) -> None:
        """Show the step."""
        super().on_train_batch_end(trainer, *rest)
        if self.progress is not None and self.train_progress_bar_id is not None:
            step, last = trainer.global_step, trainer.max_steps
            self.progress.update(self.train_progress_bar_id, completed=step, total=last)


class Keeper(Callback):
    """Writes ``model.safetensors`` when a validation is the best so far, and ``last.ckpt`` after each.

    Parameters
    ----------
    run : Path
    network : SketchModel
    card_of : callable
        Makes a card from training figures.
    corpus_facts : list of float
        What tells the corpus from another; kept in the checkpoint.
    """

    def __init__(
        self, run: Path, network: SketchModel, card_of: Callable[[dict[str, Any]], Card],
        corpus_facts: list[float],
    ) -> None:  # fmt: skip
        self.run = run
        self.network = network
        self.card_of = card_of
        self.corpus_facts = corpus_facts
        self.best_cost = float("inf")
        self.best_step = -1

    def on_validation_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        """Keep the weights if they are better; keep the state of the training in any case."""
        figures = {k: float(v) for k, v in trainer.callback_metrics.items() if k.startswith("valid_")}
        if figures["valid_cost"] < self.best_cost:
            self.best_cost, self.best_step = figures["valid_cost"], trainer.global_step
            if trainer.is_global_zero:
                card = self.card_of({"step": trainer.global_step, **figures})
                save_weights(self.network, card, self.run / FILE_NAME)
        path = self.run / CHECKPOINT_NAME
        with whole_file(path) if trainer.is_global_zero else nullcontext(path) as draft:
            trainer.save_checkpoint(draft)  # all ranks take part, the first one writes

    def state_dict(self) -> dict[str, Any]:
        """Remember the best across a resume."""
        return {"best_cost": self.best_cost, "best_step": self.best_step, "corpus": self.corpus_facts}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up the best of the interrupted run."""
        self.best_cost, self.best_step = state_dict["best_cost"], state_dict["best_step"]


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
        samples = self.model.sample(2 * SHEET_DRAWINGS, temperature=SHEET_TEMPERATURE, seed=0)
        pairs: list[Drawing] = []
        if self.model.conditional:
            redrawn = self.model.reconstruct(self.drawings, temperature=SHEET_TEMPERATURE, unit=1.0)
            pairs = [one for pair in zip(self.drawings, redrawn, strict=True) for one in pair]
        names = ["original", "redrawn"] * (len(pairs) // 2) + [d.label or "sample" for d in samples]
        pictures = [*pairs, *samples]
        path = self.folder / f"step-{trainer.global_step:07d}.png"
        write_drawings(pictures, path, captions=names, columns=good_columns(len(pictures), together=2))


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
