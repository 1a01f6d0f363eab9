"""Measurements of finished trainings: taken once of the best weights, and kept in the run's folder."""

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
class Reading:
    """Figures that were taken at one place: a temperature, a length of drawings, a kind of drawings."""

    at: float | str
    """A number, which a chart has as its x, or a name: what the numbers are to be compared with."""
    figures: Mapping[str, float]
    """By name; those that could not be taken are missing."""


@dataclass(frozen=True)
class Sheet:
    """Drawings that show what was measured."""

    drawings: Sequence[Drawing]
    columns: int
    row_headings: Sequence[str]


@dataclass(frozen=True)
class Finding:
    """What a measure finds."""

    readings: tuple[Reading, ...]
    sheet: Sheet | None = None


@dataclass(frozen=True)
class Finished:
    """A finished training: its best weights, and the drawings that it learnt from."""

    model: Model
    corpus: Corpus


class Measure(Protocol):
    """A way to measure finished trainings."""

    @property
    def name(self) -> str:
        """Name it in a word, as its file in the run's folder."""

    @property
    def title(self) -> str:
        """Say in a sentence what is measured of what."""

    def basis(self) -> dict[str, Any]:
        """Give what the figures depend on beside weights and corpus, such as a protocol's version."""

    def take(self, finished: Finished) -> Finding:
        """Measure."""


def readings_of(measure: Measure, run: Path, finished: Finished) -> tuple[Reading, ...]:
    """Measure, unless the run's folder holds what was found of the same weights in the same way.

    Parameters
    ----------
    measure : Measure
    run : Path
        The run's folder.
    finished : Finished
    """
    basis = {"step": finished.model.card.training.get("step"), **measure.basis()}
    path = run / FOLDER / f"{measure.name}.json"
    kept = _kept(path, basis)
    if kept is not None:
        return kept
    found = measure.take(finished)
    if found.sheet is not None:
        _write_sheet(found.sheet, sheet_path(run, measure.name))
    readings = [{"at": one.at, "figures": dict(one.figures)} for one in found.readings]
    write_text(path, json.dumps({"basis": basis, "readings": readings}, indent=1, allow_nan=False) + "\n")
    return found.readings


def sheet_path(run: Path, measure: str) -> Path:
    """Say where the sheet of a measure stands, if it has one."""
    return run / FOLDER / f"{measure}.png"


def _kept(path: Path, basis: dict[str, Any]) -> tuple[Reading, ...] | None:
    """Read what was found before; None if that was another thing, or the file is damaged."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if values["basis"] != json.loads(json.dumps(basis)):
            return None
        return tuple(Reading(one["at"], dict(one["figures"])) for one in values["readings"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write_sheet(sheet: Sheet, path: Path) -> None:
    write_drawings(sheet.drawings, path, style=STYLE, columns=sheet.columns, row_headings=sheet.row_headings)
