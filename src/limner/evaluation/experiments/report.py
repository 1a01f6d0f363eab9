"""The report of an experiment: a page, the same in Markdown, and all figures as JSON."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from typing import Any

import torch

from limner._version import __version__
from limner.evaluation.experiments.measurement_report import (
    measure_sheets,
    measurements_chart,
    measurements_table,
)
from limner.evaluation.experiments.plan import Claim, Experiment
from limner.evaluation.experiments.results import Curves, ExperimentResults, VariantResult
from limner.evaluation.experiments.run import RUNS
from limner.evaluation.experiments.training_report import LEGEND, Row, curves_chart, row_of, trainings_table
from limner.files import write_text
from limner.render.page import Picture, Table, page, section
from limner.training.run_folder import last_sheet

PAGE, TEXT, FIGURES = "index.html", "report.md", "results.json"
VERDICTS = {True: "holds", False: "fails", None: "open"}
WORDS = {True: "It held.", False: "It did not hold.", None: "This run cannot tell."}


def write_report(experiment: Experiment, results: ExperimentResults, out: Path, command: str) -> list[Claim]:
    """Judge the claims and write ``index.html``, ``report.md`` and ``results.json``.

    Parameters
    ----------
    experiment : Experiment
    results : ExperimentResults
    out : Path
        Gets a folder of the experiment's name; its runs lie in ``runs``.
    command : str
        The command line, which the report quotes.

    Returns
    -------
    list of Claim
    """
    report = _Report.of(experiment, results, out / RUNS, command)
    folder = out / experiment.name
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / PAGE, report.html())
    write_text(folder / TEXT, report.markdown())
    write_text(folder / FIGURES, json.dumps(report.figures(), indent=1) + "\n")
    return list(report.claims)


@dataclass(frozen=True)
class _Report:
    """The content of all three files."""

    experiment: Experiment
    results: ExperimentResults
    runs: Path
    command: str
    claims: Sequence[Claim]
    rows: Sequence[Row]
    tables: Mapping[str, Table]
    """Tables of the measures, by their titles."""

    @classmethod
    def of(cls, experiment: Experiment, results: ExperimentResults, runs: Path, command: str) -> _Report:
        there = [variant.name for variant in experiment.variants if results.of(variant.name)]
        return cls(
            experiment,
            results,
            runs,
            command,
            claims=list(experiment.claims(results)),
            rows=[row_of(name, results) for name in there],
            tables={m.title: measurements_table(m, there, results) for m in experiment.measures},
        )

    @property
    def names(self) -> list[str]:
        return [row.variant for row in self.rows]

    def html(self) -> str:
        own, results = self.experiment, self.results
        measured = [
            f"<h3>{escape(title)}</h3>\n{table.html()}" for title, table in self.tables.items()
        ]  # fmt: skip
        pictures = [p for m in own.measures for p in measure_sheets(m, self.names, results, self.runs)]
        charts = [measurements_chart(chart, self.names, results) for chart in own.measure_charts]
        parts = [
            f'<p class="soft">limner experiment {escape(own.name)}</p>',
            f"<h1>{escape(own.question)}</h1>\n<p>{escape(own.about)}</p>",
            claims_html(self.claims),
            section("What was measured", "Of the best weights of each training.", [*charts, *measured]),
            section("Curves", _SEEDS, [curves_chart(chart, results) for chart in own.charts]),
            section("Figures", "", [trainings_table(self.rows).html()]),
            f'<p class="soft">{escape(LEGEND)}</p>',
            section("Drawings", _SHEETS, [picture.html() for picture in [*pictures, *self._sheets()]]),
            section("How to run it again", "", [f"<pre>{escape(self.command)}</pre>"]),
            f'<p class="soft">{escape(_setting(results))}</p>',
        ]
        return page(f"limner experiment: {own.name}", parts)

    def markdown(self) -> str:
        lines = [f"# {self.experiment.question}", "", self.experiment.about, "", "    " + self.command, ""]
        lines += claims_lines(self.claims)
        for title, table in self.tables.items():
            lines += ["", f"{title}:", "", table.markdown()]
        lines += ["", trainings_table(self.rows).markdown(), "", LEGEND, "", _setting(self.results), ""]
        return "\n".join(lines)

    def figures(self) -> dict[str, Any]:
        return {
            "experiment": self.experiment.name,
            "claims": [asdict(claim) for claim in self.claims],
            "variants": [asdict(row) for row in self.rows],
            "trainings": [_training(training) for training in self.results.trainings],
        }

    def _sheets(self) -> list[Picture]:
        """Return the last sheet of the first seed of each variant."""
        sheets = []
        for name in self.names:
            training = self.results.of(name)[0]
            sheet = last_sheet(self.runs / training.folder)
            sheets += [] if sheet is None else [Picture.read(sheet, f"{name}, seed {training.seed}")]
        return sheets


_SEEDS = "The mean over seeds, with the seeds behind it."
_SHEETS = (
    "Of the first seed: what was measured, if it can be seen; and the last sheet of each training, with "
    "drawings it never saw, the same redrawn, and samples."
)


def claims_html(claims: Sequence[Claim]) -> str:
    """Return claims and what was found as a list in HTML."""
    return "\n".join(['<ol class="claims">', *map(_claim, claims), "</ol>"])


def claims_lines(claims: Sequence[Claim]) -> list[str]:
    """Return claims and what was found as lines of Markdown."""
    return [
        line for claim in claims for line in (f"- {claim.text}", f"  **{WORDS[claim.holds]}** {claim.found}")
    ]


def _claim(claim: Claim) -> str:
    kind, words = VERDICTS[claim.holds], WORDS[claim.holds]
    return (
        f'<li class="{kind}"><p>{escape(claim.text)}</p>'
        f'<p class="soft"><b>{words}</b> {escape(claim.found)}</p></li>'
    )


def _setting(results: ExperimentResults) -> str:
    first = results.trainings[0]
    return (
        f"limner {__version__}, torch {torch.__version__} on {platform.machine()}, {torch.get_num_threads()} "
        f"threads; N_max {first.n_max}, scale factor {first.scale_factor:.4f} (of the first training)."
    )


def _training(training: VariantResult) -> dict[str, Any]:
    curves: Curves = training.curves
    return {
        "variant": training.variant,
        "seed": training.seed,
        "run": f"{RUNS}/{training.folder}",
        "parameters": training.parameters,
        "n_max": training.n_max,
        "scale_factor": training.scale_factor,
        "seconds": training.seconds,
        "steps": curves.steps,
        "spikes": curves.spikes,
        "least": {
            name: s.minimum for name, s in curves.columns.items() if name.startswith("valid") and len(s)
        },
        "measured": {
            name: [asdict(measurement) for measurement in measurements]
            for name, measurements in training.measurements.items()
        },
    }
