"""``last.ckpt``: what a training needs to go on; read without running any code in it."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from limner.errors import DataError, LimnerError
from limner.models.protocol import SketchModel
from limner.models.renamed_weights import with_current_names
from limner.training.best import ByHeart, Choice
from limner.training.config import RunConfig
from limner.training.data import TrainingData
from limner.training.guard import Tally
from limner.training.run_folder import CHECKPOINT_NAME, CONFIG_NAME, sheet_path

GUARD_KEY = "guard"
"""Under which a checkpoint holds the tally of :mod:`limner.training.guard`."""
KEPT_KEY = "kept"
"""Under which it holds the state that the guard would go back to, where that is another than its own."""
PLACE_KEY = "place"
"""Under which it holds a :class:`Place`."""
_MOMENTS = ("exp_avg", "exp_avg_sq")
HEART_KEY = "by_heart"
"""Under which a checkpoint holds the watch of :class:`limner.training.best.ByHeart`, and its sums."""
SUMS = "sums"
PARTS = ("network", "average")
"""What a checkpoint holds weights of; the second where there is an average."""


@dataclass(frozen=True)
class Place:
    """Where a training stands in what it does beside its steps."""

    step: int
    """Steps done."""
    validated: int
    """Steps that were done at the last validation that made sense; -1 before it."""
    due: bool
    """Whether a validation comes before the next step."""
    rows: int
    """Lines of ``metrics.csv``."""


def checked_checkpoint(run: Path, config: RunConfig, network: SketchModel, data: TrainingData) -> Place:
    """Read where the checkpoint of a run stands; see that it fits and that there is work left.

    Raises
    ------
    LimnerError
        If it is missing, damaged or of another network or corpus, or has reached the last step.
    """
    path = run / CHECKPOINT_NAME
    if not path.is_file():
        raise LimnerError(f"{run} holds no {CHECKPOINT_NAME}; train it without --resume first.")
    try:
        checkpoint, weights = _read(path)
        names = set(network.state_dict())
        weights = {part: with_current_names(values, names) for part, values in weights.items()}
        suits = _fit_moments(checkpoint, network)
    except Exception as error:  # a damaged pickle can raise anything
        raise DataError(f"{path} is damaged or not a checkpoint of limner; it was not loaded.") from error
    average = weights["average"] or weights["network"]
    if not (suits and _fits(weights["network"], network) and _fits(average, network)):
        raise LimnerError(
            f"{path} holds a network of other settings; resume with those of its {CONFIG_NAME}."
        )
    if not all(value.isfinite().all() for part in weights.values() for value in part.values()):
        raise LimnerError(f"{path} holds weights that are no finite numbers; begin anew without --resume.")
    if not _alike(checkpoint["callbacks"]["BestCheckpoint"]["corpus"], data.facts):
        raise LimnerError(f"{path} was trained on another corpus; resume with that of its {CONFIG_NAME}.")
    place = Place(**checkpoint[PLACE_KEY])
    if place.step >= config.max_steps and _is_complete(run, place):
        raise LimnerError(
            f"{path} has reached step {place.step} already; set --max-steps above that to go on."
        )
    return place


def _is_complete(run: Path, place: Place) -> bool:
    """Tell whether the last thing that a validation leaves is there; see :mod:`.checkpoint_writer`."""
    return place.validated != place.step or sheet_path(run, place.step).is_file()


def _read(path: Path) -> tuple[dict[str, Any], dict[str, dict[str, Tensor]]]:
    """Give a checkpoint and the weights of its parts; any error means damage."""
    with zipfile.ZipFile(path) as archive:
        if archive.testzip() is not None:  # torch itself checks no sums
            raise zipfile.BadZipFile
    checkpoint: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    if not {"loops", "optimizer_states", "pytorch-lightning_version"} <= set(checkpoint):
        raise KeyError
    if not {*Choice.KEPT, "last_figures", "corpus"} <= set(checkpoint["callbacks"]["BestCheckpoint"]):
        raise KeyError
    Tally(**checkpoint[GUARD_KEY])
    place, kept = Place(**checkpoint[PLACE_KEY]), checkpoint[KEPT_KEY]
    if list(map(type, astuple(place))) != [int, int, bool, int] or place.step != checkpoint["global_step"]:
        raise ValueError
    if kept is not None and _shapes(kept["weights"]) != _shapes(checkpoint["state_dict"]):
        raise ValueError
    ByHeart(**{name: value for name, value in checkpoint[HEART_KEY].items() if name != SUMS})
    return checkpoint, {part: _part(checkpoint["state_dict"], part) for part in PARTS}


def _alike(facts: list[float], others: list[float]) -> bool:
    """Compare what is known of two corpora; the last digits depend on the order of summation."""
    return len(facts) == len(others) and all(map(partial(math.isclose, rel_tol=1e-9), facts, others))


def _part(weights: Mapping[str, Tensor], part: str) -> dict[str, Tensor]:
    prefix = f"{part}."
    return {name.removeprefix(prefix): value for name, value in weights.items() if name.startswith(prefix)}


def _fit_moments(checkpoint: dict[str, Any], network: SketchModel) -> bool:
    """Tell whether Adam's moments, and those that the guard may go back to, are of a network."""
    kept = checkpoint[KEPT_KEY]
    both = [*checkpoint["optimizer_states"], *([] if kept is None else [kept["moments"]])]
    shapes = [parameter.shape for parameter in network.parameters()]
    return all(
        list(range(len(shapes))) == [k for group in moments["param_groups"] for k in group["params"]]
        and all(value[name].shape == shapes[k] for k, value in moments["state"].items() for name in _MOMENTS)
        for moments in both
    )


def _fits(weights: Mapping[str, Tensor], network: SketchModel) -> bool:
    return _shapes(network.state_dict()) == _shapes(weights)


def _shapes(weights: Mapping[str, Tensor]) -> dict[str, torch.Size]:
    return {name: value.shape for name, value in weights.items()}
