"""``last.ckpt``: what a training needs to go on; read without running any code in it."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from limner.errors import DataError, LimnerError
from limner.models.protocol import SketchModel
from limner.training.best import ByHeart, Choice
from limner.training.config import RunConfig
from limner.training.data import Material
from limner.training.guard import Tally
from limner.training.run_folder import CONFIG_NAME

CHECKPOINT_NAME = "last.ckpt"
GUARD_KEY = "guard"
"""Under which a checkpoint holds the tally of :mod:`limner.training.guard`."""
HEART_KEY = "by_heart"
"""Under which a checkpoint holds the watch of :class:`limner.training.best.ByHeart`, and its sums."""
SUMS = "sums"
PARTS = ("network", "average")
"""What a checkpoint holds weights of; the second where there is an average."""


def checked_checkpoint(run: Path, config: RunConfig, network: SketchModel, data: Material) -> dict[str, Any]:
    """Read the checkpoint of a run; see that it fits and that there is work left.

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
    except Exception as error:  # a damaged pickle can raise anything
        raise DataError(f"{path} is damaged or not a checkpoint of limner; it was not loaded.") from error
    if not _fits(weights["network"], network) or not _fits(weights["average"] or weights["network"], network):
        raise LimnerError(
            f"{path} holds a network of other settings; resume with those of its {CONFIG_NAME}."
        )
    if not all(value.isfinite().all() for part in weights.values() for value in part.values()):
        raise LimnerError(f"{path} holds weights that are no finite numbers; begin anew without --resume.")
    if not _alike(checkpoint["callbacks"]["Keeper"]["corpus"], data.facts):
        raise LimnerError(f"{path} was trained on another corpus; resume with that of its {CONFIG_NAME}.")
    step = checkpoint["global_step"]
    if step >= config.max_steps:
        raise LimnerError(f"{path} has reached step {step} already; set --max-steps above that to go on.")
    return checkpoint


def _read(path: Path) -> tuple[dict[str, Any], dict[str, dict[str, Tensor]]]:
    """Give a checkpoint and the weights of its parts; any error means damage."""
    with zipfile.ZipFile(path) as archive:
        if archive.testzip() is not None:  # torch itself checks no sums
            raise zipfile.BadZipFile
    checkpoint: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    if not {"loops", "optimizer_states", "pytorch-lightning_version"} <= set(checkpoint):
        raise KeyError
    if not {*Choice.KEPT, "corpus"} <= set(checkpoint["callbacks"]["Keeper"]):
        raise KeyError
    Tally(**checkpoint[GUARD_KEY])
    ByHeart(**{name: value for name, value in checkpoint[HEART_KEY].items() if name != SUMS})
    checkpoint["global_step"] = int(checkpoint["global_step"])
    return checkpoint, {part: _part(checkpoint["state_dict"], part) for part in PARTS}


def _alike(facts: list[float], others: list[float]) -> bool:
    """Compare what is known of two corpora; the last digits depend on the order of summation."""
    return len(facts) == len(others) and all(map(partial(math.isclose, rel_tol=1e-9), facts, others))


def _part(weights: Mapping[str, Tensor], part: str) -> dict[str, Tensor]:
    prefix = f"{part}."
    return {name.removeprefix(prefix): value for name, value in weights.items() if name.startswith(prefix)}


def _fits(weights: Mapping[str, Tensor], network: SketchModel) -> bool:
    expected = {name: value.shape for name, value in network.state_dict().items()}
    return expected == {name: value.shape for name, value in weights.items()}
