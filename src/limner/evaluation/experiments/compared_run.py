"""``ComparedRun``: a run folder read for comparison, and the settings in which runs differ."""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from limner.errors import DataError
from limner.evaluation.experiments.results import Curves
from limner.models.kinds import KINDS
from limner.models.weights import FILE_NAME, Card, load_weights
from limner.settings import flatten, to_dict
from limner.training.config import RunConfig
from limner.training.run_folder import CONFIG_NAME, METRICS_NAME, corpora_of, read_settings

CORPUS = "corpus"
NLL, NLL_CORPUS = "NLL/point", "in corpus units"
LOW = {"valid_cost": "cost", "valid_L_R": "L_R", "valid_nll_per_point": NLL}
HIGH = {"valid_lift_recall": "lift recall", "valid_class_accuracy": "classes"}
"""Columns of the table by columns of ``metrics.csv``: those whose smallest, and those whose largest value
counts."""


@dataclass(frozen=True)
class ComparedRun:
    """A run folder: its settings, curves and best weights."""

    name: str
    """Name in the report."""
    folder: Path
    settings: Mapping[str, Any]
    """By full names such as ``train.kl_weight``; ``corpus`` is what it was trained on."""
    curves: Curves
    card: Card | None
    """Of the best weights; None before the first validation."""
    parameters: int | None

    @classmethod
    def read(cls, folder: Path, name: str) -> ComparedRun:
        """Read a run folder, whether or not its training has finished.

        Raises
        ------
        DataError
            If the folder is no run, or one of its files is damaged.
        """
        for needed in (CONFIG_NAME, METRICS_NAME):
            if not (folder / needed).is_file():
                raise DataError(f"{folder} is no run: it has no {needed}. Name folders of limner train.")
        config = read_settings(folder / CONFIG_NAME, RunConfig())
        weights = folder / FILE_NAME
        network, card = load_weights(weights) if weights.is_file() else (None, None)
        return cls(
            name=name,
            folder=folder,
            settings={**_corpus(folder), **flatten(_read_by_its_kind(config))},
            curves=_curves(folder / METRICS_NAME),
            card=card,
            parameters=None if network is None else sum(p.numel() for p in network.parameters()),
        )

    def minimum(self, column: str) -> float | None:
        """Return the smallest value of a column; None if it has none."""
        series = self.curves.columns.get(column)
        return series.minimum if series is not None and len(series) else None

    def maximum(self, column: str) -> float | None:
        """Return the largest value of a column; None if it has none."""
        series = self.curves.columns.get(column)
        return float(series.values.max()) if series is not None and len(series) else None

    @property
    def figures(self) -> dict[str, float | None]:
        """Figures of the table, by heading."""
        lows = {heading: self.minimum(column) for column, heading in LOW.items()}
        nll, card = lows[NLL], self.card
        if card is None:
            return lows | {heading: self.maximum(column) for column, heading in HIGH.items()}
        return {
            "weights": self.parameters,
            "best step": card.training.get("step"),
            **lows,
            NLL_CORPUS: None if nll is None else nll + 2 * math.log(card.scale_factor),
            "L_KL": card.training.get("valid_L_KL"),
            **{heading: self.maximum(column) for column, heading in HIGH.items()},
            "N_max": card.n_max,
            "scale": card.scale_factor,
        }


def read_runs(folders: Sequence[Path]) -> list[ComparedRun]:
    """Read runs; their names are what is not common to their paths.

    Raises
    ------
    DataError
        If a folder is no run, or is named twice.
    """
    whole = [folder.absolute() for folder in folders]
    for folder in whole:
        if whole.count(folder) > 1:
            raise DataError(f"{folder} is named twice.")
    common = Path(os.path.commonpath(whole)) if len(whole) > 1 else whole[0].parent
    names = [folder.relative_to(common).as_posix() for folder in whole]
    return [
        ComparedRun.read(folder, common.name if name == "." else name)
        for folder, name in zip(folders, names, strict=True)
    ]


def differing_settings(runs: Sequence[ComparedRun]) -> dict[str, list[Any]]:
    """Return the settings in which runs differ, or in which a single run differs from the defaults.

    Returns
    -------
    dict of str to list
        The value of each run; None if a run does not have the setting.
    """
    settings = [run.settings for run in runs]
    compared = settings if len(settings) > 1 else [*settings, flatten(_read_by_its_kind(RunConfig()))]
    names = dict.fromkeys(name for one in settings for name in one)
    return {
        name: [one.get(name) for one in settings]
        for name in names
        if any(one.get(name) != compared[0].get(name) for one in compared)
    }


def _read_by_its_kind(config: RunConfig) -> dict[str, Any]:
    """Return the settings without those that only other kinds of networks read."""
    values = to_dict(config)
    foreign = {
        name for kind, entry in KINDS.built_in() if kind != config.model.kind for name in entry.sections
    }
    values["model"] = {name: value for name, value in values["model"].items() if name not in foreign}
    return values


def _corpus(folder: Path) -> dict[str, str]:
    """Return the corpora of a run, which one that was trained from Python need not name."""
    try:
        return {CORPUS: ", ".join(corpora_of(folder))}
    except DataError:
        return {}


def _curves(path: Path) -> Curves:
    try:
        return Curves.read(path)
    except (ValueError, KeyError, TypeError, OverflowError, csv.Error) as error:
        raise DataError(f"{path} is damaged: it is no table of numbers by step.") from error
