"""Comparison of runs: differing settings, curves, best figures and sheets."""

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
from limner.settings import to_dict
from limner.training.config import RunConfig
from limner.training.run_folder import CONFIG_NAME, METRICS_NAME, corpora_of, last_sheet, read_settings

CORPUS = "corpus"
PARTS = {
    "sketch_rnn": ("encoder", "decoder"),
    "transformer": ("transformer",),
    "sketchformer": ("sketchformer",),
}
"""Parts of the model's settings that each kind of network reads."""
SHARED = ("N_max", "scale")
"""Columns that are left out if all runs have the same value."""
CHARTS = {
    "valid_nll_per_point": "NLL per point in validation, nats in model units",
    "valid_L_R": "L_R in validation",
    "valid_L_KL": "L_KL in validation",
    "valid_class_accuracy": "Class accuracy in validation",
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
            settings={**_corpus(folder), **flatten_settings(_read_by_its_kind(config))},
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


def flatten_settings(settings: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Return nested settings by their full names."""
    flat: dict[str, Any] = {}
    for name, value in settings.items():
        flat |= (
            flatten_settings(value, f"{before}{name}.")
            if isinstance(value, Mapping)
            else {before + name: value}
        )
    return flat


def differing_settings(runs: Sequence[ComparedRun]) -> dict[str, list[Any]]:
    """Return the settings in which runs differ, or in which a single run differs from the defaults.

    Returns
    -------
    dict of str to list
        The value of each run; None if a run does not have the setting.
    """
    settings = [run.settings for run in runs]
    compared = (
        settings if len(settings) > 1 else [*settings, flatten_settings(_read_by_its_kind(RunConfig()))]
    )
    names = dict.fromkeys(name for one in settings for name in one)
    return {
        name: [one.get(name) for one in settings]
        for name in names
        if any(one.get(name) != compared[0].get(name) for one in compared)
    }


def compare_as_json(runs: Sequence[ComparedRun]) -> dict[str, Any]:
    """Return the comparison as JSON holds it: the settings that differ, and each run's figures."""
    return {
        "runs": [
            {"run": str(run.folder), "name": run.name, "steps": run.curves.steps, **run.figures}
            for run in runs
        ],
        "settings": differing_settings(runs),
    }


def compare_page(runs: Sequence[ComparedRun], command: str) -> str:
    """Return the report as a page without links to other files."""
    different = differing_settings(runs)
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


def figures_table(runs: Sequence[ComparedRun]) -> Table:
    """Return a table of the figures of runs; the best of each column has a star."""
    figures = [{"steps": run.curves.steps, **run.figures} for run in runs]
    longest = max(figures, key=len)
    heads = [head for head in longest if _is_informative(head, figures)]
    best = {head: _best(head, [one.get(head) for one in figures]) for head in heads}
    rows = [
        [run.name, *(_figure(head, one.get(head), best[head]) for head in heads)]
        for run, one in zip(runs, figures, strict=True)
    ]
    return Table(["run", *heads], rows)


def _read_by_its_kind(config: RunConfig) -> dict[str, Any]:
    """Return the settings without those that only other kinds of networks read."""
    values = to_dict(config)
    foreign = {name for kind, parts in PARTS.items() if kind != config.model.kind for name in parts}
    values["model"] = {name: value for name, value in values["model"].items() if name not in foreign}
    return values


def _is_informative(head: str, figures: Sequence[Mapping[str, float | None]]) -> bool:
    """Return whether a column has values and, if it is one of :data:`SHARED`, different ones."""
    values = {_figure(head, one.get(head), None) for one in figures}
    return values != {""} and (head not in SHARED or len(values) > 1 or len(figures) == 1)


def _best(head: str, values: Sequence[float | None]) -> float | None:
    """Return the best value of a column; None if all are equal or no value is better than another."""
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


def _chart(column: str, title: str, runs: Sequence[ComparedRun]) -> str:
    lines = []
    for colour, run in enumerate(runs):
        series = run.curves.columns.get(column)
        if series is not None and len(series) and series.values.any():
            points = list(zip(series.steps.tolist(), series.values.tolist(), strict=True))
            lines.append(Line(run.name, points, colour))
    return chart(title, lines)


def _corpus(folder: Path) -> dict[str, str]:
    """Return the corpora of a run, which one that was trained from Python need not name."""
    try:
        return {CORPUS: ", ".join(corpora_of(folder))}
    except DataError:
        return {}


def _curves(path: Path) -> Curves:
    try:
        return Curves.read(path)
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path} is damaged: it is no table of numbers by step.") from error
