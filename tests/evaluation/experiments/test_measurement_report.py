"""Measurements in tables and charts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from tests.evaluation.experiments.conftest import training

from limner.evaluation.experiments.measurement import FinishedTraining, Measurement, MeasureResult, sheet_path
from limner.evaluation.experiments.measurement_report import (
    measure_sheets,
    measurements_chart,
    measurements_table,
)
from limner.evaluation.experiments.plan import MeasureChart
from limner.evaluation.experiments.results import ExperimentResults


@dataclass(frozen=True)
class Width:
    """A measure that is not asked."""

    name: str = "width"
    title: str = "How wide"

    def basis(self) -> dict[str, Any]:
        raise AssertionError

    def take(self, finished: FinishedTraining) -> MeasureResult:
        raise AssertionError(finished)


def _readings(shift: float) -> dict[str, tuple[Measurement, ...]]:
    return {
        "width": (
            Measurement(0.5, {"low": shift, "high": 2000.0}),
            Measurement(1.0, {"low": shift + 2}),
            Measurement("real", {"low": 0.0012}),
        )
    }


RESULTS = ExperimentResults(
    (training("a", 1, _readings(1)), training("a", 2, _readings(2)), training("b")), {}
)


def test_tables_show_means_and_leave_out_what_was_not_taken() -> None:
    table = measurements_table(Width(), ["a"], RESULTS)
    assert table.headings == ["width", "low", "high"]
    assert table.rows == [["0.5", "1.500", "2,000"], ["1", "3.500", ""], ["real", "0.0012", ""]]
    both = measurements_table(Width(), ["a", "b"], RESULTS)
    assert [row[0] for row in both.rows] == ["a", "a", "a"]


def _lines(figures: tuple[str, ...], variants: list[str]) -> list[str]:
    about = MeasureChart("width", figures, "Width", "metres")
    drawn = measurements_chart(about, variants, RESULTS).partition("<svg")[2].partition("</svg>")[0]
    root = ElementTree.fromstring(f"<svg{drawn}</svg>")
    kinds = (".//{*}polyline", ".//{*}circle")
    return [element.get("class", "") for kind in kinds for element in root.findall(kind)]


def test_charts_have_seeds_their_mean_and_what_real_drawings_reach() -> None:
    pale, mean = "c0 faint", "c0"
    lines = [pale, pale, pale, pale, mean]  # a level and a line for each seed
    assert _lines(("low",), ["a"]) == [*lines, mean, mean]  # and a dot at each place
    assert _lines(("low", "high"), ["a", "b"])[:5] == lines
    assert measurements_chart(MeasureChart("width", ("low",), "Width", "m"), ["b"], RESULTS) == ""


def test_sheets_that_there_are(tmp_path: Path) -> None:
    assert measure_sheets(Width(), ["a", "b"], RESULTS, tmp_path) == []
    place = sheet_path(tmp_path / "a-1", "width")
    place.parent.mkdir(parents=True)
    place.write_bytes(b"a")
    (picture,) = measure_sheets(Width(), ["a", "b"], RESULTS, tmp_path)
    assert (picture.png, picture.caption) == (b"a", "How wide: a")
