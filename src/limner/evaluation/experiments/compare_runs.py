"""Comparison of runs: differing settings, curves, best figures and sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from limner.evaluation.experiments.compared_run import HIGH, LOW, NLL_CORPUS, ComparedRun, differing_settings
from limner.render.chart import ChartLine
from limner.render.page import Picture, Table, chart, page, section
from limner.training.run_folder import last_sheet

SHARED = ("N_max", "scale")
"""Columns that are left out if all runs have the same value."""
CHARTS = {
    "valid_nll_per_point": "NLL per point in validation, nats in model units",
    "valid_L_R": "L_R in validation",
    "valid_L_KL": "L_KL in validation",
    "valid_class_accuracy": "Class accuracy in validation",
}
LOWEST = (*LOW.values(), NLL_CORPUS)
LEGEND = (
    "Cost, L_R and NLL per point are the smallest of their curves, lift recall and classes the largest; the "
    "best of each column is marked with a star. L_KL is the one of the kept weights. L_R of different N_max "
    "or conventions do not compare; nor does NLL per point in model units of different scale factors: take "
    "that in the units of the corpus."
)


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
            lines.append(ChartLine(run.name, points, colour))
    return chart(title, lines)
