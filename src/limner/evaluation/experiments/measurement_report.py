"""Tables, charts and sheets of the measurements of trainings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from limner.evaluation.experiments.measurement import Measure, Measurement, sheet_path
from limner.evaluation.experiments.plan import MeasureChart
from limner.evaluation.experiments.results import ExperimentResults, VariantResult
from limner.evaluation.experiments.training_report import seeds_and_mean
from limner.render.chart import ChartLine
from limner.render.page import Picture, Table, chart


def measurements_table(measure: Measure, variants: Sequence[str], results: ExperimentResults) -> Table:
    """Return a table of a measure: a row for each variant and condition, with means over the seeds."""
    measured = [
        (name, measurement)
        for name in variants
        for measurement in results.mean_measurements(name, measure.name)
    ]
    figures = list(dict.fromkeys(figure for _, measurement in measured for figure in measurement.figures))
    rows = [
        [_condition(measurement), *(_cell(measurement, figure) for figure in figures)]
        for _, measurement in measured
    ]
    if len(variants) > 1:
        rows = [[name, *row] for (name, _), row in zip(measured, rows, strict=True)]
    heads = ["variant", measure.name] if len(variants) > 1 else [measure.name]
    return Table([*heads, *figures], rows)


def measurements_chart(about: MeasureChart, variants: Sequence[str], results: ExperimentResults) -> str:
    """Chart figures of a measure over its conditions; named references cross the chart as pale lines."""
    several, lines = len(variants) > 1, list[ChartLine]()
    for name in variants:
        for figure in about.figures:
            what = f"{name}, {figure}" if several and len(about.figures) > 1 else name if several else figure
            lines += _lines(what, len({line.name for line in lines}), about, figure, results.of(name))
    return chart(about.title, lines, x_unit=about.x_unit, clip=0.0)


def measure_sheets(
    measure: Measure, variants: Sequence[str], results: ExperimentResults, runs: Path
) -> list[Picture]:
    """Return the sheets of a measure for the first seed of each variant."""
    firsts = [results.of(name)[0] for name in variants]
    paths = {training.variant: sheet_path(runs / training.folder, measure.name) for training in firsts}
    return [
        Picture.read(path, f"{measure.title}: {name}" if len(variants) > 1 else measure.title)
        for name, path in paths.items()
        if path.is_file()
    ]


def _lines(
    name: str, colour: int, about: MeasureChart, figure: str, trainings: Sequence[VariantResult]
) -> list[ChartLine]:
    by_training = [
        [
            measurement
            for measurement in training.measurements.get(about.measure, ())
            if figure in measurement.figures
        ]
        for training in trainings
    ]
    seeds = [
        [(float(one.at), one.figures[figure]) for one in measurements if not isinstance(one.at, str)]
        for measurements in by_training
    ]
    seeds = [points for points in seeds if points]
    levels = [
        one.figures[figure] for measurements in by_training for one in measurements if isinstance(one.at, str)
    ]
    if not seeds:
        return []
    across = (min(x for x, _ in seeds[0]), max(x for x, _ in seeds[0]))
    pale = [ChartLine(name, [(x, level) for x in across], colour, faint=True) for level in levels]
    drawn = seeds_and_mean(name, colour, seeds)
    dots = [ChartLine(name, [point], colour) for point in drawn[-1].points]  # where it was measured
    return [*pale, *drawn, *dots]


def _condition(measurement: Measurement) -> str:
    return measurement.at if isinstance(measurement.at, str) else f"{measurement.at:g}"


def _cell(measurement: Measurement, figure: str) -> str:
    value = measurement.figures.get(figure)
    if value is None:
        return ""
    if abs(value) >= 1000 or (abs(value) > 1 and value.is_integer()):
        return f"{value:,.0f}"
    return f"{value:.3f}" if not value or abs(value) >= 0.01 else f"{value:.2g}"
