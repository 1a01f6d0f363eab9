"""What was measured of the trainings' best weights, in tables, charts and sheets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from limner.evaluation.experiments.measure import Measure, Reading, sheet_path
from limner.evaluation.experiments.plan import MeasureChart
from limner.evaluation.experiments.results import Outcome, Results
from limner.evaluation.experiments.trainings import seeds_and_mean
from limner.render.chart import ChartLine
from limner.render.page import Picture, Table, chart


def readings_table(measure: Measure, variants: Sequence[str], results: Results) -> Table:
    """Set the readings of a measure below each other, variant by variant, as means over the seeds."""
    found = [(name, reading) for name in variants for reading in results.readings(name, measure.name)]
    figures = list(dict.fromkeys(figure for _, reading in found for figure in reading.figures))
    rows = [[_place(reading), *(_cell(reading, figure) for figure in figures)] for _, reading in found]
    if len(variants) > 1:
        rows = [[name, *row] for (name, _), row in zip(found, rows, strict=True)]
    heads = ["variant", measure.name] if len(variants) > 1 else [measure.name]
    return Table([*heads, *figures], rows)


def readings_chart(about: MeasureChart, variants: Sequence[str], results: Results) -> str:
    """Draw figures of a measure over the places; what stands at a name crosses the chart as a pale line."""
    several, lines = len(variants) > 1, list[ChartLine]()
    for name in variants:
        for figure in about.figures:
            what = f"{name}, {figure}" if several and len(about.figures) > 1 else name if several else figure
            lines += _lines(what, len({line.name for line in lines}), about, figure, results.of(name))
    return chart(about.title, lines, x_unit=about.x_unit, clip=0.0)


def readings_sheets(measure: Measure, variants: Sequence[str], results: Results, runs: Path) -> list[Picture]:
    """Find the sheets that a measure drew of the first seed of each variant."""
    firsts = [results.of(name)[0] for name in variants]
    places = {outcome.variant: sheet_path(runs / outcome.folder, measure.name) for outcome in firsts}
    return [
        Picture.read(path, f"{measure.title}: {name}" if len(variants) > 1 else measure.title)
        for name, path in places.items()
        if path.is_file()
    ]


def _lines(
    name: str, colour: int, about: MeasureChart, figure: str, outcomes: Sequence[Outcome]
) -> list[ChartLine]:
    taken = [
        [reading for reading in outcome.readings.get(about.measure, ()) if figure in reading.figures]
        for outcome in outcomes
    ]
    seeds = [
        [(float(one.at), one.figures[figure]) for one in readings if not isinstance(one.at, str)]
        for readings in taken
    ]
    seeds = [points for points in seeds if points]
    levels = [one.figures[figure] for readings in taken for one in readings if isinstance(one.at, str)]
    if not seeds:
        return []
    across = (min(x for x, _ in seeds[0]), max(x for x, _ in seeds[0]))
    pale = [ChartLine(name, [(x, level) for x in across], colour, faint=True) for level in levels]
    drawn = seeds_and_mean(name, colour, seeds)
    dots = [ChartLine(name, [point], colour) for point in drawn[-1].points]  # where it was measured
    return [*pale, *drawn, *dots]


def _place(reading: Reading) -> str:
    return reading.at if isinstance(reading.at, str) else f"{reading.at:g}"


def _cell(reading: Reading, figure: str) -> str:
    value = reading.figures.get(figure)
    if value is None:
        return ""
    if abs(value) >= 1000 or (abs(value) > 1 and value.is_integer()):
        return f"{value:,.0f}"
    return f"{value:.3f}" if not value or abs(value) >= 0.01 else f"{value:.2g}"
