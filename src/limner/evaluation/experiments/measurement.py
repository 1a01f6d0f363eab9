"""Measurements of finished trainings, taken once of the best weights and kept in the run's folder."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from limner.corpus.corpus import Corpus
from limner.files import write_text
from limner.render.style import Style
from limner.render.write import write_drawings
from limner.sampling.model import Model
from limner.strokes.drawing import Drawing

FOLDER = "measures"
STYLE = Style(stroke_width=0.012, label_px=20)


@dataclass(frozen=True)
class Measurement:
    """Figures under one condition: at a temperature, of drawings of some length, of a kind of drawings."""

    at: float | str
    """The condition: a number, the x of a chart, or the name of a reference that crosses the chart as a
    line."""
    figures: Mapping[str, float]
    """By name; a figure that does not apply is missing."""


@dataclass(frozen=True)
class MeasureSheet:
    """Drawings that illustrate a measurement."""

    drawings: Sequence[Drawing]
    columns: int
    row_headings: Sequence[str]


@dataclass(frozen=True)
class MeasureResult:
    """Measurements of one training, and drawings that illustrate them."""

    measurements: tuple[Measurement, ...]
    sheet: MeasureSheet | None = None


@dataclass(frozen=True)
class FinishedTraining:
    """A finished training: the model of its best weights, and its corpus."""

    model: Model
    corpus: Corpus


class Measure(Protocol):
    """Something that is measured of finished trainings."""

    @property
    def name(self) -> str:
        """One word, also the name of its file in the run's folder."""

    @property
    def title(self) -> str:
        """What is measured of what, as the heading of a table."""

    def basis(self) -> dict[str, Any]:
        """Return what the figures depend on besides weights and corpus, as JSON holds it."""

    def take(self, finished: FinishedTraining) -> MeasureResult:
        """Measure a training."""


def take_measurements(measure: Measure, run: Path, finished: FinishedTraining) -> tuple[Measurement, ...]:
    """Measure a training, or read earlier measurements of the same weights on the same basis.

    Parameters
    ----------
    measure : Measure
    run : Path
        The run's folder.
    finished : FinishedTraining
    """
    basis = {"step": finished.model.card.training.get("step"), **measure.basis()}
    path = run / FOLDER / f"{measure.name}.json"
    kept = _read_kept(path, basis)
    if kept is not None:
        return kept
    result = measure.take(finished)
    if result.sheet is not None:
        _write_sheet(result.sheet, sheet_path(run, measure.name))
    rows = [{"at": one.at, "figures": dict(one.figures)} for one in result.measurements]
    write_text(path, json.dumps({"basis": basis, "readings": rows}, indent=1, allow_nan=False) + "\n")
    return result.measurements


def sheet_path(run: Path, measure: str) -> Path:
    """Return the path of a measure's sheet, whether or not it has one."""
    return run / FOLDER / f"{measure}.png"


def _read_kept(path: Path, basis: dict[str, Any]) -> tuple[Measurement, ...] | None:
    """Read earlier measurements; None if they have another basis, or the file is missing or damaged."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if values["basis"] != json.loads(json.dumps(basis)):
            return None
        return tuple(Measurement(one["at"], dict(one["figures"])) for one in values["readings"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write_sheet(sheet: MeasureSheet, path: Path) -> None:
    write_drawings(sheet.drawings, path, style=STYLE, columns=sheet.columns, row_headings=sheet.row_headings)
