"""Table and charts of an experiment's trainings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from limner.evaluation.experiments.plan import CurveChart
from limner.evaluation.experiments.results import ExperimentResults
from limner.render.chart import ChartLine
from limner.render.page import Table, chart

LEGEND = (
    "L_R, L_KL and NLL are of the valid split with z = mu: L_R by the training's convention, divided by "
    "N_max; NLL per point is offsets, pen and one end row of a drawing over its points, in nats and model "
    "units (add 2 log of the scale factor for those of the corpus). Each is the smallest of its own curve. "
    "Spikes are steps whose training cost lies eight robust deviations above the median of fifty steps on "
    "either side."
)

COLUMNS = {
    "variant": "{0.variant}",
    "seeds": "{0.seeds}",
    "weights": "{0.parameters:,}",
    "steps": "{0.steps:,}",
    "best step": "{0.best_step:,.0f}",
    "cost": "{0.valid_cost:.4f}",
    "L_R": "{0.valid_L_R:.4f}",
    "L_KL": "{0.valid_L_KL:.4f}",
    "NLL/point": "{0.nll_per_point:.4f}",
    "± seeds": "{0.nll_spread:.4f}",
    "lift recall": "{0.lift_recall:.3f}",
    "spikes": "{0.spikes:.1f}",
}


@dataclass(frozen=True)
class Row:
    """A row of the table: means over the seeds of a variant."""

    variant: str
    seeds: int
    parameters: int
    steps: int
    best_step: float
    valid_cost: float
    valid_L_R: float  # noqa: N815 the field's word
    valid_L_KL: float  # noqa: N815
    nll_per_point: float
    nll_spread: float
    """Maximum minus minimum over the seeds."""
    lift_recall: float
    spikes: float
    seconds_per_step: float | None


def row_of(variant: str, results: ExperimentResults) -> Row:
    """Return the figures of a variant, averaged over its seeds."""
    trainings = results.of(variant)
    nll = results.each(variant, lambda curves: curves["valid_nll_per_point"].minimum)

    def least(column: str) -> float:
        return results.mean(variant, lambda curves: curves[column].minimum)

    return Row(
        variant=variant,
        seeds=len(trainings),
        parameters=trainings[0].parameters,
        steps=min(training.curves.steps for training in trainings),
        best_step=results.mean(variant, lambda curves: curves["valid_cost"].step_of_minimum),
        valid_cost=least("valid_cost"),
        valid_L_R=least("valid_L_R"),
        valid_L_KL=results.mean(variant, lambda curves: curves["valid_L_KL"].last),
        nll_per_point=float(np.mean(nll)),
        nll_spread=max(nll) - min(nll),
        lift_recall=results.mean(variant, lambda curves: curves["valid_lift_recall"].last),
        spikes=results.mean(variant, lambda curves: curves.spikes),
        seconds_per_step=results.step_seconds.get(variant),
    )


def trainings_table(rows: Sequence[Row]) -> Table:
    """Return the table of all variants."""
    return Table([*COLUMNS, "s/step"], [_cells(row) for row in rows])


def curves_chart(about: CurveChart, results: ExperimentResults) -> str:
    """Chart a column of ``metrics.csv``: the mean over the seeds of each variant, and pale the seeds."""
    names = about.variants or tuple(dict.fromkeys(training.variant for training in results.trainings))
    lines: list[ChartLine] = []
    for colour, name in enumerate(names):
        curves = [training.curves[about.column] for training in results.of(name)]
        shown = [list(zip(c.steps.tolist(), c.values.tolist(), strict=True)) for c in curves]
        lines += seeds_and_mean(name, colour, shown)
    return chart(about.title, lines)


def seeds_and_mean(name: str, colour: int, seeds: Sequence[Sequence[tuple[float, float]]]) -> list[ChartLine]:
    """Return the lines of several seeds, pale, and of their mean; of one seed, its line."""
    pale = [ChartLine(name, points, colour, faint=True) for points in seeds] if len(seeds) > 1 else []
    return [*pale, ChartLine(name, mean_line(seeds), colour)] if seeds else []


def mean_line(lines: Sequence[Sequence[tuple[float, float]]]) -> list[tuple[float, float]]:
    """Average several lines at the steps that they have in common."""
    by_step = [dict(line) for line in lines]
    common = sorted(set(by_step[0]).intersection(*by_step[1:]))
    return [(step, float(np.mean([line[step] for line in by_step]))) for step in common]


def _cells(row: Row) -> list[str]:
    pace = "" if row.seconds_per_step is None else f"{row.seconds_per_step:.3f}"
    return [*(pattern.format(row) for pattern in COLUMNS.values()), pace]
