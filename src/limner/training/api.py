"""Training from Python, in the words of the command line.

run = limner.training.api.train(corpus, preset="fast", max_steps=500, train={"batch_size": 32})
run.model().sample(8)
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, TypedDict, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from limner.corpus.corpus import Corpus, Split
from limner.corpus.formats.format import Pen
from limner.corpus.split import random_splits
from limner.errors import DataError
from limner.files import remove_empty, whole_place
from limner.models.config import ModelConfig, WhichWeights
from limner.models.protocol import SketchModel
from limner.models.weights import find_weights, load_weights
from limner.sampling.model import Model
from limner.strokes.formats import as_stroke3
from limner.training.config import RunConfig, TrainConfig
from limner.training.data import TrainingData
from limner.training.data_cache import load_training_data
from limner.training.init_from import Initial, own_network
from limner.training.resolve import settings_from, without_derived
from limner.training.run import TrainingOutcome
from limner.training.run import train as train_run
from limner.training.run_folder import CONFIG_NAME, METRICS_NAME, read_settings

Drawings = Corpus | Sequence[ArrayLike] | str | Path
"""A corpus, stroke-3 arrays ``(n, 3)``, or the name of what :func:`limner.load_corpus` reads."""


class TrainOptions(TypedDict, total=False):
    """Settings by the keys of a TOML file; those that are missing are the preset's."""

    model: Mapping[str, Any] | ModelConfig
    """The network, as in ``{"decoder": {"size": 256}}``; see :class:`limner.models.config.ModelConfig`."""
    train: Mapping[str, Any] | TrainConfig
    """The training, as in ``{"batch_size": 32}``; see :class:`limner.training.config.TrainConfig`."""
    max_steps: int
    """Steps to train."""
    seed: int
    """Seed of weights, batches, augmentation and latent noise."""
    pen: Pen
    """Meaning of 1 in the third column of a corpus that is read from a file."""


@dataclass(frozen=True)
class Run:
    """A run: a folder with the weights, the settings and the metrics of a training."""

    folder: Path
    outcome: TrainingOutcome | None = None
    """How the training ended; None for a run that was opened."""
    network: SketchModel | None = None
    """The caller's own network, if it was one: only with it the weights can be loaded."""

    @property
    def config(self) -> RunConfig:
        """The resolved settings."""
        return read_settings(self.folder / CONFIG_NAME, RunConfig())

    def model(self, weights: WhichWeights = "best") -> Model:
        """Return the trained model, ready to draw.

        Parameters
        ----------
        weights : "best" or "last"
            Those of the best validation, or of the last one.

        Raises
        ------
        LimnerError
            If there are no weights yet, or their file is damaged.
        """
        return Model(*load_weights(find_weights(self.folder, weights), deepcopy(self.network)))

    def metrics(self) -> dict[str, NDArray[np.float64]]:
        """Return the columns of ``metrics.csv``, one value a line; NaN where a line has none.

        ``step`` counts steps done. Training and validation log lines of their own.

        Raises
        ------
        DataError
            If there is no such file, or it is damaged.
        """
        path = self.folder / METRICS_NAME
        try:
            with path.open(newline="", encoding="utf-8") as file:
                lines = csv.DictReader(file)
                rows = [{name: float(row[name] or "nan") for name in lines.fieldnames or ()} for row in lines]
                names = lines.fieldnames or ()
        except OSError as error:
            raise DataError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}.") from error
        except (ValueError, KeyError, TypeError, csv.Error) as error:
            raise DataError(f"{path} is damaged: it is no table of numbers by step.") from error
        return {name: np.array([row[name] for row in rows]) for name in names}


def train(
    corpus: Drawings,
    out: str | Path | None = None,
    *,
    preset: str = "magenta",
    network: SketchModel | None = None,
    resume: bool = False,
    minutes: float | None = None,
    licence: str = "",
    quiet: bool = False,
    **settings: Unpack[TrainOptions],
) -> Run:
    """Train a network on drawings.

    Parameters
    ----------
    corpus : Corpus, sequence of arrays, str or Path
        Of stroke-3 arrays ``(n, 3)`` some are set aside for validation, as ``train.hold_out`` says. Names are
        those of :func:`limner.load_corpus`.
    out : str or Path, optional
        Folder of the run, new or empty, or one to resume; a new temporary one, which stays, unless given.
    preset : str
        Settings to start from; see :mod:`limner.training.presets`.
    network : SketchModel, optional
        A network of one's own; it is trained itself, from its present weights, and brings its settings,
        ``network.config``. Only :meth:`Run.model` can load weights of such a run.
    resume : bool
        Whether to continue the run in ``out``, with its own settings instead of the preset's.
    minutes : float, optional
        Time limit; learning rate and weight of L_KL are fitted to it.
    licence : str
        Terms of the weights, for their header.
    quiet : bool
        Whether no progress is shown.
    **settings
        Settings over the preset's, by the keys of a TOML file: ``max_steps=500, train={"batch_size": 32}``.

    Raises
    ------
    LimnerError
        If a setting is refused (a misspelt one names the nearest), there is nothing to learn from, or the
        folder cannot be used.
    """
    initial = None if network is None else _own(network, settings)
    config = _config(preset, settings, out, resume=resume)
    names = [str(whole_place(str(corpus)))] if isinstance(corpus, (str, Path)) else []
    seconds = _seconds(minutes)
    with _folder(out) as folder:
        outcome = train_run(
            _data(corpus, config), folder, config, corpus_names=names, resume=resume, seconds=seconds,
            fitted=seconds is not None, licence=licence, quiet=quiet, initial=initial,
        )  # fmt: skip
    return Run(folder, outcome, network)


def _own(network: SketchModel, settings: TrainOptions) -> Initial:
    initial = own_network(network)
    if "model" in settings:
        raise DataError("A network of one's own brings its settings; leave model alone.")
    return initial


def _seconds(minutes: float | None) -> float | None:
    if minutes is None:
        return None
    if not (minutes > 0 and math.isfinite(minutes)):
        raise DataError(f"minutes must be a number above 0, not {minutes}.")
    return 60 * minutes


def _config(preset: str, settings: TrainOptions, out: str | Path | None, *, resume: bool) -> RunConfig:
    """Return the settings of a preset, or of a run that is resumed, with changes."""
    if not resume:
        return settings_from(preset, settings)
    if out is None:
        raise DataError("Name the folder of the run to resume.")
    path = Path(out) / CONFIG_NAME
    if not path.is_file():  # the training says what is missing
        return settings_from(preset, settings)
    return settings_from(without_derived(read_settings(path, RunConfig())), settings)


@contextmanager
def _folder(out: str | Path | None) -> Iterator[Path]:
    """Yield the folder of the run; a temporary one that stays empty is removed."""
    if out is not None:
        yield Path(out)
        return
    folder = Path(mkdtemp(prefix="limner-run-"))
    try:
        yield folder
    finally:
        remove_empty([folder])


def _data(drawings: Drawings, config: RunConfig) -> Corpus | TrainingData:
    if isinstance(drawings, Corpus):
        return drawings
    hold_out = config.train.hold_out
    if isinstance(drawings, (str, Path)):
        return load_training_data([drawings], hold_out=hold_out, pen=config.pen)
    arrays = [_stroke3(k, rows) for k, rows in enumerate(drawings)]
    split = Split.from_arrays(arrays)
    parts = random_splits(len(split), hold_out=hold_out)
    return Corpus({name: split.take(indices) for name, indices in parts.items() if len(indices)})


def _stroke3(k: int, rows: ArrayLike) -> NDArray[np.float32]:
    try:
        return as_stroke3(rows).astype(np.float32)
    except ValueError as error:
        raise DataError(f"Drawing {k} cannot be used: {error}.") from error
