"""``last.ckpt``: what a training needs to continue; read without running any code in it.

Checkpoints of versions whose keys were others are refused as damaged or not limner's.
"""

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
from limner.training.config import RunConfig
from limner.training.data import TrainingData
from limner.training.guard import GuardCounts
from limner.training.memorization import MemorizationWatch
from limner.training.run_folder import CHECKPOINT_NAME, CONFIG_NAME, sheet_path
from limner.training.weights_choice import WeightsChoice

GUARD_KEY = "guard"
"""Key of the :class:`limner.training.guard.GuardCounts`."""
KEPT_KEY = "kept"
"""Key of the state that the guard would roll back to; None where that is the checkpoint's own."""
STATE_KEY = "state"
"""Key of the :class:`CheckpointState`."""
MEMORIZATION_KEY = "memorization"
"""Key of the :class:`limner.training.memorization.MemorizationWatch`, and of its :data:`LOSS_SUMS_KEY`."""
LOSS_SUMS_KEY = "loss_sums"
"""Key of sum and number of the training losses since the last validation."""
BEST_KEY = "BestCheckpoint"
"""Key under which Lightning keeps the state of that callback: its class name."""
BEST_KEYS = frozenset({*WeightsChoice.STATE_KEYS, "last_metrics", "corpus"})
"""What that state holds."""
PARTS = ("network", "average")
"""Parts of the module that a checkpoint holds weights of; the second where weights are averaged."""
_MOMENTS = ("exp_avg", "exp_avg_sq")
_LIGHTNING_KEYS = frozenset({"loops", "optimizer_states", "pytorch-lightning_version"})


@dataclass(frozen=True)
class CheckpointState:
    """How far a training is with what it does beside its steps."""

    step: int
    """Steps done."""
    validated: int
    """Steps done at the last validation whose cost was finite; -1 before it."""
    due: bool
    """Whether a validation comes before the next step."""
    rows: int
    """Lines of ``metrics.csv``."""


def check_checkpoint(
    run: Path, config: RunConfig, network: SketchModel, data: TrainingData
) -> CheckpointState:
    """Check that the checkpoint of a run can be continued, and return how far it is.

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
        moments_fit = _moments_fit(checkpoint, network)
    except Exception as error:  # a damaged pickle can raise anything
        raise DataError(f"{path} is damaged or not a checkpoint of limner; it was not loaded.") from error
    average = weights["average"] or weights["network"]
    if not (moments_fit and _weights_fit(weights["network"], network) and _weights_fit(average, network)):
        raise LimnerError(
            f"{path} holds a network of other settings; resume with those of its {CONFIG_NAME}."
        )
    if not all(value.isfinite().all() for part in weights.values() for value in part.values()):
        raise LimnerError(f"{path} holds weights that are no finite numbers; begin again without --resume.")
    if not _is_same_corpus(checkpoint["callbacks"][BEST_KEY]["corpus"], data.fingerprint):
        raise LimnerError(f"{path} was trained on another corpus; resume with that of its {CONFIG_NAME}.")
    state = CheckpointState(**checkpoint[STATE_KEY])
    if state.step >= config.max_steps and _is_complete(run, state):
        raise LimnerError(
            f"{path} has reached step {state.step} already; set --max-steps above that to go on."
        )
    return state


def _is_complete(run: Path, state: CheckpointState) -> bool:
    """Return whether the last artifact of the last validation exists; see :mod:`.checkpoint_writer`."""
    return state.validated != state.step or sheet_path(run, state.step).is_file()


def _read(path: Path) -> tuple[dict[str, Any], dict[str, dict[str, Tensor]]]:
    """Return a checkpoint and the weights of its parts; any error means damage."""
    with zipfile.ZipFile(path) as archive:
        if archive.testzip() is not None:  # torch itself checks no sums
            raise zipfile.BadZipFile
    checkpoint: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    if not set(checkpoint) >= _LIGHTNING_KEYS or not set(checkpoint["callbacks"][BEST_KEY]) >= BEST_KEYS:
        raise KeyError
    GuardCounts(**checkpoint[GUARD_KEY])
    state, kept = CheckpointState(**checkpoint[STATE_KEY]), checkpoint[KEPT_KEY]
    if list(map(type, astuple(state))) != [int, int, bool, int] or state.step != checkpoint["global_step"]:
        raise ValueError
    if kept is not None and _shapes(kept["weights"]) != _shapes(checkpoint["state_dict"]):
        raise ValueError
    watch = dict(checkpoint[MEMORIZATION_KEY])
    del watch[LOSS_SUMS_KEY]
    MemorizationWatch(**watch)
    return checkpoint, {part: _part(checkpoint["state_dict"], part) for part in PARTS}


def _is_same_corpus(mine: list[float], other: list[float]) -> bool:
    """Compare fingerprints of corpora; the last digits depend on the order of summation."""
    return len(mine) == len(other) and all(map(partial(math.isclose, rel_tol=1e-9), mine, other))


def _part(weights: Mapping[str, Tensor], part: str) -> dict[str, Tensor]:
    prefix = f"{part}."
    return {name.removeprefix(prefix): value for name, value in weights.items() if name.startswith(prefix)}


def _moments_fit(checkpoint: dict[str, Any], network: SketchModel) -> bool:
    """Return whether Adam's moments, and those that the guard may roll back to, are of a network."""
    kept = checkpoint[KEPT_KEY]
    both = [*checkpoint["optimizer_states"], *([] if kept is None else [kept["moments"]])]
    shapes = [parameter.shape for parameter in network.parameters()]
    return all(
        list(range(len(shapes))) == [k for group in moments["param_groups"] for k in group["params"]]
        and all(value[name].shape == shapes[k] for k, value in moments["state"].items() for name in _MOMENTS)
        for moments in both
    )


def _weights_fit(weights: Mapping[str, Tensor], network: SketchModel) -> bool:
    return _shapes(network.state_dict()) == _shapes(weights)


def _shapes(weights: Mapping[str, Tensor]) -> dict[str, torch.Size]:
    return {name: value.shape for name, value in weights.items()}
