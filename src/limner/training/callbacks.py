"""What happens beside the steps: keeping weights, and sheets of drawings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
from pytorch_lightning.callbacks import Callback

from limner.models.protocol import SketchModel
from limner.models.weights import FILE_NAME, LAST_NAME, Card, save_weights
from limner.render.sheet import good_columns
from limner.render.write import write_drawings
from limner.sampling.model import Model
from limner.strokes.drawing import Drawing
from limner.training.best import Choice
from limner.training.run_folder import sheet_path
from limner.training.status import StatusFile

SHEET_DRAWINGS = 6
SHEET_TEMPERATURE = 0.3


class BestCheckpoint(Callback):
    """Chooses among validations; writes ``model.safetensors`` of the best, ``last.safetensors`` of the last.

    Choosing comes before the checkpoint, which remembers the choice, and writing after it: see
    :class:`limner.training.checkpoint_writer.CheckpointWriter`.

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
        self.last_figures: dict[str, float] = {}

    def on_validation_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        """Choose the validation if it is better than what was chosen before."""
        metrics = {name: float(value) for name, value in trainer.callback_metrics.items()}
        self.last_figures = {name: value for name, value in metrics.items() if name.startswith("valid_")}
        self.choice.better(self.last_figures, trainer.global_step, metrics["kl_weight"])
        if self.patience is not None and self.choice.since >= self.patience:
            trainer.should_stop = True

    def write(self, trainer: pl.Trainer, *, again: bool) -> None:
        """Write the weights of this step: as the last ones, and as the best if they are."""
        card = self.card_of({"step": trainer.global_step, **self.last_figures})
        is_best = self.choice.step == trainer.global_step
        for name in (LAST_NAME, FILE_NAME) if is_best else (LAST_NAME,):
            save_weights(self.network, card, self.run / name)

    def state_dict(self) -> dict[str, Any]:
        """Remember the best across a resume."""
        return {**self.choice.state(), "last_figures": self.last_figures, "corpus": self.corpus_facts}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up the best of the interrupted run."""
        self.choice.take_up(state_dict)
        self.last_figures = dict(state_dict["last_figures"])


class StatusWriter(Callback):
    """Writes into ``status.json`` after each validation; comes after :class:`BestCheckpoint`.

    Parameters
    ----------
    status : StatusFile
    choice : Choice
    """

    def __init__(self, status: StatusFile, choice: Choice) -> None:
        self.status, self.choice = status, choice

    def on_validation_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        """Write how far the training is."""
        self.status.validated(trainer.global_step, self.choice.step, self.choice.cost, self.choice.rule)


class SampleSheets:
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
