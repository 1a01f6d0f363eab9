"""What an experiment found: a page, the same in Markdown, and all figures as JSON."""

from __future__ import annotations

import base64
import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from string import Template
from typing import Any

import numpy as np
import torch

from limner import __version__
from limner.evaluation.experiments.plan import Chart, Claim, Experiment
from limner.evaluation.experiments.results import Curves, Outcome, Results
from limner.evaluation.experiments.run import RUNS
from limner.files import write_text
from limner.render.chart import Line, line_chart

TEMPLATE = Path(__file__).with_name("report.html")
PAGE, TEXT, FIGURES = "index.html", "report.md", "results.json"
CLIP = 0.05
"""Share of the highest points that may leave a chart: the first steps would flatten all else."""
LEGEND = (
    "L_R, L_KL and NLL are of the valid split with z = mu: L_R by the training's convention, divided by "
    "N_max; NLL per point is offsets, pen and one end row of a drawing over its points, in nats and model "
    "units (add 2 log of the scale factor for those of the corpus). Each is the smallest of its own curve. "
    "Spikes are steps whose training cost lies eight robust deviations above the median of fifty steps on "
    "either side."
)
VERDICTS = {True: "holds", False: "fails", None: "open"}
WORDS = {True: "It held.", False: "It did not hold.", None: "This run cannot tell."}


@dataclass(frozen=True)
class Row:
    """A line of the table: the means over the seeds of a variant."""

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
    """Largest minus smallest over the seeds."""
    lift_recall: float
    spikes: float
    seconds_per_step: float | None


def write_report(experiment: Experiment, results: Results, out: Path, command: str) -> list[Claim]:
    """Judge the claims and write ``index.html``, ``report.md`` and ``results.json``.

    Parameters
    ----------
    experiment : Experiment
    results : Results
    out : Path
        The experiment's folder; its runs lie in ``runs``.
    command : str
        What was typed.

    Returns
    -------
    list of Claim
    """
    claims = list(experiment.claims(results))
    rows = [row_of(variant.name, results) for variant in experiment.variants if results.of(variant.name)]
    setting = _setting(results)
    folder = out / experiment.name
    folder.mkdir(parents=True, exist_ok=True)
    page = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        name=escape(experiment.name),
        question=escape(experiment.question),
        about=escape(experiment.about),
        claims="\n".join(map(_claim, claims)),
        charts="\n".join(_figure(chart, results) for chart in experiment.charts),
        table=_html_table(rows),
        legend=escape(LEGEND),
        sheets="\n".join(_sheets(results, out / RUNS)),
        command=escape(command),
        setting=escape(setting),
    )
    write_text(folder / PAGE, page)
    write_text(folder / TEXT, _markdown(experiment, claims, rows, command, setting))
    write_text(folder / FIGURES, json.dumps(_figures(experiment, claims, rows, results), indent=1) + "\n")
    return claims


def row_of(variant: str, results: Results) -> Row:
    """Average the figures of a variant over its seeds."""
    outcomes = results.of(variant)
    nll = results.each(variant, lambda curves: curves["valid_nll_per_point"].least)

    def least(column: str) -> float:
        return results.mean(variant, lambda curves: curves[column].least)

    return Row(
        variant=variant,
        seeds=len(outcomes),
        parameters=outcomes[0].parameters,
        steps=min(outcome.curves.steps for outcome in outcomes),
        best_step=results.mean(variant, lambda curves: curves["valid_cost"].step_of_least),
        valid_cost=least("valid_cost"),
        valid_L_R=least("valid_L_R"),
        valid_L_KL=results.mean(variant, lambda curves: curves["valid_L_KL"].last),
        nll_per_point=float(np.mean(nll)),
        nll_spread=max(nll) - min(nll),
        lift_recall=results.mean(variant, lambda curves: curves["valid_lift_recall"].last),
        spikes=results.mean(variant, lambda curves: curves.spikes),
        seconds_per_step=results.paces.get(variant),
    )


def _claim(claim: Claim) -> str:
    kind, words = VERDICTS[claim.holds], WORDS[claim.holds]
    return (
        f'<li class="{kind}"><p>{escape(claim.text)}</p>'
        f'<p class="soft"><b>{words}</b> {escape(claim.found)}</p></li>'
    )


def _figure(chart: Chart, results: Results) -> str:
    names = chart.variants or tuple(dict.fromkeys(outcome.variant for outcome in results.outcomes))
    lines: list[Line] = []
    for colour, name in enumerate(names):
        curves = [outcome.curves[chart.column] for outcome in results.of(name)]
        shown = [list(zip(c.steps.tolist(), c.values.tolist(), strict=True)) for c in curves]
        lines += [Line(name, points, colour, faint=True) for points in shown] if len(shown) > 1 else []
        lines.append(Line(name, mean_line(shown), colour))
    drawn = line_chart(lines, name=chart.title, clip=CLIP)
    return f"<figure><figcaption>{escape(chart.title)}</figcaption>{drawn}</figure>"


def mean_line(lines: Sequence[Sequence[tuple[float, float]]]) -> list[tuple[float, float]]:
    """Average several lines over the steps that all of them have."""
    by_step = [dict(line) for line in lines]
    common = sorted(set(by_step[0]).intersection(*by_step[1:]))
    return [(step, float(np.mean([line[step] for line in by_step]))) for step in common]


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


def _cells(row: Row) -> list[str]:
    pace = "" if row.seconds_per_step is None else f"{row.seconds_per_step:.3f}"
    return [*(pattern.format(row) for pattern in COLUMNS.values()), pace]


def _headings() -> list[str]:
    return [*COLUMNS, "s/step"]


def _html_table(rows: Sequence[Row]) -> str:
    def line(tag: str, cells: Sequence[str]) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"

    body = "\n".join(line("td", _cells(row)) for row in rows)
    return f"<table>{line('th', _headings())}\n{body}</table>"


def _sheets(results: Results, runs: Path) -> list[str]:
    """Put the last sheet of the first seed of each variant into the page."""
    found = []
    for variant in dict.fromkeys(outcome.variant for outcome in results.outcomes):
        outcome = results.of(variant)[0]
        sheets = sorted((runs / outcome.folder / "samples").glob("step-*.png"))
        if sheets:
            data = base64.b64encode(sheets[-1].read_bytes()).decode("ascii")
            name = escape(f"{variant}, seed {outcome.seed}")
            picture = f'<img src="data:image/png;base64,{data}" alt="{name}">'
            found.append(f"<figure>{picture}<figcaption>{name}</figcaption></figure>")
    return found


def _setting(results: Results) -> str:
    first = results.outcomes[0]
    return (
        f"limner {__version__}, torch {torch.__version__} on {platform.machine()}, {torch.get_num_threads()} "
        f"threads; N_max {first.n_max}, scale factor {first.scale_factor:.4f} (of the first training)."
    )


def _markdown(
    experiment: Experiment, claims: Sequence[Claim], rows: Sequence[Row], command: str, setting: str
) -> str:
    lines = [f"# {experiment.question}", "", experiment.about, "", "    " + command, ""]
    for claim in claims:
        lines += [f"- {claim.text}", f"  **{WORDS[claim.holds]}** {claim.found}"]
    lines += ["", "| " + " | ".join(_headings()) + " |", "|" + " --- |" * len(_headings())]
    lines += ["| " + " | ".join(_cells(row)) + " |" for row in rows]
    return "\n".join([*lines, "", LEGEND, "", setting, ""])


def _figures(
    experiment: Experiment, claims: Sequence[Claim], rows: Sequence[Row], results: Results
) -> dict[str, Any]:
    return {
        "experiment": experiment.name,
        "claims": [asdict(claim) for claim in claims],
        "variants": [asdict(row) for row in rows],
        "trainings": [_training(outcome) for outcome in results.outcomes],
    }


def _training(outcome: Outcome) -> dict[str, Any]:
    curves: Curves = outcome.curves
    return {
        "variant": outcome.variant,
        "seed": outcome.seed,
        "run": f"{RUNS}/{outcome.folder}",
        "parameters": outcome.parameters,
        "n_max": outcome.n_max,
        "scale_factor": outcome.scale_factor,
        "seconds": outcome.seconds,
        "steps": curves.steps,
        "spikes": curves.spikes,
        "least": {name: s.least for name, s in curves.columns.items() if name.startswith("valid") and len(s)},
    }
