"""Runs beside each other: where their settings differ, their curves, best figures and sheets."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from limner.errors import DataError
from limner.evaluation.experiments.results import Curves
from limner.models.weights import FILE_NAME, Card, load_weights
from limner.render.chart import Line
from limner.render.page import Picture, Table, chart, page, section
from limner.settings import flatten, to_dict
from limner.training.config import RunConfig
from limner.training.run_folder import CONFIG_NAME, METRICS_NAME, corpora_of, last_sheet, read_settings

CORPUS = "corpus"
PARTS = {
    "sketch_rnn": ("encoder", "decoder"),
    "transformer": ("transformer",),
    "sketchformer": ("sketchformer",),
}
"""Parts of the model's settings that each kind reads."""
SHARED = ("N_max", "scale")
"""Columns that say nothing where all runs have the same."""
CHARTS = {
    "valid_nll_per_point": "NLL per point in validation, nats in model units",
    "valid_L_R": "L_R in validation",
    "valid_L_KL": "L_KL in validation",
    "valid_class_accuracy": "Classes told rightly in validation",
}
NLL, NLL_CORPUS = "NLL/point", "in corpus units"
LOW = {"valid_cost": "cost", "valid_L_R": "L_R", "valid_nll_per_point": NLL}
HIGH = {"valid_lift_recall": "lift recall", "valid_class_accuracy": "classes"}
LOWEST = (*LOW.values(), NLL_CORPUS)
LEGEND = (
    "Cost, L_R and NLL per point are the smallest of their curves, lift recall and classes the largest; the "
    "best of each column is marked with a star. L_KL is the one of the kept weights. L_R of different N_max "
    "or conventions do not compare; nor does NLL per point in model units of different scale factors: take "
    "that in the units of the corpus."
)


@dataclass(frozen=True)
class Run:
    """What a run folder tells of its training."""

    name: str
    """As the report calls it."""
    folder: Path
    settings: Mapping[str, Any]
    """By full names such as ``train.kl_weight``; what it was trained on is ``corpus``."""
    curves: Curves
    card: Card | None
    """Of the best weights; None before the first validation."""
    parameters: int | None

    @classmethod
    def read(cls, folder: Path, name: str) -> Run:
        """Read a run, a finished one or one that still goes on.

        Raises
        ------
        DataError
            If the folder is no run, or a file of it is damaged.
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

    def least(self, column: str) -> float | None:
        """Give the smallest value of a column, if it has any."""
        series = self.curves.columns.get(column)
        return series.least if series is not None and len(series) else None

    def most(self, column: str) -> float | None:
        """Give the largest value of a column, if it has any."""
        series = self.curves.columns.get(column)
        return float(series.values.max()) if series is not None and len(series) else None

    @property
    def figures(self) -> dict[str, float | None]:
        """Give the figures of the table, by heading."""
        lows = {heading: self.least(column) for column, heading in LOW.items()}
        nll, card = lows[NLL], self.card
        if card is None:
            return lows | {heading: self.most(column) for column, heading in HIGH.items()}
        return {
            "weights": self.parameters,
            "best step": card.training.get("step"),
            **lows,
            NLL_CORPUS: None if nll is None else nll + 2 * math.log(card.scale_factor),
            "L_KL": card.training.get("valid_L_KL"),
            **{heading: self.most(column) for column, heading in HIGH.items()},
            "N_max": card.n_max,
            "scale": card.scale_factor,
        }


def read_runs(folders: Sequence[Path]) -> list[Run]:
    """Read runs; they are named by what is not common to their paths.

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
        Run.read(folder, common.name if name == "." else name)
        for folder, name in zip(folders, names, strict=True)
    ]


def differing(runs: Sequence[Run]) -> dict[str, list[Any]]:
    """Give the settings in which runs differ, or in which the only one differs from the defaults.

    Returns
    -------
    dict of str to list
        The value of each run; None where the setting is not there.
    """
    settings = [run.settings for run in runs]
    compared = settings if len(settings) > 1 else [*settings, flatten(_read_by_its_kind(RunConfig()))]
    names = dict.fromkeys(name for one in settings for name in one)
    return {
        name: [one.get(name) for one in settings]
        for name in names
        if any(one.get(name) != compared[0].get(name) for one in compared)
    }


def comparison(runs: Sequence[Run]) -> dict[str, Any]:
    """Give what the report says as JSON: the settings that differ, and each run's figures."""
    return {
        "runs": [
            {"run": str(run.folder), "name": run.name, "steps": run.curves.steps, **run.figures}
            for run in runs
        ],
        "settings": differing(runs),
    }


def comparison_page(runs: Sequence[Run], command: str) -> str:
    """Give the report as a page that stands for itself."""
    different = differing(runs)
    names = [run.name for run in runs]
    rows = [[name, *map(_value, values)] for name, values in different.items()]
    head = f"{len(runs)} runs beside each other" if len(runs) > 1 else names[0]
    title = "Settings that differ" if len(runs) > 1 else "Settings that are not the defaults"
    sheets = [(run, last_sheet(run.folder)) for run in runs]
    pictures = [Picture.read(path, f"{run.name}: {path.stem}") for run, path in sheets if path is not None]
    parts = [
        f'<p class="soft">limner report</p>\n<h1>{escape(head)}</h1>',
        section("Best figures", LEGEND, [figures_table(runs).html()]),
        section("Curves", "", [_chart(column, about, runs) for column, about in CHARTS.items()]),
        section("Drawings", "The last sheet of each run.", [picture.html() for picture in pictures]),
        section(title, "", [Table(["setting", *names], rows).html()] if rows else []),
        section("How to make it again", "", [f"<pre>{escape(command)}</pre>"]),
    ]
    return page("limner report", parts)


def figures_table(runs: Sequence[Run]) -> Table:
    """Set the figures of the runs below each other; the best of each column has a star."""
    found = [{"steps": run.curves.steps, **run.figures} for run in runs]
    longest = max(found, key=len)
    heads = [head for head in longest if _says_something(head, found)]
    best = {head: _best(head, [one.get(head) for one in found]) for head in heads}
    rows = [
        [run.name, *(_figure(head, one.get(head), best[head]) for head in heads)]
        for run, one in zip(runs, found, strict=True)
    ]
    return Table(["run", *heads], rows)


def _read_by_its_kind(config: RunConfig) -> dict[str, Any]:
    """Give the settings without those of networks of other kinds."""
    values = to_dict(config)
    foreign = {name for kind, parts in PARTS.items() if kind != config.model.kind for name in parts}
    values["model"] = {name: value for name, value in values["model"].items() if name not in foreign}
    return values


def _says_something(head: str, found: Sequence[Mapping[str, float | None]]) -> bool:
    """Tell whether a column has any figures, and other ones for each run where it is a shared one."""
    values = {_figure(head, one.get(head), None) for one in found}
    return values != {""} and (head not in SHARED or len(values) > 1 or len(found) == 1)


def _best(head: str, values: Sequence[float | None]) -> float | None:
    """Give the best value of a column of several; None where none is better."""
    there = [value for value in values if value is not None]
    if len(set(there)) < 2 or head not in {*LOWEST, *HIGH.values()}:
        return None
    return min(there) if head in LOWEST else max(there)


def _figure(head: str, value: float | None, best: float | None) -> str:
    if value is None:
        return ""
    whole = head in ("weights", "steps", "best step", "N_max")
    return f"{value:,.0f}" if whole else f"{value:.4f}{' *' if value == best else ''}"


def _value(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _chart(column: str, title: str, runs: Sequence[Run]) -> str:
    lines = []
    for colour, run in enumerate(runs):
        series = run.curves.columns.get(column)
        if series is not None and len(series) and series.values.any():
            points = list(zip(series.steps.tolist(), series.values.tolist(), strict=True))
            lines.append(Line(run.name, points, colour))
    return chart(title, lines)


def _corpus(folder: Path) -> dict[str, str]:
    """Say what a run was trained on, if it says so: a training from Python need not."""
    try:
        return {CORPUS: ", ".join(corpora_of(folder))}
    except DataError:
        return {}


def _curves(path: Path) -> Curves:
    try:
        return Curves.read(path)
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path} is damaged: it is no table of numbers by step.") from error
