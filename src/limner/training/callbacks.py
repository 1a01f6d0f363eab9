"""What happens beside the steps: the bar, keeping the best weights, and sheets of drawings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
from pytorch_lightning.callbacks import Callback, RichProgressBar

from limner.models.protocol import SketchModel
from limner.models.weights import FILE_NAME, Card, save_weights
from limner.render.sheet import good_columns
from limner.render.write import write_drawings
from limner.sampling.model import Model
from limner.strokes.drawing import Drawing
from limner.training.run_folder import sheet_path

SHEET_DRAWINGS = 6
SHEET_TEMPERATURE = 0.3


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
    """Chooses the best validation, and writes its weights to ``model.safetensors``.

    Choosing comes before the checkpoint, which remembers the choice, and writing after it: see
    :class:`limner.training.checkpoint_writer.CheckpointWriter`.

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
        self.best_figures: dict[str, float] = {}

    def on_validation_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        """Note the validation if it is better than all before."""
        figures = {k: float(v) for k, v in trainer.callback_metrics.items() if k.startswith("valid_")}
        if figures["valid_cost"] < self.best_cost:
            self.best_cost, self.best_step = figures["valid_cost"], trainer.global_step
            self.best_figures = figures

    def write(self, trainer: pl.Trainer, *, again: bool) -> None:
        """Write the weights of this step, if it is the best."""
        if self.best_step == trainer.global_step:
            card = self.card_of({"step": self.best_step, **self.best_figures})
            save_weights(self.network, card, self.run / FILE_NAME)

    def state_dict(self) -> dict[str, Any]:
        """Remember the best across a resume."""
        return {
            "best_cost": self.best_cost,
            "best_step": self.best_step,
            "best_figures": self.best_figures,
            "corpus": self.corpus_facts,
        }

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up the best of the interrupted run."""
        self.best_cost, self.best_step = state_dict["best_cost"], state_dict["best_step"]
        self.best_figures = state_dict["best_figures"]


class Sheets:
    """Draws the sheet of a validation: originals and reconstructions, if the model encodes; samples.

    Parameters
    ----------
    run : Path
    model : Model
        Around the network in training.
    drawings : list of Drawing
        Of the valid split.
    """

    def __init__(self, run: Path, model: Model, drawings: list[Drawing]) -> None:
        self.run = run
        self.model = model
        self.drawings = drawings[:SHEET_DRAWINGS]

    def write(self, trainer: pl.Trainer, *, again: bool) -> None:
        """Write ``samples/step-*.png``; again only if it is missing."""
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
